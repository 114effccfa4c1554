import { describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { StackError } from '../stack.error.js';
import { parseStartOptions } from './start-options.js';

describe('the options of the start command', () => {
  it('start everything on the embedded stack when there are none', () => {
    expect(parseStartOptions([])).toEqual({
      ...{ once: false, fresh: false, help: false, mode: 'embedded', scale: {} },
      services: topology.map(({ name }) => name),
    });
  });

  it('are read, repeated ones too', () => {
    const args = ['--once', '--fresh', '--stack', 'external', '--dir', 'x', '--scale', 'inventory=2'];
    const options = parseStartOptions([
      ...args,
      '--without',
      'fraud',
      '--without',
      'analytics',
      '--scale',
      'fraud=3',
    ]);
    expect(options).toEqual({
      ...{ once: true, fresh: true, help: false, mode: 'external', directory: 'x' },
      scale: { inventory: 2, fraud: 3 },
      services: topology.map(({ name }) => name).filter((name) => !['fraud', 'analytics'].includes(name)),
    });
  });

  it.each([
    [['--onec'], /Unknown option '--onec'/],
    [['surplus'], /surplus/],
    [['--without'], /--without/],
    [['--without', 'nonesuch'], /no service 'nonesuch': choose one of order, analytics/],
    [['--stack', 'cloud'], /no stack 'cloud': choose one of embedded, docker, external/],
    [['--scale', 'inventory'], /for example --scale inventory=2/],
    [['--scale', 'nonesuch=2'], /no service 'nonesuch'/],
  ])('%j are refused with what would be right', (args, message) => {
    const parse = () => parseStartOptions(args);
    expect(parse).toThrow(StackError);
    expect(parse).toThrow(message);
  });

  it('that are unknown are answered with the list', () => {
    const parse = () => parseStartOptions(['--onec']);
    expect(parse).toThrow(
      expect.objectContaining({ details: expect.arrayContaining([expect.stringContaining('--once')]) }),
    );
  });
});
