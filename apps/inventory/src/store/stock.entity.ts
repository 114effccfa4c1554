import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ValueTransformer } from 'typeorm';

const fromBigint: ValueTransformer = { from: Number, to: (value: number) => value };

/** Stock of one SKU as a row, for reads; it is written by `*.sql.ts` only. */
@Entity('stock')
export class StockEntity {
  @PrimaryColumn('text')
  sku!: string;

  @Column('integer', { name: 'on_hand' })
  onHand!: number;

  @Column('integer')
  reserved!: number;

  @Column('integer', { name: 'backorder_limit' })
  backorderLimit!: number;

  @Column('integer', { name: 'low_threshold', nullable: true })
  lowThreshold!: number | null;

  @Column('boolean', { name: 'low_told' })
  lowTold!: boolean;

  @Column('bigint', { transformer: fromBigint })
  version!: number;
}
