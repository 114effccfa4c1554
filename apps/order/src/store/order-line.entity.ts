import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Row of `order_line`: one SKU of one order. */
@Entity({ name: 'order_line' })
export class OrderLineEntity {
  @PrimaryColumn({ name: 'order_id', type: 'uuid' })
  orderId!: string;

  /** Position in the order, from 1. */
  @PrimaryColumn({ name: 'line_no', type: 'integer' })
  lineNo!: number;

  @Column({ type: 'text' })
  sku!: string;

  @Column({ type: 'integer' })
  quantity!: number;

  /** Minor units. */
  @Column({ name: 'unit_price_minor', type: 'bigint' })
  unitPriceMinor!: string;
}
