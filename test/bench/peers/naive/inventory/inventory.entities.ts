import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Stock of one SKU. */
@Entity('stock')
export class Stock {
  @PrimaryColumn('text')
  sku!: string;

  @Column('integer', { name: 'on_hand' })
  onHand!: number;

  @Column('integer')
  reserved!: number;

  @Column('integer', { name: 'backorder_limit' })
  backorderLimit!: number;
}

/** The outcome of an order. */
@Entity('reservation')
export class Reservation {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('text')
  status!: string;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('jsonb', { nullable: true })
  shortages!: unknown;

  @Column('timestamptz', { name: 'decided_at' })
  decidedAt!: Date;
}

/** Units of one SKU that an order holds. */
@Entity('reservation_line')
export class ReservationLine {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @PrimaryColumn('text')
  sku!: string;

  @Column('integer')
  quantity!: number;
}

/** A line of the stock ledger. */
@Entity('movement')
export class Movement {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  sku!: string;

  @Column('text')
  kind!: string;

  @Column('integer', { name: 'reserved_change' })
  reservedChange!: number;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('timestamptz', { name: 'moved_at' })
  movedAt!: Date;
}
