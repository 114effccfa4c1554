import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { METRICS_CONTENT_TYPE } from '@millrace/telemetry';
import type { FastifyReply } from 'fastify';
import { EventServers } from '../consumers/event-servers.js';
import { access } from '../security/access.decorator.js';
import { ServiceRuntime } from '../module/service-runtime.js';
import { Readiness, type ReadinessReport } from './readiness.js';

/** What orchestrators and Prometheus ask. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly servers: EventServers,
    private readonly runtime: ServiceRuntime,
  ) {}

  /** 503 only when a restart is the remedy: a consumer that claims to run but has long been silent. */
  @Get('health/live')
  @access('open')
  live(@Res({ passthrough: true }) reply: FastifyReply): { status: 'live' | 'stuck' } {
    const stuck = this.servers.stuck();
    if (stuck) void reply.code(503);
    return { status: stuck ? 'stuck' : 'live' };
  }

  /** 503 while the service should get no work. */
  @Get('health/ready')
  @access('open')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    if (report.status !== 'ready') void reply.code(503);
    return report;
  }

  /** All metrics in Prometheus' text format. */
  @Get('metrics')
  @access('metrics')
  @Header('content-type', METRICS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.runtime.telemetry.metricsText();
  }
}
