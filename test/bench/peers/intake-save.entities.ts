import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryColumn, type Relation } from 'typeorm';

/** An order with its lines, as TypeORM's documentation models one. */
@Entity({ name: 'orders' })
export class SavedOrder {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'customer_id', type: 'text' })
  customerId!: string;

  @Column({ type: 'text' })
  region!: string;

  @Column({ type: 'text' })
  currency!: string;

  @Column({ name: 'total_minor', type: 'bigint' })
  totalMinor!: number;

  @Column({ type: 'text' })
  status!: string;

  @Column({ type: 'integer', default: 1 })
  version!: number;

  @Column({ name: 'event_id', type: 'uuid' })
  eventId!: string;

  @Column({ name: 'trace_id', type: 'text' })
  traceId!: string;

  @Column({ type: 'jsonb' })
  details!: object;

  @Column({ name: 'placed_at', type: 'timestamptz' })
  placedAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'deadline_at', type: 'timestamptz' })
  deadlineAt!: Date;

  @OneToMany(() => SavedOrderLine, (line) => line.order, { cascade: ['insert'] })
  lines!: SavedOrderLine[];
}

/** One SKU of an order. */
@Entity({ name: 'order_line' })
export class SavedOrderLine {
  @ManyToOne(() => SavedOrder, (order) => order.lines)
  @JoinColumn({ name: 'order_id' })
  order!: Relation<SavedOrder>;

  @PrimaryColumn({ name: 'order_id', type: 'uuid' })
  orderId!: string;

  @PrimaryColumn({ name: 'line_no', type: 'integer' })
  lineNo!: number;

  @Column({ type: 'text' })
  sku!: string;

  @Column({ type: 'integer' })
  quantity!: number;

  @Column({ name: 'unit_price_minor', type: 'bigint' })
  unitPriceMinor!: number;
}

/** An event to be captured. */
@Entity({ name: 'outbox' })
export class SavedEvent {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'aggregate_type', type: 'text' })
  aggregateType!: string;

  @Column({ name: 'aggregate_id', type: 'text' })
  aggregateId!: string;

  @Column({ type: 'text' })
  topic!: string;

  @Column({ type: 'text' })
  type!: string;

  @Column({ type: 'text' })
  source!: string;

  @Column({ name: 'data_schema', type: 'text' })
  dataSchema!: string;

  @Column({ name: 'causation_id', type: 'text' })
  causationId!: string;

  @Column({ name: 'content_type', type: 'text' })
  contentType!: string;

  @Column({ type: 'text' })
  payload!: string;

  @Column({ type: 'text' })
  traceparent!: string;
}
