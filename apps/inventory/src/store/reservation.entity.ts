import { Column, Entity, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import type { RejectionReason, Shortage } from '../domain/decision.js';
import type { HoldStatus, ReleaseSignal } from '../domain/hold/hold-life.js';
import { ReservationLineEntity } from './reservation-line.entity.js';

/** What became of an order's stock as a row, for reads; it is written by `hold/*.sql.ts` only. */
@Entity('reservation')
export class ReservationEntity {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  status!: HoldStatus;

  @Column('text', { nullable: true })
  reason!: RejectionReason | null;

  @Column('jsonb', { nullable: true })
  shortages!: Shortage[] | null;

  @Column('text', { name: 'release_reason', nullable: true })
  releaseReason!: ReleaseSignal | null;

  @Column('timestamptz', { name: 'decided_at' })
  decidedAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'changed_at', nullable: true })
  changedAt!: Date | null;

  @OneToMany(() => ReservationLineEntity, (line) => line.reservation)
  lines!: Relation<ReservationLineEntity>[];
}
