import type { Fact, LedgerEvent } from '../domain/fact.ts';

/** One folded document, with the columns it can be looked up by. */
export interface ViewRow {
  readonly kind: string;
  readonly key: string;
  readonly run: string | undefined;
  readonly repo: string | undefined;
  readonly state: string | undefined;
  /** The event that touched it last. */
  readonly seq: number;
  readonly doc: unknown;
}

/** How views follow from events. Pure; applied inside the transaction that appends. */
export interface Folding {
  /** The views an event touches. */
  touches(event: LedgerEvent): readonly { kind: string; key: string }[];
  /** The document after the event; the same object back means that nothing changed. */
  fold(view: { kind: string; key: string }, doc: unknown, event: LedgerEvent): unknown;
  /** The columns of a document. */
  columns(
    kind: string,
    doc: unknown,
  ): { run?: string | undefined; repo?: string | undefined; state?: string | undefined };
}

export interface EventQuery {
  readonly afterSeq?: number | undefined;
  readonly sinceAt?: number | undefined;
  readonly run?: string | undefined;
  readonly session?: string | undefined;
  readonly repo?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  /** True: from the newest back. */
  readonly newestFirst?: boolean | undefined;
}

export interface ViewQuery {
  readonly kind: string;
  readonly run?: string | undefined;
  readonly repo?: string | undefined;
  readonly states?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  /** True: the last touched first (the default is the order of first touch). */
  readonly newestFirst?: boolean | undefined;
}

/**
 * Events in one order, shared by every process on the machine, and the views folded from them.
 * An `append` is all or nothing, and durable when it resolves.
 */
export interface EventLog extends AsyncDisposable {
  append(facts: readonly Fact[], at: number, folding: Folding): Promise<readonly LedgerEvent[]>;
  events(query: EventQuery): Promise<readonly LedgerEvent[]>;
  view(kind: string, key: string): Promise<ViewRow | undefined>;
  views(query: ViewQuery): Promise<readonly ViewRow[]>;
}
