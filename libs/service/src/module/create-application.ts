import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readiness } from '../health/readiness.js';
import { fastifyServer } from '../http/fastify-server.js';
import { guardRequests } from '../security/request-guard.js';
import { describeApi } from './describe-api.js';
import { NestLogger } from './nest-logger.js';
import { ServiceRuntime } from './service-runtime.js';

/** Root of every application: brings runtime and readiness to all modules. */
@Module({})
class ApplicationModule {
  static of(service: Type | DynamicModule, runtime: ServiceRuntime, readiness: Readiness): DynamicModule {
    return {
      module: ApplicationModule,
      global: true,
      imports: [service],
      providers: [
        { provide: ServiceRuntime, useValue: runtime },
        { provide: Readiness, useValue: readiness },
      ],
      exports: [ServiceRuntime, Readiness],
    };
  }
}

/**
 * Makes the Nest application of a service with the fleet's HTTP rules, not yet initialised: tests call `init()` and
 * `inject()`, `runService` connects the consumer and listens. Errors of its providers are thrown.
 */
export async function createApplication(
  service: Type | DynamicModule,
  runtime: ServiceRuntime,
): Promise<NestFastifyApplication> {
  const readiness = new Readiness();
  const { security } = runtime.config;
  const app = await NestFactory.create<NestFastifyApplication>(
    ApplicationModule.of(service, runtime, readiness),
    fastifyServer(() => readiness.closing, {
      trustedProxies: security.trustedProxies,
      guard: (server) => guardRequests(server, runtime.name, security),
    }),
    { logger: new NestLogger(), bodyParser: false, abortOnError: false },
  );
  describeApi(app, runtime.name);
  return app;
}
