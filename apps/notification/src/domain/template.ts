/** A rendered mail: plain text, lines ended by `\n`. */
export interface Rendered {
  readonly subject: string;
  readonly body: string;
}

/** One language of a template. A released version never changes; a new text is a new version. */
export interface Template<Values> {
  /** Language tag, also used to write numbers. */
  readonly locale: string;
  readonly version: number;
  render(values: Values): Rendered;
}

/** The template for a customer's language: the same primary language, else the first of the list. */
export function templateFor<Values>(
  templates: readonly [Template<Values>, ...Template<Values>[]],
  locale: string | undefined,
): Template<Values> {
  const language = locale?.split('-')[0]?.toLowerCase();
  return templates.find((template) => template.locale === language) ?? templates[0];
}
