import { Injectable } from '@nestjs/common';
import { entityManagerOf, Transactions } from '@millrace/persistence';
import { MoreThan } from 'typeorm';
import { recount, type Recount } from '../domain/recount.js';
import { recordCounted } from './movement.sql.js';
import { StockEntity } from './stock.entity.js';
import { addSku, lockStock, setOnHand } from './stock.sql.js';

/** Stock per SKU. */
@Injectable()
export class StockStore {
  constructor(private readonly transactions: Transactions) {}

  /** At most `limit` SKUs after the given one, sorted bytewise. */
  page(after: string, limit: number): Promise<StockEntity[]> {
    return this.transactions.run((tx) =>
      entityManagerOf(tx).find(StockEntity, {
        where: { sku: MoreThan(after) },
        order: { sku: 'ASC' },
        take: limit,
      }),
    );
  }

  /** The stock of a SKU; null when it is unknown. */
  find(sku: string): Promise<StockEntity | null> {
    return this.transactions.run((tx) => entityManagerOf(tx).findOneBy(StockEntity, { sku }));
  }

  /** Sets the units on hand and makes an unknown SKU; changes nothing when they do not cover what is reserved. */
  recount(sku: string, onHand: number, now: Date): Promise<Recount & { readonly created: boolean }> {
    return this.transactions.run(async (tx) => {
      const created = await addSku(tx, sku);
      const [level] = await lockStock(tx, [sku]);
      const result = recount(level ?? { sku, onHand: 0, reserved: 0, backorderLimit: 0 }, onHand);
      if (result.accepted && (created || result.change !== 0)) {
        await setOnHand(tx, sku, onHand);
        await recordCounted(tx, sku, result.change, now);
      }
      return { ...result, created };
    });
  }
}
