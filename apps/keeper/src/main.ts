import { commandOf, type Command } from './commands/command.js';
import { reasonOf } from './reason-of.js';

// imported when asked for: `run` must start telemetry before anything that it instruments is loaded
const commands: Readonly<Record<Command, () => Promise<void>>> = {
  access: async () => (await import('./commands/access.command.js')).access(),
  capture: async () => (await import('./commands/capture.command.js')).capture(),
  run: async () => (await import('./commands/run.command.js')).run(),
};

try {
  await commands[commandOf(process.argv.slice(2))]();
} catch (error) {
  process.stderr.write(`keeper: ${reasonOf(error)}\n`);
  process.exitCode = 1;
}
