import { hear, type HoldSignal, type HoldStatus, type SignalEffect } from './hold-life.js';

/** A signal about an order. */
export interface HoldWord {
  readonly orderId: string;
  readonly signal: HoldSignal;
}

/** What a batch of words comes to. */
export interface Heard<Word> {
  /** Words that move a hold from where it stood. */
  readonly moved: readonly Word[];
  /** Words about orders of which nothing is known, to be kept. */
  readonly early: readonly Word[];
  /** One per word, in order. */
  readonly effects: readonly { readonly word: Word; readonly effect: SignalEffect }[];
}

/** Hears words in their order; a later one of the same order meets what an earlier one has made of it. */
export function hearAll<Word extends HoldWord>(
  words: readonly Word[],
  stored: ReadonlyMap<string, HoldStatus>,
): Heard<Word> {
  const statuses = new Map<string, HoldStatus | undefined>(stored);
  const effects = words.map((word) => {
    const { status, effect } = hear(statuses.get(word.orderId), word.signal);
    statuses.set(word.orderId, status);
    return { word, effect };
  });
  const having = (wanted: SignalEffect) =>
    effects.filter(({ effect }) => effect === wanted).map(({ word }) => word);
  return { moved: having('moved'), early: having('early'), effects };
}
