// What HEALTHCHECK runs: succeeds when the program of this container answers. Usage: node health-check.mjs [path]
const path = process.argv[2] ?? '/health/ready';
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}${path}`, {
  signal: AbortSignal.timeout(3_000),
});
console.log(answer.status, (await answer.text()).slice(0, 500));
process.exitCode = answer.ok ? 0 : 1;
