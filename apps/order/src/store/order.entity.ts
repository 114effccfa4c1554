import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrderDetails, OrderStatus } from '../domain/order.js';

/** Row of `orders`; bigint columns are text in JavaScript. */
@Entity({ name: 'orders' })
export class OrderEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'customer_id', type: 'text' })
  customerId!: string;

  @Column({ type: 'text' })
  region!: string;

  @Column({ type: 'text' })
  currency!: string;

  /** Minor units. */
  @Column({ name: 'total_minor', type: 'bigint' })
  totalMinor!: string;

  @Column({ type: 'text' })
  status!: OrderStatus;

  /** Counts the transitions, from 1. */
  @Column({ type: 'integer', default: 1 })
  version!: number;

  /** Id of the order's `order.created`. */
  @Column({ name: 'event_id', type: 'uuid' })
  eventId!: string;

  @Column({ name: 'trace_id', type: 'text' })
  traceId!: string;

  @Column({ type: 'jsonb' })
  details!: OrderDetails;

  @Column({ name: 'placed_at', type: 'timestamptz' })
  placedAt!: Date;

  /** The import that brought it. */
  @Column({ name: 'batch_id', type: 'text', nullable: true })
  batchId!: string | null;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  /** When the checks must have come. */
  @Column({ name: 'deadline_at', type: 'timestamptz' })
  deadlineAt!: Date;

  @Column({ name: 'settled_at', type: 'timestamptz', nullable: true })
  settledAt!: Date | null;

  /** Id of the event that tells how it ended. */
  @Column({ name: 'settled_by', type: 'uuid', nullable: true })
  settledBy!: string | null;

  @Column({ name: 'settled_because', type: 'text', nullable: true })
  settledBecause!: string | null;
}
