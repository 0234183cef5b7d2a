import type { Fact, LedgerEvent } from '../../src/domain/fact.ts';
import type { Fold } from '../../src/ledger/folds/fold.ts';

/** A fact and when it happened; without a moment: one second after the one before. */
export type Told = Fact | readonly [at: number, fact: Fact];

/** Facts as events, in order. */
export function events(told: readonly Told[]): readonly LedgerEvent[] {
  let clock = 0;
  return told.map((one, index) => {
    const [at, fact] = 'type' in one ? [clock + 1000, one] : one;
    clock = at;
    return { ...fact, at, seq: index + 1 };
  });
}

/** The views that one kind of fold makes of facts, by key. */
export function foldFacts<View>(fold: Fold<View>, told: readonly Told[]): ReadonlyMap<string, View> {
  const views = new Map<string, View>();
  for (const event of events(told)) {
    for (const key of fold.touches(event)) {
      const view = fold.fold(views.get(key), event, key);
      if (view !== undefined) views.set(key, view);
    }
  }
  return views;
}
