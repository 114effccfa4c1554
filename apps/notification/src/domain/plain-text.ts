/**
 * A value that strangers chose, made fit for one line of a mail: control and formatting characters, line breaks
 * among them, become spaces, which are then folded; at most `maxLength` characters remain.
 */
export function oneLine(text: string, maxLength = 200): string {
  const folded = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return Array.from(folded).slice(0, maxLength).join('');
}
