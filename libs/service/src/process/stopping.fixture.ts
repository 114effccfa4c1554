import {
  Controller,
  Get,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventServers } from '../consumers/event-servers.js';
import { runService } from '../index.js';
import { ServiceModule, ServiceRuntime } from '../module.js';

const say = (text: string) => process.stdout.write(`${text}\n`);

/** A service that tells the order in which it is taken apart; its capture slot says how it misbehaves. */
@Injectable()
class Witness implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  readonly answerSlowly = Promise.withResolvers<string>();

  constructor(
    private readonly modules: ModuleRef,
    private readonly runtime: ServiceRuntime,
  ) {}

  onModuleInit(): void {
    if (this.runtime.config.captureSlot === 'early') process.kill(process.pid, 'SIGTERM');
    this.modules.get(EventServers, { strict: false }).drain = async () => {
      say(`drain, ready answers ${await this.statusOfReady()}`);
      if (this.runtime.config.captureSlot === 'hang') await new Promise(() => undefined);
    };
    const { telemetry } = this.runtime;
    const flush = telemetry.shutdown.bind(telemetry);
    telemetry.shutdown = async () => {
      await flush();
      say('telemetry flushed');
    };
  }

  onModuleDestroy(): void {
    say('modules close');
    this.answerSlowly.resolve('in time');
  }

  async onApplicationShutdown(): Promise<void> {
    say(`shut down, ready answers ${await this.statusOfReady()}`);
  }

  private async statusOfReady(): Promise<number | string> {
    const url = `http://127.0.0.1:${this.runtime.config.port}/health/ready`;
    const answer = await fetch(url).catch(() => undefined);
    return answer?.status ?? 'nothing';
  }
}

@Controller('slow')
class SlowController {
  constructor(private readonly witness: Witness) {}

  @Get()
  async answer(): Promise<{ answered: string }> {
    say('slow request begins');
    return { answered: await this.witness.answerSlowly.promise };
  }
}

@Module({
  imports: [ServiceModule.forService({ name: 'witness', database: false })],
  controllers: [SlowController],
  providers: [Witness],
})
class WitnessModule {}

await runService({ name: 'witness', load: async () => WitnessModule });
