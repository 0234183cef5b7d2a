import type { Options } from '../config/options.ts';
import type { CiFailure } from '../domain/ci.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { TrustedIssue } from '../domain/issue.ts';
import type { MemoryKind } from '../domain/memory.ts';
import type { Identity, Repo, Sha } from '../domain/repo.ts';
import type { Signal } from '../domain/signal.ts';
import type { Instant } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Mirror, PlainFile, Workspace } from '../ports/mirrors.ts';
import type { RunFiles } from '../ports/run-files.ts';
import type { World } from '../ports/world.ts';
import type { Knowledge } from './knowledge.ts';

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
  | 'forge'
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

/** What CI has against the branch: the commit, and what its jobs and logs say. Untrusted text, to be fenced. */
export interface RedCi {
  readonly sha: Sha;
  readonly failures: readonly CiFailure[];
}

/** Why a repository is visited, with everything that was decided before. */
export interface Visit {
  readonly session: string;
  readonly repo: Repo;
  readonly identity: Identity;
  readonly options: Options;
  readonly run: string;
  readonly cycle: number;
  /** What called for the visit, the weightiest first; also told to the agent. */
  readonly signals: readonly Signal[];
  /** Issues of people we trust, as they were when the cycle began: data, to be read again and compared. */
  readonly issues: readonly TrustedIssue[];
  /** What is red on the branch, where that calls for the visit and could be read. */
  readonly redCi?: RedCi | undefined;
  /** What was gathered before the visit, to tell later whether anything is new. */
  readonly seen?: Fingerprint | undefined;
  /** When the forge says that somebody pushed last. */
  readonly pushedAt?: Instant | undefined;
  /** True: people asked for work, and nothing else calls for the visit, so no plan turn is spent. */
  readonly onlyAsked: boolean;
  /** Commits landed in this repository since its last cleanup turn. */
  readonly landedSinceCleanup: number;
  /** Folder of the session's logs, and the same relative to the run folder. */
  readonly folder: string;
  readonly logs: string;
}

/** The files that we write ourselves, as they were before an agent was at work. AGENTS.md has a gate instead. */
export type MemoryBefore = ReadonlyMap<MemoryKind, PlainFile>;

/** A session with its workspace open: what every step from here on is handed. */
export interface OpenSession {
  readonly visit: Visit;
  /** What the repository remembered when the session began. */
  readonly knowledge: Knowledge;
  /** The files that remember, as they were before an agent was at work; left out where no agent works. */
  readonly before?: MemoryBefore | undefined;
  readonly mirror: Mirror;
  readonly workspace: Workspace;
  readonly ledger: Ledger;
}
