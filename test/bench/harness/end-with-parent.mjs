/** Preloaded into a server that a benchmark starts: it ends with the run, also when that is killed. */
process.once('disconnect', () => process.exit(1));
