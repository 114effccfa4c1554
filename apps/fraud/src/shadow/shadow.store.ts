import { Injectable } from '@nestjs/common';
import { Transactions } from '@millrace/persistence';
import { CONFUSION, DIFFERENCES, type ConfusionRow, type DifferenceRow } from './shadow-assessment.sql.js';

/** A page of differences; `next` is there when more follow. */
export interface DifferencePage {
  readonly items: readonly DifferenceRow[];
  readonly next?: string;
}

/** What shadow rule sets said beside the live one. */
@Injectable()
export class ShadowStore {
  constructor(private readonly transactions: Transactions) {}

  /** How often which outcome stood beside which. */
  confusion(rulesetHash: string): Promise<ConfusionRow[]> {
    return this.transactions.read<ConfusionRow>(CONFUSION, [rulesetHash]);
  }

  /** A page of orders that were decided otherwise, in the order in which they were decided. */
  async differences(rulesetHash: string, limit: number, after = '0'): Promise<DifferencePage> {
    const rows = await this.transactions.read<DifferenceRow>(DIFFERENCES, [rulesetHash, after, limit + 1]);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, ...(last ? { next: last.position } : {}) };
  }
}
