import { Controller, Get, HttpStatus, Param } from '@nestjs/common';
import { access, answers, notFound, refuses, validated } from '@millrace/service/http';
import type { Ruleset } from '../domain/ruleset.js';
import { RulesetStore } from '../rulesets/ruleset.store.js';
import { Rulesets } from '../rulesets/rulesets.js';
import { RulesetAnswer, RulesetHash, RulesetsAnswer } from './rulesets.schemas.js';

/** The rules that decide, now and then. */
@Controller('rulesets')
export class RulesetsController {
  constructor(
    private readonly rulesets: Rulesets,
    private readonly store: RulesetStore,
  ) {}

  /** The rule set in force and those in its shadow. */
  @Get()
  @access('read')
  @answers(HttpStatus.OK, RulesetsAnswer)
  current(): RulesetsAnswer {
    const named = ({ hash, spec }: Ruleset) => ({ hash, name: spec.name });
    return { live: named(this.rulesets.live), shadows: this.rulesets.shadows.map(named) };
  }

  /** A rule set by the hash that decisions carry, also one that is long out of force. */
  @Get(':hash')
  @access('read')
  @answers(HttpStatus.OK, RulesetAnswer)
  @refuses(404, 422, 503)
  async one(@Param('hash', validated(RulesetHash)) hash: string): Promise<RulesetAnswer> {
    const found = await this.store.find(hash);
    if (!found) throw notFound('ruleset', hash);
    return { hash, firstUsedAt: found.firstUsedAt.toISOString(), spec: found.spec };
  }
}
