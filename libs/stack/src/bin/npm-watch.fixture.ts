import { watchNpm } from './npm-watch.js';

/** Says `watching`, a `tick` for each two looks, and `gone` once the npm above it is. */
watchNpm(['start'], () => {
  process.stdout.write('gone\n');
  process.exit(0);
});
process.stdout.write('watching\n');
setInterval(() => process.stdout.write('tick\n'), 1_000);
