import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Transactions } from '@millrace/persistence';
import type { RulesetSpec } from '../domain/rules/rule-spec.js';
import { Rulesets } from './rulesets.js';

/** A rule set that judges or has judged. */
export interface KnownRuleset {
  readonly hash: string;
  readonly spec: RulesetSpec;
  readonly firstUsedAt: Date;
}

const KEEP = `
  INSERT INTO ruleset (hash, spec, first_used_at)
  SELECT given.hash, given.spec::jsonb, $3 FROM unnest($1::text[], $2::text[]) AS given (hash, spec)
   ORDER BY given.hash
  ON CONFLICT (hash) DO NOTHING`;

const FIND = `SELECT hash, spec, first_used_at AS "firstUsedAt" FROM ruleset WHERE hash = $1`;

/** Keeps every rule set under its hash, so that an old decision can be explained when its file is long gone. */
@Injectable()
export class RulesetStore implements OnApplicationBootstrap {
  constructor(
    private readonly transactions: Transactions,
    private readonly rulesets: Rulesets,
  ) {}

  /** Before the first decision: the consumer starts after the bootstrap. */
  async onApplicationBootstrap(): Promise<void> {
    const { live, shadows } = this.rulesets;
    const used = [...new Map([live, ...shadows].map((ruleset) => [ruleset.hash, ruleset])).values()];
    await this.transactions.read(KEEP, [
      used.map(({ hash }) => hash),
      used.map(({ spec }) => JSON.stringify(spec)),
      new Date(),
    ]);
  }

  /** The rule set of that hash; undefined when it never judged here. */
  async find(hash: string): Promise<KnownRuleset | undefined> {
    const [found] = await this.transactions.read<KnownRuleset>(FIND, [hash]);
    return found;
  }
}
