import { describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { assertSpace } from '../infrastructure/disk.js';
import { completeStackOptions } from './stack-options.js';

describe('the options of a stack', () => {
  it('default to the whole fleet on the embedded stack below the checkout', () => {
    expect(completeStackOptions({ root: '/checkout' })).toMatchObject({
      ...{ mode: 'embedded', directory: '/checkout/.millrace', ports: 'preferred', stateFile: true },
      services: topology.map(({ name }) => name),
    });
  });

  it.each([
    [{ services: ['nonesuch'] }, /no service 'nonesuch': choose one of order/],
    [{ scale: { nonesuch: 2 } }, /no service 'nonesuch'/],
    [{ scale: { fraud: 0 } }, /fraud cannot run 0 times: say a whole number from 1 to 16/],
    [{ mode: 'external' as const, secured: true }, /Only the embedded stack can be secured/],
    [{ scale: { fraud: 1.5 } }, /fraud cannot run 1.5 times/],
  ])('%j are refused with what would be right', (options, message) => {
    expect(() => completeStackOptions({ root: '/checkout', ...options })).toThrow(message);
  });
});

describe('the space on the disk', () => {
  it('is enough or refused with how much is missing', () => {
    expect(() => assertSpace('/', 0)).not.toThrow();
    expect(() => assertSpace('/', 1e18)).toThrow(
      /needs 1000000000.0 GB of free space for \/, and there are .* GB: free some/,
    );
  });
});
