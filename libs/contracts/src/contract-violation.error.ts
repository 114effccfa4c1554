/** One place at which a payload departs from its contract. */
export interface Violation {
  /** JSON Pointer into the payload; empty for the payload itself. */
  readonly path: string;
  /** What is wrong there, without the value. */
  readonly message: string;
}

/** A payload that its contract forbids; `violations` name every place, never a value. */
export class ContractViolationError extends Error {
  readonly code = 'CONTRACT_VIOLATION';

  constructor(
    readonly type: string,
    readonly violations: readonly Violation[],
  ) {
    super(
      `${type} breaks its contract: ${violations.map((v) => `${v.path || '/'} ${v.message}`).join('; ')}`,
    );
    this.name = 'ContractViolationError';
  }
}
