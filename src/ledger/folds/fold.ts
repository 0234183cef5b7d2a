import type { LedgerEvent } from '../../domain/fact.ts';

/** How one kind of view follows from events. */
export interface Fold<View> {
  /** The keys of the views that an event touches. */
  touches(event: LedgerEvent): readonly string[];
  /** The view after the event; the same object back means that nothing changed. */
  fold(view: View | undefined, event: LedgerEvent, key: string): View | undefined;
  columns(view: View): { run?: string | undefined; repo?: string | undefined; state?: string | undefined };
}

/** For events that lack what every one of their kind has: a bug of whoever recorded them. */
export function missing(event: LedgerEvent, what: string): never {
  throw new Error(`${event.type} was recorded without ${what}.`);
}
