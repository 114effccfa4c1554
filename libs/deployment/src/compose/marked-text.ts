import { DeploymentError } from '../deployment.error.js';

/**
 * Puts text between the lines `# <generated NAME>` and `# </generated NAME>` of a file, indented as the first of them.
 * Throws `DeploymentError` when the file has no such lines, or has them twice.
 */
export function withBlock(text: string, name: string, block: string): string {
  const marked = new RegExp(`^( *)# <generated ${name}>$[^]*?^ *# </generated ${name}>$`, 'gm');
  const found = [...text.matchAll(marked)];
  const [match] = found;
  if (!match || found.length > 1) {
    throw new DeploymentError(
      `docker-compose.yml must have the lines '# <generated ${name}>' and '# </generated ${name}>' once; it has them ${found.length} times`,
    );
  }
  const indent = match[1] ?? '';
  const lines = [`# <generated ${name}>`, ...block.trimEnd().split('\n'), `# </generated ${name}>`];
  const indented = lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n');
  return text.slice(0, match.index) + indented + text.slice(match.index + match[0].length);
}
