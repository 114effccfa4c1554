import type { FieldError } from './problem.js';

/**
 * Finds text that Postgres or JSON readers cannot keep: NUL characters and lone surrogates, in names and values.
 * Walks with a list of its own because a body may nest deeper than the call stack.
 */
export function unsafeText(value: unknown): FieldError[] {
  const found: FieldError[] = [];
  const open: { path: string; value: unknown }[] = [{ path: '', value }];
  for (let next = open.pop(); next && found.length < 20; next = open.pop()) {
    const { path, value: current } = next;
    if (typeof current === 'string') {
      const message = flawOf(current);
      if (message) found.push({ path, message });
    } else if (typeof current === 'object' && current !== null) {
      for (const [name, child] of Object.entries(current)) {
        const message = flawOf(name);
        if (message) found.push({ path, message: `has a field whose name ${message}` });
        open.push({ path: `${path}/${name}`, value: child });
      }
    }
  }
  return found;
}

function flawOf(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain a NUL character';
  return text.isWellFormed() ? undefined : 'must not contain a lone surrogate';
}
