import { watchNpm } from './npm-watch.js';

/** Says `watching`, and `gone` once the npm above it is. */
watchNpm(['start'], () => {
  process.stdout.write('gone\n');
  process.exit(0);
});
process.stdout.write('watching\n');
setInterval(() => undefined, 1_000);
