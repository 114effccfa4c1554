import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The newest of {{anAggregate}} as a row, for reads; `keep-latest.sql.ts` alone writes it. */
@Entity('{{table}}')
export class {{Thing}}Entity {
  @PrimaryColumn('{{keySql}}', { name: '{{keyColumnName}}' })
  {{key}}!: string;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;
{{entityFields}}
}
