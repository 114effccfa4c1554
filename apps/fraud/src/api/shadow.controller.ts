import { Controller, Get, HttpStatus, Query } from '@nestjs/common';
import { access, answers, ProblemError, queryOf, refuses, validated } from '@millrace/service/http';
import type { Static } from 'typebox';
import { Rulesets } from '../rulesets/rulesets.js';
import type { DifferenceRow } from '../shadow/shadow-assessment.sql.js';
import { ShadowStore } from '../shadow/shadow.store.js';
import { cursorReader, cursorText } from './cursor.js';
import { DifferencePlace, DifferencesAnswer, DifferencesQuery } from './rulesets.schemas.js';

const PAGE_DIFFERENCES = 50;
const placeOf = cursorReader(DifferencePlace);

/** What would change if the shadow were in force. */
@Controller('shadow')
export class ShadowController {
  constructor(
    private readonly rulesets: Rulesets,
    private readonly shadow: ShadowStore,
  ) {}

  /** Orders that a shadow rule set decided otherwise, oldest first; the first page also counts all outcomes. */
  @Get('differences')
  @access('read')
  @queryOf(DifferencesQuery)
  @answers(HttpStatus.OK, DifferencesAnswer)
  @refuses(404, 422, 503)
  async differences(
    @Query(validated(DifferencesQuery)) query: Static<typeof DifferencesQuery>,
  ): Promise<DifferencesAnswer> {
    const ruleset = query.ruleset ?? this.rulesets.shadows[0]?.hash;
    if (ruleset === undefined) throw noShadow();
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
    const { items, next } = await this.shadow.differences(ruleset, query.limit ?? PAGE_DIFFERENCES, after);
    const confusion = after === undefined ? await this.shadow.confusion(ruleset) : undefined;
    return {
      ruleset,
      ...(confusion === undefined ? {} : { confusion }),
      items: items.map(differenceAnswer),
      ...(next === undefined ? {} : { nextCursor: cursorText(next) }),
    };
  }
}

function differenceAnswer(row: DifferenceRow): DifferencesAnswer['items'][number] {
  const { orderId, score, hits, liveRulesetHash, decidedAt } = row;
  return {
    orderId,
    live: row.live,
    shadow: row.shadow,
    score,
    hits: [...hits],
    liveRuleset: liveRulesetHash,
    decidedAt: decidedAt.toISOString(),
  };
}

function noShadow(): ProblemError {
  return new ProblemError({
    status: HttpStatus.NOT_FOUND,
    code: 'no-shadow-ruleset',
    title: 'No rule set runs as a shadow',
    detail:
      'Name an earlier one with ?ruleset=<hash>, or start the service with FRAUD_SHADOW_RULESET_FILE=<file>.',
  });
}
