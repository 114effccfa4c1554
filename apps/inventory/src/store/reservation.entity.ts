import { Column, Entity, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import type { RejectionReason, Shortage } from '../domain/decision.js';
import { ReservationLineEntity } from './reservation-line.entity.js';

/** The outcome of an order as a row, for reads; it is written by `reservation.sql.ts` only. */
@Entity('reservation')
export class ReservationEntity {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  status!: 'held' | 'rejected';

  @Column('text', { nullable: true })
  reason!: RejectionReason | null;

  @Column('jsonb', { nullable: true })
  shortages!: Shortage[] | null;

  @Column('timestamptz', { name: 'decided_at' })
  decidedAt!: Date;

  @OneToMany(() => ReservationLineEntity, (line) => line.reservation)
  lines!: Relation<ReservationLineEntity>[];
}
