import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { contextFromTraceparent, spanContextFrom, traceparentIn, traceparentOf } from './traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const WHOLE = `00-${TRACE}-${SPAN}-01`;

describe('traceparent', () => {
  it('names the remote parent, as text and as bytes', () => {
    const expected = { traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true };
    expect(spanContextFrom(WHOLE)).toEqual(expected);
    expect(spanContextFrom(Buffer.from(WHOLE))).toEqual(expected);
    expect(trace.getSpanContext(contextFromTraceparent(WHOLE))).toEqual(expected);
  });

  it.each([
    ['is absent', undefined],
    ['is null', null],
    ['is the text null of an SQL NULL', 'null'],
    ['is empty', ''],
    ['comes twice', [WHOLE, WHOLE]],
    ['is quoted', `"${WHOLE}"`],
    ['has an all-zero trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['has an all-zero span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['has the forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['is cut off', WHOLE.slice(0, -3)],
    ['is upper case', WHOLE.toUpperCase()],
    ['is two joined by a comma', `${WHOLE},${WHOLE}`],
  ])('starts a new trace when it %s', (_, header) => {
    expect(contextFromTraceparent(header)).toBe(ROOT_CONTEXT);
  });

  it('is what it was read from, and nothing in a context without a span', () => {
    expect(traceparentIn(contextFromTraceparent(WHOLE))).toBe(WHOLE);
    expect(traceparentIn(ROOT_CONTEXT)).toBeNull();
  });

  it('never throws, whatever the header holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array()), (header) => spanContextFrom(header) === undefined),
    );
  });

  it('survives the way through a header', () => {
    const written = traceparentOf({ traceId: TRACE, spanId: SPAN, traceFlags: 0 });
    expect(written).toBe(`00-${TRACE}-${SPAN}-00`);
    expect(spanContextFrom(written)).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 0 });
  });

  it('is synthesised, valid, unsampled and different each time, when there is no span', () => {
    const made = [
      traceparentOf(undefined),
      traceparentOf({ traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 1 }),
    ];
    expect(made.map((text) => spanContextFrom(text)?.traceFlags)).toEqual([0, 0]);
    expect(made[0]).not.toBe(made[1]);
  });
});
