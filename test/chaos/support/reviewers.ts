import { post } from '../../support/orders.js';

/** How two people fared who decided about one order at once. */
export interface Dispute {
  readonly orderId: string;
  /** Status of each answer, sorted; nothing for a request that the service did not live to answer. */
  readonly answers: readonly (number | undefined)[];
  /** State that the winner was answered with. */
  readonly state?: string;
}

interface Answer {
  readonly status: number;
  readonly state?: string;
}

/** People who look at everything that waits for one, two at each order, and do not agree on every second one. */
export class Reviewers {
  readonly disputes: Dispute[] = [];

  constructor(private readonly url: () => string) {}

  /** Looks at the queue again and again until the signal; a service that does not answer is asked again. */
  async work(orderIds: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const open = await this.open().catch(() => []);
      for (const orderId of open.filter((id) => orderIds.has(id))) await this.dispute(orderId);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async open(): Promise<string[]> {
    const answer = await fetch(`${this.url()}/reviews?state=open&limit=50`, {
      signal: AbortSignal.timeout(30_000),
    });
    const { items } = (await answer.json()) as { items: { orderId: string }[] };
    return items.map(({ orderId }) => orderId);
  }

  private async dispute(orderId: string): Promise<void> {
    const second = this.disputes.length % 2 ? 'approve' : 'decline';
    const [one, other] = await Promise.all([
      this.decide(orderId, this.disputes.length % 3 ? 'approve' : 'decline', 'mara'),
      this.decide(orderId, second, 'noor'),
    ]);
    const state = [one, other].find((answer) => answer?.status === 200)?.state;
    const answers = [one?.status, other?.status].toSorted((a, b) => (a ?? 0) - (b ?? 0));
    this.disputes.push({ orderId, answers, ...(state === undefined ? {} : { state }) });
  }

  private async decide(orderId: string, verdict: string, reviewer: string): Promise<Answer | undefined> {
    try {
      const answer = await post(`${this.url()}/reviews/${orderId}/${verdict}`, {
        reviewer,
        reason: 'called',
      });
      const { state } = (await answer.json()) as { state?: string };
      return { status: answer.status, ...(state === undefined ? {} : { state }) };
    } catch {
      return undefined;
    }
  }
}
