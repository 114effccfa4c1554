import { join } from 'node:path';
import swcJest from '@swc/jest';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Jest transformer that compiles as in every run, after it has put a mutant's text into the one file that it is for.
 * What swc caches is keyed by the text that it is given, so that no run sees another one's mutant.
 */
export default {
  createTransformer({ swc, patch }) {
    const inner = swcJest.createTransformer(swc);
    const mutated = (text, path) => (patch && path === join(ROOT, patch.file) ? patched(text, patch) : text);
    return {
      canInstrument: inner.canInstrument,
      getCacheKey: (text, path, ...rest) => inner.getCacheKey(mutated(text, path), path, ...rest),
      process: (text, path, ...rest) => inner.process(mutated(text, path), path, ...rest),
      processAsync: (text, path, ...rest) => inner.processAsync(mutated(text, path), path, ...rest),
    };
  },
};

function patched(text, { file, search, replace }) {
  const [before, after, ...more] = text.split(search);
  if (after === undefined || more.length > 0) throw new Error(`the patch does not apply to ${file}`);
  return before + replace + after;
}
