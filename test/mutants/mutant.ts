/** One deliberate break of the runtime: an exact text of one source file and what it becomes. */
export interface Mutant {
  /** In `kebab-case`; unique. */
  readonly name: string;
  /** The promise that it breaks, as a sentence without a full stop. */
  readonly breaks: string;
  /** Source file from the repository's root. */
  readonly file: string;
  /** Text that must occur exactly once in the file. */
  readonly search: string;
  readonly replace: string;
  readonly killer: Killer;
}

/** The unit test that notices a mutant. */
export interface Killer {
  /** Spec file from the repository's root. */
  readonly spec: string;
  /** Full name of the test: the titles around it and its own, separated by a blank. */
  readonly test: string;
}

/** A test of a spec beside the runtime, as a killer. */
export function killerIn(folder: string): (spec: string, test: string) => Killer {
  return (spec, test) => ({ spec: `${folder}/${spec}.spec.ts`, test });
}

/** What is wrong with the place that a patch asks for, or undefined when it applies. */
export function misfit(
  { search, replace }: Pick<Mutant, 'search' | 'replace'>,
  text: string,
): string | undefined {
  const occurrences = search === '' ? 0 : text.split(search).length - 1;
  if (occurrences !== 1) return `its text occurs ${occurrences} times instead of once`;
  return search === replace ? 'it changes nothing' : undefined;
}
