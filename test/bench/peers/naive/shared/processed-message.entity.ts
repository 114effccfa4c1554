import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message that took effect. */
@Entity('processed_message')
export class ProcessedMessage {
  @PrimaryColumn('uuid', { name: 'message_id' })
  messageId!: string;

  @Column('timestamptz', { name: 'processed_at', default: () => 'now()' })
  processedAt!: Date;
}
