import { appRole } from '@millrace/contracts';
import { SERVICE_NODE_OPTIONS, type LocalStack } from '@millrace/stack';
import { Companion } from '../harness/companion.js';
import type { PlainConsumerTask } from '../peers/plain-consumer.js';
import type { DrainSide } from './drain-side.js';
import type { EffectBacklog } from './effect-backlog.js';
import { ourMembers, type Member } from './service-tables.js';

/** A program that drains into the tables of a service of ours, without our runtime. */
export interface PlainConsumerProgram {
  readonly program: URL;
  /** Service whose role and tables it uses. */
  readonly service: string;
  /** What its process is called in the table. */
  readonly label: string;
}

/** Statements and tables of a service of ours in a plain loop of kafkajs. */
export class PlainConsumerSide implements DrainSide {
  private running: Companion | undefined;

  constructor(
    private readonly stack: LocalStack,
    readonly backlog: EffectBacklog,
    private readonly consumer: PlainConsumerProgram,
  ) {}

  members(services: readonly string[]): readonly Member[] {
    return ourMembers(services);
  }

  async start(): Promise<void> {
    const { program, service } = this.consumer;
    const task: PlainConsumerTask = {
      kafka: this.stack.kafka,
      database: this.stack.urlFor(appRole(service)),
    };
    this.running = await Companion.start({ program, nodeOptions: SERVICE_NODE_OPTIONS }, task);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  pids(): Readonly<Record<string, number>> {
    const pid = this.running?.pid;
    return pid === undefined ? {} : { [this.consumer.label]: pid };
  }

  async remarks(): Promise<string> {
    return '';
  }
}
