import { setTimeout as pause } from 'node:timers/promises';
import type { LocalStack } from '@millrace/stack';
import type { BenchDatabase } from '../watch/bench-database.js';
import { PARTITIONS } from '../drain/drain-race.js';
import { BenchError } from '../harness/bench.error.js';
import { cpuText, cpuTimes } from '../watch/cpu-time.js';
import { profileProcess } from '../watch/remote-profile.js';
import { commitsOf, commonSpan, rateWithin, type Commits } from './commit-times.js';
import type { DrainSide } from './drain-side.js';
import { clearEffects, verifyEffects, type Member } from './service-tables.js';

const DRAINS_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 250;

/** What a drain came to. */
export interface Drained {
  /** Events per second by service, while all of the services were at work. */
  readonly rates: Readonly<Record<string, number>>;
  /** Where the time went, in a few words. */
  readonly where: string;
}

/** Whom a drain is run with, and whether a consumer is profiled meanwhile. */
export interface DrainOrder {
  readonly services: readonly string[];
  /** Events that wait on each partition. */
  readonly perPartition: number;
  /** File for a CPU profile of the first service. */
  readonly profile?: string;
}

/** Lets sides drain their backlogs one after the other. */
export class DrainRun {
  constructor(
    private readonly stack: LocalStack,
    private readonly database: BenchDatabase,
  ) {}

  /**
   * Drains a side's backlog through the consumers of some services. The rate comes from Postgres' commit
   * timestamps afterwards, so that nobody counts meanwhile. Throws `BenchError` INCORRECT when an effect is missing
   * or happened twice.
   */
  async run(side: DrainSide, { services, perPartition, profile }: DrainOrder): Promise<Drained> {
    const members = side.members(services);
    await this.prepare(side, members, perPartition);
    let where: string;
    try {
      await side.start(services);
      where = await this.watch(side, members, profile);
    } finally {
      await side.stop();
    }
    for (const member of members) await verifyEffects(this.database, member, perPartition * PARTITIONS);
    return { rates: await this.rates(members), where };
  }

  private async prepare(
    { backlog }: DrainSide,
    members: readonly Member[],
    perPartition: number,
  ): Promise<void> {
    for (const member of members) {
      await clearEffects(this.database, member);
      await backlog.rewind(member.group, perPartition);
    }
    await this.database.rows('CHECKPOINT');
  }

  private async watch(side: DrainSide, members: readonly Member[], profile?: string): Promise<string> {
    const { postgres, kafka } = this.stack.processes();
    const pids = { ...side.pids(), ...(postgres && { Postgres: postgres }), ...(kafka && { Kafka: kafka }) };
    const [startedAt, before] = [performance.now(), cpuTimes(pids)];
    const drained = untilDrained(side, members);
    const pid = Object.values(side.pids())[0];
    if (profile !== undefined && pid !== undefined) await profileProcess(pid, profile, drained);
    await drained;
    const cpu = cpuText(before, cpuTimes(pids), (performance.now() - startedAt) / 1_000);
    const remarks = await side.remarks();
    return remarks === '' ? `CPU ${cpu}` : `CPU ${cpu}; ${remarks}`;
  }

  private async rates(members: readonly Member[]): Promise<Record<string, number>> {
    const commits: Commits[] = [];
    for (const member of members) commits.push(await commitsOf(this.database, member));
    const span = commonSpan(commits);
    const rates: Record<string, number> = {};
    for (const member of members) rates[member.service] = await rateWithin(this.database, member, span);
    return rates;
  }
}

async function untilDrained({ backlog }: DrainSide, members: readonly Member[]): Promise<void> {
  const deadline = Date.now() + DRAINS_WITHIN_MS;
  for (const { group } of members) {
    while (!(await backlog.isDrained(group))) {
      if (Date.now() > deadline) {
        throw new BenchError(
          'INCORRECT',
          `${group} has not drained its backlog within ${DRAINS_WITHIN_MS / 1_000} s`,
        );
      }
      await pause(LOOK_EVERY_MS);
    }
  }
}
