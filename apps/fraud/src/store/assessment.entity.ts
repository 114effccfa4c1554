import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Inputs } from '../domain/inputs.js';
import type { Hit, Outcome } from '../domain/judgement.js';
import type { AppliedThresholds } from '../domain/ruleset.js';

/** A decision as a row, for reads; it is written by `assessment.sql.ts` only. */
@Entity('assessment')
export class AssessmentEntity {
  @PrimaryColumn('uuid', { name: 'event_id' })
  eventId!: string;

  @PrimaryColumn('text', { name: 'ruleset_hash' })
  rulesetHash!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  /** False for a decision of a rule set that was not in force. */
  @Column('boolean')
  live!: boolean;

  @Column('text')
  outcome!: Outcome;

  @Column('integer')
  score!: number;

  @Column('jsonb')
  hits!: Hit[];

  @Column('jsonb')
  inputs!: Inputs;

  @Column('jsonb')
  thresholds!: AppliedThresholds;

  @Column('text', { name: 'trace_id' })
  traceId!: string;

  @Column('timestamptz', { name: 'decided_at' })
  decidedAt!: Date;
}
