import { NestFactory } from '@nestjs/core';
import { Transactions } from '@millrace/persistence';
import type { CompleteConsumerOptions, ConsumerCondition } from '@millrace/messaging';
import type { ConsumerSubject } from './consumer-subject.js';
import type { HandlerPlan } from './handler-plan.js';
import type { ConformancePlace } from './place/conformance-place.js';
import { PlannedEventServer } from './planned-event-server.js';
import type { SubjectDatabase } from './subject-database.js';

/** What a member is made of. */
export interface MemberParts {
  readonly subject: ConsumerSubject;
  readonly database: SubjectDatabase;
  readonly place: ConformancePlace;
  readonly plan: HandlerPlan;
  readonly options: CompleteConsumerOptions;
}

type Microservice = Awaited<ReturnType<typeof NestFactory.createMicroservice>>;

/** What Nest makes a module of. */
class ConformanceModule {}

/** A member of the subject's group: Nest's own pipeline, the real runtime and the real store. */
export class ConformanceMember {
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly server: PlannedEventServer,
    private readonly app: Microservice,
    /** What ended it, as far as a runtime can end its process. */
    readonly fatal: readonly unknown[],
  ) {}

  /** Starts it; its join goes on when this returns. */
  static async start(parts: MemberParts): Promise<ConformanceMember> {
    const { subject, database, place, plan } = parts;
    const fatal: unknown[] = [];
    const server = new PlannedEventServer(
      {
        // Options with every default name a `deadHead`, which only ordering key may have.
        options: optionsOf(parts),
        broker: place.connect(),
        store: database.store,
        clock: place.clock,
        serviceVersion: '1.2.3',
        onFatal: (error) => fatal.push(error),
        ...(subject.services ? { services: subject.services } : {}),
      },
      plan,
    );
    const module = {
      module: ConformanceModule,
      controllers: [subject.consumer],
      providers: [...(subject.providers?.(new Transactions(database.dataSource)) ?? [])],
    };
    const app = await NestFactory.createMicroservice(module, {
      strategy: server,
      logger: false,
      abortOnError: false,
    });
    await app.listen();
    return new ConformanceMember(server, app, fatal);
  }

  condition(): ConsumerCondition {
    return this.server.condition();
  }

  /** Drains, commits and leaves the group. */
  stop(): Promise<void> {
    this.stopping ??= this.app.close();
    return this.stopping;
  }
}

function optionsOf({ options }: MemberParts) {
  const { deadHead, ...others } = options;
  return options.ordering === 'key' ? { ...others, deadHead } : others;
}
