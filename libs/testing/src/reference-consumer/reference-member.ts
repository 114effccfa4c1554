import type { ConsumerCondition, ReplayReport } from '@millrace/messaging';
import { eventually, type Deadline } from '../eventually.js';
import { FaultyProgram } from '../faults/faulty-program.js';

/** What a member tells of itself. */
export type MemberCondition = Omit<ConsumerCondition, 'heartbeatAgeMs' | 'fetchAgeMs'>;

/** A process that runs the reference consumer. */
export class ReferenceMember extends FaultyProgram {
  /** How it stands, as it told last; undefined before it listens. */
  condition(): MemberCondition | undefined {
    return this.latest('condition')?.['condition'] as MemberCondition | undefined;
  }

  /** What would end the process, or what made its stop unclean. */
  failure(): unknown {
    return this.latest('fatal')?.['fatal'] ?? this.latest('unclean')?.['unclean'];
  }

  /** Waits until it has joined with at least that many partitions. */
  async joins(partitions = 1, deadline?: Deadline): Promise<void> {
    await eventually(() => {
      const now = this.condition();
      if (now?.joined && now.partitions >= partitions) return;
      throw new Error(`has not joined: ${JSON.stringify(now)} ${this.output().slice(-2_000)}`);
    }, deadline);
  }

  /** Its metrics in Prometheus' text format. */
  async metrics(): Promise<string> {
    const port = await eventually(() => {
      const told = this.latest('metrics')?.['metrics'];
      if (typeof told !== 'number') throw new Error('has not told where its metrics are');
      return told;
    });
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } });
    return answer.text();
  }

  /** Has it replay what its environment says and gives the report; rejects when it ends or fails before. */
  async replay(deadline?: Deadline): Promise<ReplayReport> {
    const before = this.lines('replay').length;
    this.signal('SIGUSR2');
    const told = await eventually(() => {
      const line = this.lines('replay')[before];
      if (line || !this.lives) return line;
      throw new Error('the replay has not ended');
    }, deadline);
    if (!told) throw new Error('the process is dead');
    if (!told['replay']) throw new Error(`the replay failed: ${JSON.stringify(told['error'])}`);
    return told['replay'] as ReplayReport;
  }

  /** Ends it as an orchestrator does and tells its exit code, or the signal that ended it. */
  stop(): Promise<number | NodeJS.Signals> {
    this.signal('SIGTERM');
    return this.end();
  }

  /** Ends it with SIGKILL, frozen or not. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.end();
  }

  /** Stops its clock: neither heartbeat nor query goes out until `thaw`. */
  freeze(): void {
    this.signal('SIGSTOP');
  }

  /** Lets it go on after `freeze`. */
  thaw(): void {
    this.signal('SIGCONT');
  }
}
