import { expect } from '@jest/globals';
import {
  outcomeOf,
  SETTLED,
  type GroupOutcome,
  type ReferenceEvent,
  type ReferenceGroup,
} from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';

/** How long a group may take to bring every event to its end, in milliseconds. */
export const SETTLES_WITHIN_MS = 90_000;

const TAIL_LINES = 20;
const TAIL_COLUMNS = 300;

/** Waits until every event has exactly one of effect and unresolved death, and nothing is on its way any more. */
export async function settled(
  group: ReferenceGroup,
  events: readonly ReferenceEvent[],
  expected: GroupOutcome = SETTLED,
  withinMs: number = SETTLES_WITHIN_MS,
): Promise<void> {
  try {
    await eventually(async () => expect(await outcomeOf(group, events)).toEqual(expected), {
      withinMs,
      everyMs: 250,
    });
  } catch (error) {
    // What the members said is the first thing that one wants to know.
    const said = group
      .living()
      .map((member) => `${member.pid}: ${JSON.stringify(member.condition())}\n${tail(member.output())}`);
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${said.join('\n')}`, {
      cause: error,
    });
  }
}

function tail(output: string): string {
  const lines = output.split('\n').slice(-TAIL_LINES);
  return lines.map((line) => line.slice(0, TAIL_COLUMNS)).join('\n');
}

/** Shows a measured number of a run; nothing depends on it. */
export function report(text: string): void {
  process.stderr.write(`${text}\n`);
}
