import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { ReservationEntity } from './reservation.entity.js';

/** Units of one SKU that an order holds, for reads. */
@Entity('reservation_line')
export class ReservationLineEntity {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @PrimaryColumn('text')
  sku!: string;

  @Column('integer')
  quantity!: number;

  @ManyToOne(() => ReservationEntity, (reservation) => reservation.lines)
  @JoinColumn({ name: 'order_id' })
  reservation!: Relation<ReservationEntity>;
}
