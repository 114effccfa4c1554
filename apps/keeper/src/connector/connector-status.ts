import { Type, type Static } from 'typebox';

/** States of a connector or task that Kafka Connect knows. */
export type ConnectState = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'FAILED' | 'RESTARTING' | 'STOPPED';

/** Answer of `GET /connectors/<name>/status`, as far as it is read. */
export const ConnectorStatus = Type.Object({
  connector: Type.Object({ state: Type.String(), trace: Type.Optional(Type.String()) }),
  tasks: Type.Array(
    Type.Object({ id: Type.Integer(), state: Type.String(), trace: Type.Optional(Type.String()) }),
  ),
});

/** A connector's state and its tasks'. */
export type ConnectorStatus = Static<typeof ConnectorStatus>;

/** Whether the connector and at least one task exist and all of them are in that state. */
export function allIn(state: ConnectState, status: ConnectorStatus): boolean {
  return (
    status.connector.state === state &&
    status.tasks.length > 0 &&
    status.tasks.every((task) => task.state === state)
  );
}

/** Whether the connector or a task stands in that state. */
export function anyIn(state: ConnectState, status: ConnectorStatus): boolean {
  return status.connector.state === state || status.tasks.some((task) => task.state === state);
}

/** How many tasks run, have failed, or stand in any other state. */
export interface TaskCounts {
  readonly running: number;
  readonly failed: number;
  readonly other: number;
}

/** Counts the tasks by what matters of their states. */
export function countTasks({ tasks }: ConnectorStatus): TaskCounts {
  const running = tasks.filter(({ state }) => state === 'RUNNING').length;
  const failed = tasks.filter(({ state }) => state === 'FAILED').length;
  return { running, failed, other: tasks.length - running - failed };
}

/** First line of the first failure's stack trace, at most 300 characters. */
export function failureOf(status: ConnectorStatus): string {
  const failed = [status.connector, ...status.tasks].find((part) => part.state === 'FAILED');
  return (failed?.trace ?? 'no trace given').split('\n', 1).join('').slice(0, 300);
}
