import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of the outbox as Debezium documents it. */
@Entity('outbox')
export class OutboxMessage {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar')
  aggregatetype!: string;

  @Column('varchar')
  aggregateid!: string;

  @Column('varchar')
  type!: string;

  @Column('jsonb')
  payload!: object;
}
