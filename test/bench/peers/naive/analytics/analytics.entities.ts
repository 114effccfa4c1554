import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An order that was counted. */
@Entity('order_fact')
export class OrderFact {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('text')
  region!: string;

  @Column('text')
  currency!: string;

  @Column('bigint', { name: 'revenue_minor' })
  revenueMinor!: number;

  @Column('timestamptz', { name: 'placed_at' })
  placedAt!: string;
}
