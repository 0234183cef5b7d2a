import type { Options } from '../config/options.ts';
import type { Identity, Repo } from '../domain/repo.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Mirror, Workspace } from '../ports/mirrors.ts';
import type { RunFiles } from '../ports/run-files.ts';
import type { World } from '../ports/world.ts';

/** The part of the world a session uses. */
export type SessionWorld = Pick<
  World,
  | 'clock'
  | 'leases'
  | 'mirrors'
  | 'workplace'
  | 'commands'
  | 'agents'
  | 'prompts'
  | 'redact'
  | 'randomId'
  | 'checkEnvironment'
> & { readonly ledger: Ledger; readonly files: Pick<RunFiles, 'write'> };

/** Two ways to be asked to end: `drain` finishes the step at hand, `now` ends its processes and keeps the work. */
export interface Stop {
  readonly drain: AbortSignal;
  readonly now: AbortSignal;
}

/** Asked anew at each call: a check once made does not hold after the next `await`. */
export function isDraining(stop: Stop): boolean {
  return stop.drain.aborted;
}

export function mustEndNow(stop: Stop): boolean {
  return stop.now.aborted;
}

/** Why a repository is visited, with everything that was decided before. */
export interface Visit {
  readonly session: string;
  readonly repo: Repo;
  readonly identity: Identity;
  readonly options: Options;
  readonly run: string;
  readonly cycle: number;
  /** What called for the visit, in words; also told to the agent. */
  readonly signals: readonly string[];
  /** True: people asked for work, and nothing else calls for the visit, so no plan turn is spent. */
  readonly onlyAsked: boolean;
  /** Commits landed in this repository since its last cleanup turn. */
  readonly landedSinceCleanup: number;
  /** Folder of the session's logs, and the same relative to the run folder. */
  readonly folder: string;
  readonly logs: string;
}

/** A session with its workspace open: what every step from here on is handed. */
export interface OpenSession {
  readonly visit: Visit;
  readonly mirror: Mirror;
  readonly workspace: Workspace;
  readonly ledger: Ledger;
}
