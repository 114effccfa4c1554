const OWN = ['contracts', 'messaging', 'persistence', 'service'].map((name) => `@millrace/${name}`);
const OTHERS = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'typebox', 'typeorm'];
const FOR_TESTS = ['@millrace/testing', '@opentelemetry/api'];

/** The package.json of a new app, with the versions that the other apps have. */
export function manifestFor(name, versions) {
  const pick = (names) => Object.fromEntries(names.map((each) => [each, versions[each]]));
  return JSON.stringify(
    {
      name: `@millrace/${name}`,
      version: versions['@millrace/contracts'],
      private: true,
      license: 'Apache-2.0',
      type: 'module',
      dependencies: pick([...OWN, ...OTHERS]),
      devDependencies: pick(FOR_TESTS),
    },
    null,
    2,
  );
}
