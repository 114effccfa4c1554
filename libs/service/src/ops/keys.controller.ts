import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ConsumerStore, systemClock, type EndedBlock } from '@millrace/messaging';
import { access } from '../security/access.decorator.js';
import { answers, refuses } from '../http/openapi.decorators.js';
import { ProblemError } from '../http/problem.error.js';
import { validated } from '../http/validated.pipe.js';
import { ServiceRuntime } from '../module/service-runtime.js';
import { EndedBlocks, OrderingKey } from './keys.schema.js';

/** Lets operators end the block of a key whose head is dead; its owner takes it up at its next look. */
@ApiTags('operations')
@Controller('ops/keys')
export class KeysController {
  constructor(
    private readonly store: ConsumerStore,
    private readonly runtime: ServiceRuntime,
  ) {}

  /** The dead event stays dead, and may be replayed later; the events behind it go on without it. */
  @Post(':key/release')
  @access('ops')
  @HttpCode(200)
  @answers(200, EndedBlocks)
  @refuses(404, 422, 503)
  release(@Param('key', validated(OrderingKey)) key: string): Promise<{ items: readonly EndedBlock[] }> {
    return this.endBlock(key, 'release');
  }

  /** The dead event is resolved without an effect, for good; the events behind it go on. */
  @Post(':key/discard')
  @access('ops')
  @HttpCode(200)
  @answers(200, EndedBlocks)
  @refuses(404, 422, 503)
  discard(@Param('key', validated(OrderingKey)) key: string): Promise<{ items: readonly EndedBlock[] }> {
    return this.endBlock(key, 'discard');
  }

  private async endBlock(key: string, how: 'release' | 'discard'): Promise<{ items: readonly EndedBlock[] }> {
    const items = await this.store.endBlock(this.runtime.name, Buffer.from(key), how, systemClock.now());
    if (items.length > 0) return { items };
    throw new ProblemError({
      status: 404,
      code: 'key-not-blocked',
      title: 'Not found',
      detail:
        'No dead event blocks this key here: nothing of it failed, it still waits for an attempt, or the block has ended.',
    });
  }
}
