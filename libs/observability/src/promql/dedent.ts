/** Takes the indentation that all lines have away, and empty lines at both ends: PromQL as it is read best. */
export function dedent(text: string): string {
  const lines = text
    .split('\n')
    .filter((line, at, all) => line.trim() !== '' || (at > 0 && at < all.length - 1));
  const [first = '', ...rest] = lines;
  // The first line of an expression often begins beside the backtick.
  const indented = first.startsWith(' ') ? lines : rest;
  const margin = Math.min(...indented.map((line) => line.search(/\S/)));
  return lines
    .map((line) => (indented.includes(line) ? line.slice(margin) : line))
    .join('\n')
    .trim();
}
