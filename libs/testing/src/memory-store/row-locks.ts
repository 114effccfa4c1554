interface Waiting {
  readonly owner: object;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Lock {
  readonly owner: object;
  readonly queue: readonly Waiting[];
}

/** Exclusive locks by name, each held by one owner until it ends; whoever comes later waits in line. */
export class RowLocks {
  private readonly locks = new Map<string, Lock>();

  /** Owners that wait for somebody else. */
  get waiting(): number {
    return [...this.locks.values()].reduce((count, { queue }) => count + queue.length, 0);
  }

  /** Takes a lock that is free, or the owner's already; false when it is somebody else's. */
  tryLock(owner: object, name: string): boolean {
    const lock = this.locks.get(name);
    if (!lock) this.locks.set(name, { owner, queue: [] });
    return !lock || lock.owner === owner;
  }

  /** Takes a lock as soon as everybody before has let go of it; rejects when the owner ends meanwhile. */
  lock(owner: object, name: string): Promise<void> | undefined {
    if (this.tryLock(owner, name)) return undefined;
    const lock = this.locks.get(name);
    if (!lock) return undefined;
    return new Promise((resolve, reject) => {
      this.locks.set(name, { ...lock, queue: [...lock.queue, { owner, resolve, reject }] });
    });
  }

  /** Lets go of one lock. */
  release(owner: object, name: string): void {
    const lock = this.locks.get(name);
    if (lock?.owner !== owner) return;
    const [next, ...queue] = lock.queue;
    if (!next) return void this.locks.delete(name);
    this.locks.set(name, { owner: next.owner, queue });
    next.resolve();
  }

  /** Ends an owner: its locks go to those who wait, and what it waits for itself is refused. */
  end(owner: object, error: Error): void {
    for (const [name, { owner: holder, queue }] of [...this.locks]) {
      const mine = queue.filter((waiting) => waiting.owner === owner);
      const others = queue.filter((waiting) => waiting.owner !== owner);
      this.locks.set(name, { owner: holder, queue: others });
      mine.forEach((waiting) => waiting.reject(error));
      this.release(owner, name);
    }
  }
}
