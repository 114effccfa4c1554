import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where a notification stands; `unknown` is for workflows that must not send twice after a crash. */
export type NotificationState = 'queued' | 'sending' | 'sent' | 'failed' | 'unknown' | 'suppressed';

/** A row of the ledger, for reads; `enqueue.sql.ts` and `outgoing.sql.ts` alone write it. */
@Entity('notification')
export class NotificationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  workflow!: string;

  @Column('text')
  channel!: string;

  @Column('text')
  recipient!: string;

  @Column('text')
  state!: NotificationState;

  @Column('integer')
  attempts!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt!: Date | null;
}
