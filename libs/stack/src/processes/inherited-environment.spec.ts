import { describe, expect, it } from '@jest/globals';
import { inheritedEnvironment } from './inherited-environment.js';

describe('the inherited environment', () => {
  const ours = { PATH: '/bin', DATABASE_URL: 'postgres://x', OTEL_SERVICE_NAME: 'x', MAVEN_OPTS: '-Xmx1g' };

  it('leaves out what could reconfigure a process', () => {
    expect(inheritedEnvironment(ours)).toEqual({ PATH: '/bin' });
  });

  it('takes over what is asked for, by name or prefix', () => {
    expect(inheritedEnvironment(ours, ['OTEL_', 'MAVEN_OPTS'])).toEqual({
      PATH: '/bin',
      OTEL_SERVICE_NAME: 'x',
      MAVEN_OPTS: '-Xmx1g',
    });
  });
});
