import { join } from 'node:path';
import ts from 'typescript';
import type { BuiltResource } from './built-resource.js';
import { ROOT } from './overlay.js';
import { moduleOf } from './resource-model.js';

const FILE = join(ROOT, 'test/deploy/built-resources.ts');

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};

/**
 * What the compiler says of resources written as literals of their types: it refuses what the schema validators let
 * pass, fields that do not exist. One line each, beginning with kind and name.
 */
export function typeComplaints(resources: readonly BuiltResource[]): readonly string[] {
  const text = resources
    .map((resource, index) => {
      const type = `I${resource.kind}`;
      return `import type { ${type} as T${index} } from '${moduleOf(resource)}'; export const r${index}: T${index} = ${JSON.stringify(resource)};`;
    })
    .join('\n');
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (path, options, ...rest) =>
    path === FILE
      ? ts.createSourceFile(path, text, options, true)
      : getSourceFile.call(host, path, options, ...rest);
  host.fileExists = (path) => path === FILE || fileExists.call(host, path);
  const program = ts.createProgram([FILE], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
    const { kind, metadata } = resources[line] ?? { kind: 'program', metadata: { name: '' } };
    return `${kind} ${metadata.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
