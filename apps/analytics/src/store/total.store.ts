import { Injectable } from '@nestjs/common';
import { entityManagerOf, Transactions } from '@millrace/persistence';
import { TotalEntity } from './total.entity.js';

/** Which totals are asked for; an absent field means all of them. */
export interface TotalFilter {
  readonly region?: string;
  readonly currency?: string;
}

/** Orders and revenue by region and currency. */
@Injectable()
export class TotalStore {
  constructor(private readonly transactions: Transactions) {}

  /** The totals that match, by region and currency, bytewise. */
  find({ region, currency }: TotalFilter): Promise<TotalEntity[]> {
    return this.transactions.run((tx) =>
      entityManagerOf(tx).find(TotalEntity, {
        where: { ...(region && { region }), ...(currency && { currency }) },
        order: { region: 'ASC', currency: 'ASC' },
      }),
    );
  }
}
