import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of the ledger of notifications. */
@Entity('notification')
export class Notification {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  workflow!: string;

  @Column('text')
  channel!: string;

  @Column('text')
  recipient!: string;

  @Column('text')
  locale!: string;

  @Column('integer', { name: 'template_version' })
  templateVersion!: number;

  @Column('text')
  subject!: string;

  @Column('text')
  body!: string;

  @Column('text')
  state!: string;

  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;
}
