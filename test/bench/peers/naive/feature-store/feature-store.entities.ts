import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An order as the offline features keep it. */
@Entity('customer_order_event')
export class CustomerOrderEvent {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('text', { name: 'customer_id' })
  customerId!: string;

  @Column('text')
  currency!: string;

  @Column('bigint', { name: 'sum_minor' })
  sumMinor!: number;

  @Column('timestamptz', { name: 'event_ts' })
  eventTs!: string;
}
