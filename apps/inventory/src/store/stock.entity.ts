import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Stock of one SKU as a row, for reads; it is written by `stock.sql.ts` only. */
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
}
