import type { OrderWay } from './order-way.js';

/** Whether every hop of the order was seen. */
export function isComplete(way: OrderWay): boolean {
  const seen = [way.committed, way.captured, ...way.effects.map(({ committed }) => committed)];
  return seen.every((time) => time !== undefined);
}

/**
 * The way of an order as lines of text: a hop, what happened there, and the milliseconds since the request; at last
 * the link to its trace.
 */
export function wayTable(way: OrderWay, trace: string): readonly string[] {
  const rows: readonly (readonly [string, string, number | undefined])[] = [
    ['order', 'accepted: HTTP 201 arrived', way.accepted],
    ['order', 'committed with its outbox row', way.committed],
    ['Kafka Connect', 'captured onto order.created', way.captured],
    ...way.effects.flatMap(({ service, received, committed }) => [
      [service, 'received', received] as const,
      [service, 'effect committed', committed] as const,
    ]),
  ];
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [places, events] = [width(0), width(1)];
  const lines = rows.map(([place, event, time]) =>
    `  ${place.padEnd(places)}  ${event.padEnd(events)}  ${milliseconds(time)}`.trimEnd(),
  );
  const head = `  ${''.padEnd(places)}  ${''.padEnd(events)}  ms since the request`;
  return [head, ...lines, '', `  trace ${trace}`];
}

function milliseconds(time: number | undefined): string {
  return (time === undefined ? 'not seen' : time.toFixed(1)).padStart(8);
}
