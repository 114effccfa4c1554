import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConsumerStore, type EventState, type EventStatus } from '@millrace/messaging';
import { access } from '../security/access.decorator.js';
import { answers, bodyOf, refuses } from '../http/openapi.decorators.js';
import { validated } from '../http/validated.pipe.js';
import { ServiceRuntime } from '../module/service-runtime.js';
import { EventAnswer, EventId, StatesAnswer, StatesQuestion } from './events.schema.js';

/** Tells operators and the reconciler what became of events in this service's group. */
@ApiTags('operations')
@Controller('ops/events')
export class EventsController {
  constructor(
    private readonly store: ConsumerStore,
    private readonly runtime: ServiceRuntime,
  ) {}

  /** Where one event stands; an event that was never seen is `unknown`. */
  @Get(':eventId')
  @access('ops')
  @answers(200, EventAnswer)
  @refuses(422, 503)
  async state(
    @Param('eventId', validated(EventId)) eventId: string,
  ): Promise<{ group: string } & EventStatus> {
    const group = this.runtime.name;
    const [status] = await this.store.statesOf(group, [eventId]);
    return { group, ...(status ?? { eventId, state: 'unknown' }) };
  }

  /** States of up to a thousand events. */
  @Post('states')
  @access('ops')
  @HttpCode(200)
  @bodyOf(StatesQuestion)
  @answers(200, StatesAnswer)
  @refuses(400, 413, 415, 422, 503)
  async states(
    @Body(validated(StatesQuestion)) { ids }: StatesQuestion,
  ): Promise<{ items: { eventId: string; state: EventState }[] }> {
    const states = await this.store.statesOf(this.runtime.name, ids);
    return { items: states.map(({ eventId, state }) => ({ eventId, state })) };
  }
}
