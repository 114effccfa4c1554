import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { logger } from '@millrace/telemetry';
import { afterFailure } from '../domain/delivery.js';
import type { ClaimedNotification, Outcome, OutgoingStore } from '../store/outgoing.store.js';
import { DeliveryError, type MailTransport } from './mail-transport.js';
import { OutcomeWriter } from './outcome-writer.js';
import { Trouble } from './trouble.js';

/** How the sender works; times in milliseconds. */
export interface SenderOptions {
  /** Mails on their way at once. @default 8 */
  readonly lanes?: number;
  /** How often an idle sender looks for due mails. @default 100 */
  readonly pollMs?: number;
  /** Longest that one attempt may take; the lease of a claim is four times that. @default 10_000 */
  readonly deadlineMs?: number;
  /** Pause of a lane after it met no mail server. @default 500 */
  readonly pauseMs?: number;
}

/**
 * Sends what the ledger holds: claims due rows with a lease, sends outside any transaction, writes down the outcome.
 * Any number of senders share the work. One that dies leaves rows in `sending`, which are due again, and sent
 * again under the same message id, when their lease ends.
 */
export class Sender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly options: Required<SenderOptions>;
  private readonly stopping = new AbortController();
  private readonly outcomes: OutcomeWriter;
  private readonly database = new Trouble(logger('sender'), 'the ledger cannot be read, trying again');
  private readonly server = new Trouble(logger('sender'), 'the mail server is away, mails stay queued');
  private claimed: ClaimedNotification[] = [];
  private refilling: Promise<void> | undefined;
  private lanes: Promise<void>[] = [];

  constructor(
    private readonly outgoing: OutgoingStore,
    private readonly transport: MailTransport,
    options: SenderOptions = {},
  ) {
    this.options = { lanes: 8, pollMs: 100, deadlineMs: 10_000, pauseMs: 500, ...options };
    this.outcomes = new OutcomeWriter(outgoing, this.stopping.signal);
  }

  onApplicationBootstrap(): void {
    this.lanes = Array.from({ length: this.options.lanes }, () => this.lane());
  }

  /** Finishes what is being sent, gives back what is only claimed, closes the connections. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.lanes);
    const unsent = this.claimed.splice(0);
    // A failure here costs time, not mails: their lease ends by itself.
    if (unsent.length > 0) await this.outgoing.release(unsent).catch(() => undefined);
    this.transport.close();
  }

  private async lane(): Promise<void> {
    for (let mail = await this.next(); mail; mail = await this.next()) {
      const outcome = await this.attempt(mail);
      await this.outcomes.write(outcome);
      if (this.server.present) await this.pause(this.options.pauseMs);
    }
  }

  private async next(): Promise<ClaimedNotification | undefined> {
    while (!this.stopping.signal.aborted) {
      const mail = this.claimed.shift();
      if (mail) return mail;
      this.refilling ??= this.refill().finally(() => (this.refilling = undefined));
      await this.refilling;
    }
    return undefined;
  }

  /** Claims two mails per lane: with the slowest of servers the second still begins well within the lease. */
  private async refill(): Promise<void> {
    const { lanes, deadlineMs, pollMs } = this.options;
    try {
      this.claimed.push(...(await this.outgoing.claim(lanes * 2, deadlineMs * 4)));
      this.database.over();
      if (this.claimed.length === 0) await this.pause(pollMs);
    } catch (error) {
      this.database.met(error);
      await this.pause(pollMs * 5);
    }
  }

  private async attempt({ id, attempts, ...mail }: ClaimedNotification): Promise<Outcome> {
    try {
      await this.transport.send({ id, ...mail }, this.options.deadlineMs);
      this.server.over();
      return { id, attempts, state: 'sent' };
    } catch (error) {
      const failure = error instanceof DeliveryError ? error.failure : 'deferred';
      if (failure === 'unreachable') this.server.met(error);
      else this.server.over();
      const reason = error instanceof DeliveryError ? error.message : 'the mail cannot be made';
      return { id, attempts, ...afterFailure(failure, attempts), error: reason };
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
