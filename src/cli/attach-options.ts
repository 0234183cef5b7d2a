import type { Ledger } from '../ledger/ledger.ts';
import type { Seeing } from '../ports/seeing.ts';
import type { CliContext, Home } from './context.ts';

/** What it takes to let a run be seen. */
export interface AttachOptions {
  readonly ledger: Ledger;
  readonly home: Home;
  readonly run: string;
  /** The log folder of the run. */
  readonly runFolder: string;
  /** What standard output shows: a view that redraws, a line per event, every event as JSON, or nothing. */
  readonly mode: 'live' | 'plain' | 'json' | 'quiet';
  readonly context: CliContext;
  readonly seeing: Seeing;
  /** Masks secrets; everything that is shown or written goes through it. */
  readonly redact: (text: string) => string;
}
