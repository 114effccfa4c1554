import { afterEach, describe, expect, it } from '@jest/globals';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { createLogger, nameTheService } from './logger.js';
import { serializeError } from './error-serializer.js';

function logged(
  write: (log: ReturnType<typeof createLogger>) => void,
  level = 'info',
): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger(level, { write: (line) => void lines.push(line) }));
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

describe('logger', () => {
  afterEach(() => context.disable());

  it('writes level as text, ISO time, part and service', () => {
    nameTheService('fraud');
    const [line] = logged((log) => log.child({ name: 'consumer' }).info({ partition: 3 }, 'assigned'));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      name: 'consumer',
      service: 'fraud',
      partition: 3,
      msg: 'assigned',
    });
  });

  it('carries the ids of the span in whose context it writes', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
    const [line] = context.with(trace.setSpanContext(ROOT_CONTEXT, spanContext), () =>
      logged((log) => log.warn('x')),
    );
    expect(line).toMatchObject({ trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) });
  });

  it('keeps below its level still', () => {
    expect(logged((log) => log.info('x'), 'warn')).toEqual([]);
  });

  it('leaves out what Postgres and TypeORM say about values', () => {
    const error = Object.assign(new Error('duplicate key value violates unique constraint "orders_pkey"'), {
      code: '23505',
      constraint: 'orders_pkey',
      detail: 'Key (email)=(ada@example.org) already exists.',
      where: 'COPY orders, line 1: "ada@example.org"',
      query: 'INSERT INTO orders …',
      parameters: ['ada@example.org'],
    });
    const [line] = logged((log) =>
      log.error({ err: new Error('The batch failed.', { cause: error }) }, 'batch failed'),
    );
    expect(line?.['err']).toMatchObject({
      type: 'Error',
      cause: { code: '23505', constraint: 'orders_pkey' },
    });
    expect(JSON.stringify(line)).not.toContain('ada@example.org');
  });

  it('ends at three causes, also when they form a circle', () => {
    const error: Error = new Error('round');
    error.cause = error;
    expect(serializeError(error).cause?.cause?.cause?.cause).toBeUndefined();
    expect(serializeError('text')).toEqual({
      type: 'string',
      message: 'a value that is no Error was thrown',
    });
  });
});
