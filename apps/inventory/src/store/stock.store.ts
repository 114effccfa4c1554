import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { entityManagerOf, Transactions } from '@millrace/persistence';
import { activeContext } from '@millrace/telemetry';
import { MoreThan } from 'typeorm';
import { isLow, lowEvent, tellsLow } from '../domain/stock/low-stock.js';
import { recount, type Recount, type StockSettings } from '../domain/stock/recount.js';
import { StockEntity } from './stock.entity.js';
import { addSku, lockStock, writeStock, type OnHandChange, type VersionedLevel } from './stock.sql.js';

/** What became of a wish to change a SKU. */
export type StockResult =
  | (Recount<VersionedLevel> & { readonly created: boolean })
  /** Its version is another one than the caller insists on; undefined when the SKU is unknown. */
  | { readonly stale: number | undefined };

/** Tells whether a version is one that the caller insists on; undefined for a SKU that is unknown. */
export type VersionGuard = (version: number | undefined) => boolean;

/** Stock per SKU. */
@Injectable()
export class StockStore {
  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
  ) {}

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

  /** Sets what was counted and makes an unknown SKU; changes nothing when that does not cover what is reserved. */
  recount(
    sku: string,
    settings: StockSettings,
    now: Date,
    guard: VersionGuard = () => true,
  ): Promise<StockResult> {
    return this.transactions.run(async (tx) => {
      let level = await lockStock(tx, sku);
      if (!guard(level?.version)) return { stale: level?.version };
      const created = !level && (await addSku(tx, sku));
      level ??= await lockStock(tx, sku);
      // Somebody else may have made it at the same moment: then it has a version that nobody insisted on.
      if (!level) throw new TypeError(`${sku} has vanished`);
      const result = recount(level, settings);
      if (!result.accepted) return { ...result, created: false };
      return { ...(await this.write(tx, level, result, { kind: 'counted', at: now })), created };
    });
  }

  /** Adds units to what is on hand, or takes them away; undefined when the SKU is unknown. */
  adjust(
    sku: string,
    change: number,
    reason: string,
    now: Date,
  ): Promise<Recount<VersionedLevel> | undefined> {
    return this.transactions.run(async (tx) => {
      const level = await lockStock(tx, sku);
      if (!level) return undefined;
      const result = recount(level, { onHand: level.onHand + change });
      return result.accepted ? this.write(tx, level, result, { kind: 'adjusted', reason, at: now }) : result;
    });
  }

  private async write(
    tx: Transaction,
    before: VersionedLevel,
    { level, change }: Extract<Recount<VersionedLevel>, { accepted: true }>,
    why: Omit<OnHandChange, 'change'>,
  ): Promise<Extract<Recount<VersionedLevel>, { accepted: true }>> {
    const after = { ...level, lowTold: isLow(level) };
    if (sameLevel(before, after)) return { accepted: true, level: before, change };
    writeStock(tx, after, { ...why, change });
    if (tellsLow(level)) {
      this.outbox.append([{ ...lowEvent(level, why.at), cause: { context: activeContext() } }], tx);
    }
    return { accepted: true, level: { ...after, version: before.version + 1 }, change };
  }
}

function sameLevel(one: VersionedLevel, other: VersionedLevel): boolean {
  return (['onHand', 'backorderLimit', 'lowThreshold', 'lowTold'] as const).every(
    (field) => one[field] === other[field],
  );
}
