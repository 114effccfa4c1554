import { countHoldSignal, logger } from '@millrace/telemetry';
import type { HoldWord } from '../domain/hold/hear-all.js';
import type { SignalEffect } from '../domain/hold/hold-life.js';

const log = logger('inventory.holds');

/** Counts what words did; a word that contradicts what is stored is worth a look, so it is logged as well. */
export function countEffects(
  effects: readonly { readonly word: HoldWord; readonly effect: SignalEffect }[],
): void {
  for (const { word, effect } of effects) {
    countHoldSignal(word.signal, effect);
    if (effect !== 'contradicting') continue;
    log.warn(
      { orderId: word.orderId, signal: word.signal },
      'an order says what its hold contradicts; nothing moves',
    );
  }
}
