import { ProblemError } from '@millrace/service/http';

const BATCH_ID = /^[\x21-\x7e]{1,64}$/;

/** The Batch-Id of a request; throws a 400 problem when it is missing or malformed. */
export function batchIdOf(header: unknown): string {
  if (typeof header === 'string' && BATCH_ID.test(header)) return header;
  const missing = header === undefined;
  throw new ProblemError({
    status: 400,
    code: missing ? 'batch-id-missing' : 'batch-id-invalid',
    title: missing ? 'Batch-Id missing' : 'Batch-Id invalid',
    detail:
      'Send a Batch-Id of your choice, 1 to 64 visible ASCII characters, the same one whenever you repeat the import.',
  });
}
