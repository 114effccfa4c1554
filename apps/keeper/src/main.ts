import { invocationOf, type Command } from './commands/command.js';
import { reasonOf } from './reason-of.js';

// imported when asked for: `run` must start telemetry before anything that it instruments is loaded
const commands: Readonly<Record<Command, (force: boolean) => Promise<void>>> = {
  secrets: async () => (await import('./commands/secrets.command.js')).secrets(),
  access: async () => (await import('./commands/access.command.js')).access(),
  capture: async () => (await import('./commands/capture.command.js')).capture(),
  recover: async (force) => (await import('./commands/recover.command.js')).recoverCapture(force),
  reconcile: async () => {
    const well = await (await import('./commands/reconcile.command.js')).reconcile();
    if (!well) process.exitCode = 1;
  },
  run: async () => (await import('./commands/run.command.js')).run(),
};

try {
  const { command, force } = invocationOf(process.argv.slice(2));
  await commands[command](force);
} catch (error) {
  process.stderr.write(`keeper: ${reasonOf(error)}\n`);
  process.exitCode = 1;
}
