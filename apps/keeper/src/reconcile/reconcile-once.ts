import type { ServiceTopology } from '@millrace/contracts';
import type { KafkaOffsets } from '@millrace/messaging';
import type { Clock } from '../timing/clock.js';
import { lookAt, type Sight } from '../watch/sight.js';
import { watchedTopics } from '../watch/watched-topics.js';
import type { Reconciler } from './reconciler.js';

/** How long in milliseconds a group may take to commit what was there when this began. */
const CATCH_UP_MS = 15_000;

const POLL_MS = 500;

/** What became of a group: compared, or so far behind that nothing can be said. */
export type GroupReport =
  | { readonly kind: 'behind'; readonly group: string }
  | {
      readonly kind: 'compared';
      readonly group: string;
      readonly events: number;
      readonly missing: ReadonlyMap<string, string>;
      readonly extra: ReadonlySet<string>;
      /** False when so much differs that the older part was not looked at. */
      readonly complete: boolean;
    };

/** What comparing once takes. */
export interface ReconcileOnceParts {
  readonly reconciler: Reconciler;
  readonly offsets: KafkaOffsets;
  readonly services: readonly ServiceTopology[];
  readonly clock: Clock;
}

/** Compares every group once, each as far as it has got; waits 15 s for groups to commit what they have just handled. */
export async function reconcileOnce(parts: ReconcileOnceParts): Promise<readonly GroupReport[]> {
  const { reconciler, clock } = parts;
  const signal = new AbortController().signal;
  const sight = await caughtUp(parts, signal);
  const now = clock.now();
  const due = reconciler.groups.map((group) => ({
    group,
    before: reconciler.comparableBefore(group, sight, now),
  }));
  const furthest = Math.max(...due.map(({ before }) => before ?? -Infinity));
  if (furthest > -Infinity) await reconciler.cover(furthest, now);
  const reports: GroupReport[] = [];
  for (const { group, before } of due) {
    if (before === undefined) {
      reports.push({ kind: 'behind', group: group.group });
      continue;
    }
    const found = await reconciler.compare(group, { before, now }, new Map(), signal);
    const events = [...found.published.values()].reduce((sum, { count }) => sum + count, 0);
    reports.push({ kind: 'compared', group: group.group, events, ...found });
  }
  return reports;
}

/** A look at which every group stands beyond what was published when this began, or the last one in time. */
async function caughtUp(
  { reconciler, offsets, services, clock }: ReconcileOnceParts,
  signal: AbortSignal,
): Promise<Sight> {
  const watched = watchedTopics(services);
  await reconciler.follow(undefined, () => clock.now());
  const deadline = clock.now() + CATCH_UP_MS;
  for (;;) {
    const sight = await lookAt(offsets, watched, clock.now());
    await reconciler.follow(sight, () => clock.now());
    const all = reconciler.groups.every(
      (group) => reconciler.comparableBefore(group, sight, clock.now()) !== undefined,
    );
    if (all || clock.now() > deadline) return sight;
    await clock.sleep(POLL_MS, signal);
  }
}
