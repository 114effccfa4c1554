import { isIP } from 'node:net';
import { Body, Controller, Delete, Get, HttpStatus, Param, Put, Query, Res } from '@nestjs/common';
import {
  access,
  answers,
  bodyOf,
  notFound,
  ProblemError,
  queryOf,
  refuses,
  validated,
} from '@millrace/service/http';
import type { Static } from 'typebox';
import type { ListName } from '../domain/inputs.js';
import type { KeyKind } from '../domain/velocity/key-kind.js';
import type { ListEntry } from '../lists/list-entry.sql.js';
import { ListStore } from '../lists/list.store.js';
import { cursorReader, cursorText } from './cursor.js';
import {
  EntryPlace,
  KindParam,
  ListChangeText,
  ListEntriesQuery,
  ListEntryAnswer,
  ListPageAnswer,
  ListParam,
  ValueParam,
} from './lists.schemas.js';

const PAGE_ENTRIES = 50;
const placeOf = cursorReader(EntryPlace);

/** Customers, cards, IP addresses and devices that people allow or deny. */
@Controller('lists/:list')
export class ListsController {
  constructor(private readonly lists: ListStore) {}

  /** The entries of a list, by kind and key. */
  @Get()
  @access('read')
  @queryOf(ListEntriesQuery)
  @answers(HttpStatus.OK, ListPageAnswer)
  @refuses(422, 503)
  async page(
    @Param('list', validated(ListParam)) list: ListName,
    @Query(validated(ListEntriesQuery)) query: Static<typeof ListEntriesQuery>,
  ): Promise<ListPageAnswer> {
    const { kind, state, cursor, limit = PAGE_ENTRIES } = query;
    const { items, next } = await this.lists.page({
      list,
      limit,
      removed: state === 'removed',
      ...(kind === undefined ? {} : { kind }),
      ...(cursor === undefined ? {} : { after: placeOf(cursor) }),
    });
    return { items: items.map(entryAnswer), ...(next ? { nextCursor: cursorText(next) } : {}) };
  }

  /** Puts a key on a list; it counts from the next decision on. */
  @Put(':kind/:value')
  @access('write')
  @bodyOf(ListChangeText)
  @answers(HttpStatus.OK, ListEntryAnswer, 'It was there already and is there for this reason now.')
  @answers(HttpStatus.CREATED, ListEntryAnswer)
  @refuses(400, 413, 415, 422, 503)
  async put(
    @Param('list', validated(ListParam)) list: ListName,
    @Param('kind', validated(KindParam)) kind: KeyKind,
    @Param('value', validated(ValueParam)) value: string,
    @Body(validated(ListChangeText)) change: Static<typeof ListChangeText>,
    @Res({ passthrough: true }) reply: { status(code: number): unknown },
  ): Promise<ListEntryAnswer> {
    assertKey(kind, value);
    const { isNew, ...entry } = await this.lists.put({ list, kind, value }, change);
    reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return entryAnswer(entry);
  }

  /** Takes a key off a list; who did so and why stays readable with `state=removed`. */
  @Delete(':kind/:value')
  @access('write')
  @queryOf(ListChangeText)
  @answers(HttpStatus.OK, ListEntryAnswer)
  @refuses(404, 422, 503)
  async remove(
    @Param('list', validated(ListParam)) list: ListName,
    @Param('kind', validated(KindParam)) kind: KeyKind,
    @Param('value', validated(ValueParam)) value: string,
    @Query(validated(ListChangeText)) change: Static<typeof ListChangeText>,
  ): Promise<ListEntryAnswer> {
    const removed = await this.lists.remove({ list, kind, value }, change);
    if (!removed) throw notFound('list-entry', `${list}/${kind}`);
    return entryAnswer(removed);
  }
}

function entryAnswer({ addedAt, removedAt, removedBy, removedReason, ...entry }: ListEntry): ListEntryAnswer {
  return {
    ...entry,
    addedAt: addedAt.toISOString(),
    ...(removedReason === null ? {} : { removedReason }),
    ...(removedBy === null ? {} : { removedBy }),
    ...(removedAt === null ? {} : { removedAt: removedAt.toISOString() }),
  };
}

function assertKey(kind: KeyKind, value: string): void {
  if (kind !== 'ip' || isIP(value) !== 0) return;
  throw new ProblemError({
    status: 422,
    code: 'invalid-request',
    title: 'Invalid request',
    errors: [{ path: '/value', message: 'must be an IPv4 or IPv6 address' }],
  });
}
