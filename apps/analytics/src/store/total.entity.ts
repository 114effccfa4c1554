import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Orders and revenue of one region and currency as a row, for reads; `add-orders.sql.ts` alone writes it. */
@Entity('total')
export class TotalEntity {
  @PrimaryColumn('text')
  region!: string;

  @PrimaryColumn('text')
  currency!: string;

  /** A bigint as decimal text. */
  @Column('bigint')
  orders!: string;

  /** A whole number of any size as decimal text, in minor units of the currency. */
  @Column('numeric', { name: 'revenue_minor' })
  revenueMinor!: string;
}
