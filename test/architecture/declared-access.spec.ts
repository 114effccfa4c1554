import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ROOT, sourceFiles } from './repository.js';

const CONTROLLER = /^@Controller\(/m;
const ACCESS = ['open', 'read', 'write', 'ops', 'metrics'];
/** What anybody may ask without a token. */
const OPEN = ['HealthController.live', 'HealthController.ready'];

interface Endpoint {
  readonly name: string;
  readonly access: unknown;
}

const files = sourceFiles().flatMap(({ path, text }) => (CONTROLLER.test(text) ? [path] : []));

/** Every method of a module's classes that Nest makes a route of. */
async function endpointsOf(path: string): Promise<Endpoint[]> {
  const module = (await import(pathToFileURL(join(ROOT, path)).href)) as Record<string, unknown>;
  return Object.values(module)
    .filter((value) => typeof value === 'function')
    .flatMap((controller) => {
      const methods = controller.prototype as Record<string, object>;
      return Object.getOwnPropertyNames(methods)
        .filter((method) => Reflect.hasMetadata('method', methods[method]!))
        .map((method) => ({
          name: `${controller.name}.${method}`,
          access: (
            Reflect.getMetadata('__fastify_route_config__', methods[method]!) as
              { access?: unknown } | undefined
          )?.access,
        }));
    });
}

describe('every route of every service', () => {
  it('declares who may call it', async () => {
    const endpoints = (await Promise.all(files.map(endpointsOf))).flat();
    expect(endpoints.length).toBeGreaterThan(files.length);
    expect(endpoints.filter(({ access }) => !ACCESS.includes(String(access)))).toEqual([]);
    expect(endpoints.filter(({ access }) => access === 'open').map(({ name }) => name)).toEqual(OPEN);
  });

  it('is in a file named after its controller', () => {
    expect(files.filter((path) => !path.endsWith('.controller.ts'))).toEqual([]);
  });
});
