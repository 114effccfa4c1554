import { setTimeout as pause } from 'node:timers/promises';
import { BenchError } from '../harness/bench.error.js';
import type { Companion } from '../harness/companion.js';
import type { LagProbe } from './lag-probe.js';
import type { LoadQuestion, LoadReport, SampledOrder } from './load-task.js';

/** A rate is kept when at most that share of the looks finds a lag of a second or more, and none finds three. */
const MOST_LATE_LOOKS = 0.1;
const LATE_MS = 1_000;
const TOO_LATE_MS = 3_000;

const LOOK_EVERY_MS = 200;
/** A rate counts after that time: before, the step from the last one is felt. */
const SETTLE_MS = 1_000;
/** Share of the orders that must be accepted: who waits for an answer is part of the lag, but the source could be slow. */
const LEAST_SHARE = 0.9;
const CALM_WITHIN_MS = 60_000;

/** How a rate went. */
export interface Trial {
  readonly rate: number;
  readonly kept: boolean;
  /** In a few words why it was not kept; empty when it was. */
  readonly why: string;
  /** Orders accepted per second. */
  readonly accepted: number;
  /** Lags that were seen, in milliseconds. */
  readonly lags: readonly number[];
  readonly samples: readonly SampledOrder[];
}

/** Lets a fleet take orders at a rate for a while. */
export class Trials {
  constructor(
    private readonly load: Companion,
    private readonly probe: LagProbe,
  ) {}

  /** Lets processes that have just started find their pace. */
  async warmUp(rate: number, seconds: number): Promise<void> {
    const until = performance.now() + seconds * 1_000;
    while (performance.now() < until) {
      await this.probe.lag((await this.ask(rate)).samples);
      await pause(LOOK_EVERY_MS);
    }
    await this.calm();
  }

  /** Keeps a rate for so many seconds, or until it is clear that the fleet does not keep it. */
  async run(rate: number, seconds: number): Promise<Trial> {
    await this.ask(rate);
    await pause(SETTLE_MS);
    const settled = await this.look(rate);
    const [startedAt, looks] = [performance.now(), [settled]];
    const expected = (seconds * 1_000) / LOOK_EVERY_MS;
    while (!isClear(looks, expected) && performance.now() - startedAt < seconds * 1_000) {
      await pause(LOOK_EVERY_MS);
      looks.push(await this.look(rate));
    }
    const accepted = looks.slice(1).reduce((sum, look) => sum + look.accepted, 0);
    const perSecond = accepted / ((performance.now() - startedAt) / 1_000);
    const why = reasonOf(rate, looks, perSecond);
    if (why !== '') await this.calm();
    const samples = looks.flatMap((look) => look.samples);
    return { rate, kept: why === '', why, accepted: perSecond, lags: looks.map(({ lag }) => lag), samples };
  }

  /** Posts nothing and waits until every sampled order has its effects. */
  async calm(): Promise<void> {
    const deadline = Date.now() + CALM_WITHIN_MS;
    for (;;) {
      const { samples } = await this.ask(0);
      await this.probe.lag(samples);
      if (this.probe.idle) return;
      if (Date.now() > deadline) {
        throw new BenchError(
          'INCORRECT',
          `orders lack effects ${CALM_WITHIN_MS / 1_000} s after the last one`,
        );
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  private async look(rate: number): Promise<Look> {
    const report = await this.ask(rate);
    const lag = await this.probe.lag(report.samples);
    return { ...report, lag: Math.max(lag, report.waitingMs) };
  }

  private ask(rate: number): Promise<LoadReport> {
    const question: LoadQuestion = { rate };
    return this.load.ask<LoadReport>(question);
  }
}

interface Look extends LoadReport {
  readonly lag: number;
}

/** Whether a rate is already missed, whatever the rest of the expected looks will find. */
function isClear(looks: readonly Look[], expected: number): boolean {
  return looks.some(isTooLate) || looks.filter(isLate).length > MOST_LATE_LOOKS * expected;
}

function isTooLate({ lag, failed }: Look): boolean {
  return lag > TOO_LATE_MS || failed > 0;
}

function isLate({ lag }: Look): boolean {
  return lag >= LATE_MS;
}

/** In a few words why a rate was not kept; empty when it was. */
function reasonOf(rate: number, looks: readonly Look[], perSecond: number): string {
  const failed = looks.reduce((sum, look) => sum + look.failed, 0);
  const late = looks.filter(isLate).length / looks.length;
  if (failed > 0) return `${failed} orders were refused`;
  if (looks.some(isTooLate)) return 'the lag grew to three seconds';
  if (late > MOST_LATE_LOOKS) return `${(late * 100).toFixed(0)}% of the looks found a second or more`;
  return perSecond < rate * LEAST_SHARE ? `only ${perSecond.toFixed(0)}/s were accepted` : '';
}
