import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineSplitter } from './line-splitter.js';

function split(chunks: readonly Buffer[], limit?: number) {
  const splitter = new LineSplitter(limit);
  const lines = [...chunks.flatMap((chunk) => [...splitter.push(chunk)]), ...splitter.end()];
  return lines.map(({ number, bytes }) => [number, bytes?.toString('utf8')] as const);
}

/** The body cut at those places, which may be in the middle of a character or of a line. */
function cut(body: Buffer, places: readonly number[]): Buffer[] {
  const borders = [
    0,
    ...places.map((place) => place % (body.length + 1)).toSorted((a, b) => a - b),
    body.length,
  ];
  return borders.slice(1).map((border, index) => body.subarray(borders[index], border));
}

const lineOf = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\n', ''));

describe('a body cut into lines', () => {
  it('has the same lines wherever its chunks end', () => {
    fc.assert(
      fc.property(fc.array(lineOf), fc.array(fc.nat()), fc.boolean(), (lines, places, closed) => {
        const body = Buffer.from(lines.join('\n') + (closed ? '\n' : ''));
        const expected = body.toString('utf8').split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(split(cut(body, places))).toEqual(expected.map((line, index) => [index + 1, line]));
      }),
    );
  });

  it('keeps nothing of a line above the limit, and everything of the others', () => {
    fc.assert(
      fc.property(fc.array(lineOf), fc.array(fc.nat()), (lines, places) => {
        const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const expected = body.toString('utf8').split('\n').slice(0, -1);
        expect(split(cut(body, places), 8)).toEqual(
          expected.map((line, index) => [index + 1, Buffer.byteLength(line) > 8 ? undefined : line]),
        );
      }),
    );
  });

  it('holds no bytes of a line that goes on for ever', () => {
    const splitter = new LineSplitter();
    const chunk = Buffer.alloc(65_536, 'x');
    for (let n = 0; n < 100; n += 1) expect([...splitter.push(chunk)]).toEqual([]);
    expect(JSON.stringify(splitter).length).toBeLessThan(100);
    expect([...splitter.push(Buffer.from('\nb\n'))]).toEqual([
      { number: 1, bytes: undefined },
      { number: 2, bytes: Buffer.from('b') },
    ]);
  });
});
