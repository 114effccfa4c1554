import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An order. */
@Entity('orders')
export class NaiveOrder {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'customer_id' })
  customerId!: string;

  @Column('text')
  region!: string;

  @Column('text')
  currency!: string;

  @Column('bigint', { name: 'total_minor' })
  totalMinor!: number;

  @Column('text')
  status!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('text', { name: 'trace_id' })
  traceId!: string;

  @Column('jsonb')
  details!: object;

  @Column('timestamptz', { name: 'placed_at' })
  placedAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}

/** One SKU of an order. */
@Entity('order_line')
export class NaiveOrderLine {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @PrimaryColumn('integer', { name: 'line_no' })
  lineNo!: number;

  @Column('text')
  sku!: string;

  @Column('integer')
  quantity!: number;

  @Column('bigint', { name: 'unit_price_minor' })
  unitPriceMinor!: number;
}
