import type { Options } from '../config/options.ts';
import type { Repo } from '../domain/repo.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunFiles } from '../ports/run-files.ts';
import type { World } from '../ports/world.ts';

/** What a run is told before it begins. */
export interface RunOrder {
  readonly run: string;
  readonly options: Options;
  /** Names from the command line; empty: the whole portfolio. */
  readonly only: readonly string[];
  /** The options of one repository, read anew for each cycle. */
  optionsFor(repo: Repo): Promise<Options>;
  /** What a repository's own `.clone.yaml` asked for in vain, in words. */
  warningsFor(repo: Repo): Promise<readonly string[]>;
  /** Reads the configuration again between cycles; answers why it could not, when it could not. */
  reload(): Promise<{ options: Options; problem: string | undefined }>;
}

/** The world as a command opens it, with the ledger on it. */
export type OpenWorld = World & {
  readonly ledger: Ledger;
  /** What was not right while it was opened, in words. */
  readonly warnings: readonly string[];
};

/** The world of a run: everything outside, with the ledger opened on it and its log folder made. */
export type RunWorld = OpenWorld & { readonly files: RunFiles };
