import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { readIo, readStat, usageBetween, usageIsKnown, usageNow } from './process-usage.js';

describe('what processes use', () => {
  it('is read from a stat line whatever the name of the program is', () => {
    const line = '42 (a (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0 900 1 1';
    expect(readStat(line)).toEqual({ parent: 7, ticks: 127 });
  });

  it('takes the bytes that reached the storage layer', () => {
    expect(readIo('rchar: 1\nwchar: 2\nwrite_bytes: 4096\ncancelled_write_bytes: 7\n')).toBe(4096);
    expect(readIo('')).toBe(0);
  });

  it('is the difference of two readings, and all of it for who came in between', () => {
    const before = { a: { cpuSeconds: 1, writtenBytes: 10 } };
    const after = { a: { cpuSeconds: 3, writtenBytes: 15 }, b: { cpuSeconds: 2, writtenBytes: 1 } };
    expect(usageBetween(before, after)).toEqual({
      a: { cpuSeconds: 2, writtenBytes: 5 },
      b: { cpuSeconds: 2, writtenBytes: 1 },
    });
  });

  it('counts children, also when they have ended', async () => {
    if (!usageIsKnown()) return;
    const burn = 'while (process.cpuUsage().user < 250_000);';
    const before = usageNow({ me: process.pid });
    const child = spawn(process.execPath, ['-e', burn], { stdio: 'ignore' });
    await once(child, 'exit');
    const { me } = usageBetween(before, usageNow({ me: process.pid }));
    expect(me?.cpuSeconds).toBeGreaterThan(0.2);
  });
});
