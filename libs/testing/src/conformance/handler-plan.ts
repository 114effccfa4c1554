import { RetryableError, FatalError, type EventContext, type ReceivedEvent } from '@millrace/messaging';

/** What goes wrong with an event, beside its real handler; `times` counts handler calls with this event alone. */
export type Behaviour =
  /** Throws after the effect was written. */
  | { readonly kind: 'fails'; readonly times?: number }
  | { readonly kind: 'is fatal' }
  /** Kills the connection of its transaction after the effect was written. */
  | { readonly kind: 'kills its connection'; readonly times?: number }
  /** Never comes to an end. */
  | { readonly kind: 'hangs'; readonly times?: number }
  /** Begins only when the promise is resolved. */
  | { readonly kind: 'waits'; readonly until: Promise<void> };

/** One call of a handler, as the plan saw it. */
export interface HandlerCall {
  readonly events: readonly Pick<ReceivedEvent, 'id' | 'traceId'>[];
  /** True once the real handler and the plan let it through. */
  passed: boolean;
}

/** Failures by event id, injected around the real handler, and a record of its calls. */
export class HandlerPlan {
  readonly calls: HandlerCall[] = [];
  /** While true every event fails. */
  everythingFails = false;
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly spent = new Map<string, number>();

  /** Sets what goes wrong with an event. */
  let(eventId: string, behaviour: Behaviour): void {
    this.behaviours.set(eventId, behaviour);
  }

  /** From now on nothing goes wrong. */
  mend(): void {
    this.behaviours.clear();
    this.everythingFails = false;
  }

  /** Calls that held an event, whatever became of them. */
  callsOf(eventId: string): readonly HandlerCall[] {
    return this.calls.filter(({ events }) => events.some(({ id }) => id === eventId));
  }

  /** The given events in the order in which their handlers passed last. */
  order(eventIds: readonly string[]): readonly string[] {
    const passed = this.calls
      .filter((call) => call.passed)
      .flatMap(({ events }) => events.map(({ id }) => id));
    return eventIds.toSorted((one, other) => passed.lastIndexOf(one) - passed.lastIndexOf(other));
  }

  /** Runs the real handler as planned. */
  async run(
    events: readonly ReceivedEvent[],
    context: EventContext,
    handler: () => Promise<void>,
  ): Promise<void> {
    const call: HandlerCall = { events, passed: false };
    this.calls.push(call);
    for (const { id } of events) await this.before(id, events.length === 1);
    await handler();
    for (const { id } of events) await this.after(id, events.length === 1, context);
    call.passed = true;
  }

  private async before(id: string, alone: boolean): Promise<void> {
    const behaviour = this.behaviours.get(id);
    if (behaviour?.kind === 'waits') await behaviour.until;
    if (behaviour?.kind === 'hangs' && this.happens(id, behaviour, alone)) await new Promise(() => undefined);
  }

  private async after(id: string, alone: boolean, { tx }: EventContext): Promise<void> {
    const behaviour = this.behaviours.get(id);
    if (behaviour?.kind === 'is fatal') throw new FatalError('this event can never take effect');
    if (behaviour?.kind === 'kills its connection' && this.happens(id, behaviour, alone)) {
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    }
    const fails = behaviour?.kind === 'fails' && this.happens(id, behaviour, alone);
    if (fails || this.everythingFails) throw new RetryableError('this event cannot take effect now');
  }

  private happens(id: string, { times = Infinity }: { readonly times?: number }, alone: boolean): boolean {
    const spent = this.spent.get(id) ?? 0;
    if (spent >= times) return false;
    if (alone) this.spent.set(id, spent + 1);
    return true;
  }
}
