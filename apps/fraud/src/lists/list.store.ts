import { Injectable } from '@nestjs/common';
import { Transactions } from '@millrace/persistence';
import type { ListName } from '../domain/inputs.js';
import { sameIp, type KeyKind } from '../domain/velocity/key-kind.js';
import { LIST_ENTRIES, PUT_ENTRY, REMOVE_ENTRY, type ListEntry, type ListPlace } from './list-entry.sql.js';

/** Who changes a list, and why. */
export interface ListChange {
  readonly by: string;
  readonly reason: string;
}

/** Which entries of a list are asked for. */
export interface ListQuery {
  readonly list: ListName;
  readonly kind?: KeyKind;
  /** Entries that were taken off instead of those that count. */
  readonly removed: boolean;
  readonly limit: number;
  readonly after?: Pick<ListEntry, 'kind' | 'value'>;
}

/** A page of entries, by kind and key; `next` is there when more follow. */
export interface ListEntries {
  readonly items: readonly ListEntry[];
  readonly next?: Pick<ListEntry, 'kind' | 'value'>;
}

/** Lists of keys that people allow or deny; a change counts from the next decision on. */
@Injectable()
export class ListStore {
  constructor(private readonly transactions: Transactions) {}

  /** Puts a key on a list, or changes why it is there; `isNew` tells which. */
  async put(place: ListPlace, { by, reason }: ListChange): Promise<ListEntry & { readonly isNew: boolean }> {
    const { list, kind, value } = normalised(place);
    const [entry] = await this.transactions.read<ListEntry & { isNew: boolean }>(PUT_ENTRY, [
      ...[list, kind, value],
      ...[reason, by, new Date()],
    ]);
    if (!entry) throw new TypeError('an upsert always returns its row');
    return entry;
  }

  /** Takes a key off a list; undefined when it is not there. */
  async remove(place: ListPlace, { by, reason }: ListChange): Promise<ListEntry | undefined> {
    const { list, kind, value } = normalised(place);
    const [entry] = await this.transactions.read<ListEntry>(REMOVE_ENTRY, [
      ...[list, kind, value],
      ...[reason, by, new Date()],
    ]);
    return entry;
  }

  /** A page of a list. */
  async page({ list, kind, removed, limit, after }: ListQuery): Promise<ListEntries> {
    const rows = await this.transactions.read<ListEntry>(LIST_ENTRIES, [
      ...[list, kind ?? null, removed],
      ...[after?.kind ?? null, after?.value ?? null, limit + 1],
    ]);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, ...(last ? { next: { kind: last.kind, value: last.value } } : {}) };
  }
}

function normalised(place: ListPlace): ListPlace {
  return place.kind === 'ip' ? { ...place, value: sameIp(place.value) } : place;
}
