import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { observeReconciliation, observeWatch } from '@millrace/telemetry';
import { ReconcileKeeper } from '../reconcile/reconcile-keeper.js';
import { GroupWatch } from '../watch/group-watch.js';

/** Runs what only watches, beside the keepers: the keeper's health does not depend on it, its metrics tell how old it is. */
@Injectable()
export class WatchRuntime implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #forget: readonly (() => void)[] = [];

  constructor(
    private readonly watch: GroupWatch,
    private readonly reconciler: ReconcileKeeper,
  ) {}

  /** Begins to watch. */
  onApplicationBootstrap(): void {
    this.watch.start();
    this.reconciler.start();
    this.#forget = [
      observeWatch(() => this.watch.view()),
      observeReconciliation(() => this.reconciler.view()),
    ];
  }

  /** Ends watching, before the connections that it uses end. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#forget.forEach((forget) => forget());
    await Promise.all([this.reconciler.stop(), this.watch.stop()]);
  }
}
