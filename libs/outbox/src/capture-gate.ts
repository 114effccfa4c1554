import type { DataSource } from 'typeorm';

/** Where a producing service's events must be captured from. */
export interface CaptureGateSettings {
  readonly slot: string;
  readonly schema: string;
}

const CAPTURED = `
  SELECT EXISTS (SELECT FROM pg_publication_tables
                  WHERE pubname = 'millrace_outbox' AND schemaname = $1 AND tablename = 'outbox')
     AND EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $2) AS captured`;

const TRUST_MS = 5_000;

/**
 * Tells whether events written now will be captured: rows inserted before the publication and the slot exist
 * never are, so a producer must not accept work while the gate is shut.
 */
export class CaptureGate {
  private openUntil = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: CaptureGateSettings,
  ) {}

  /** True once the publication lists this schema's outbox and the slot exists; trusted for five seconds. */
  async open(): Promise<boolean> {
    if (Date.now() < this.openUntil) return true;
    const rows = await this.dataSource.query<{ captured: boolean }[]>(CAPTURED, [
      this.settings.schema,
      this.settings.slot,
    ]);
    const captured = rows[0]?.captured === true;
    if (captured) this.openUntil = Date.now() + TRUST_MS;
    return captured;
  }
}
