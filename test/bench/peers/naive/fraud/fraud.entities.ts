import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An order of a customer, for the velocity check. */
@Entity('customer_activity')
export class CustomerActivity {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text', { name: 'customer_id' })
  customerId!: string;

  @Column('timestamptz', { name: 'placed_at' })
  placedAt!: string | Date;
}

/** A decision. */
@Entity('assessment')
export class Assessment {
  @PrimaryColumn('uuid', { name: 'event_id' })
  eventId!: string;

  @PrimaryColumn('text', { name: 'ruleset_hash' })
  rulesetHash!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  outcome!: string;

  @Column('integer')
  score!: number;

  @Column('jsonb')
  hits!: unknown;

  @Column('jsonb')
  inputs!: unknown;

  @Column('jsonb')
  thresholds!: unknown;

  @Column('text', { name: 'trace_id' })
  traceId!: string;

  @Column('timestamptz', { name: 'decided_at' })
  decidedAt!: Date;
}
