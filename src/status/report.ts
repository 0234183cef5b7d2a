import type { EndState } from '../domain/session-state.ts';
import type { IssuesPart } from './issue-parts.ts';

/** Times are UTC, ISO 8601; what does not apply is null. This is `status --json`, and every other form is made of it. */
export interface StatusReport {
  readonly schema_version: 1;
  readonly generated_at: string;
  readonly home: string;
  readonly verdict: { readonly state: VerdictState; readonly sentence: string };
  /** Set when the loop slept for long: now, or earlier in the run. */
  readonly asleep: AsleepPart | null;
  readonly needs_you: readonly NeedPart[];
  readonly run: RunPart | null;
  readonly workers: readonly WorkerPart[];
  readonly waiting: readonly WaitingPart[];
  /** Slots of the worker pool that nothing is dispatched to, and why. */
  readonly free_slots: { readonly count: number; readonly why: string };
  readonly ci: readonly CiPart[];
  /** Issues, in numbers: never their words. */
  readonly issues: IssuesPart;
  /** How the sessions of the run ended. */
  readonly sessions: Readonly<Record<SessionCount, number>>;
  readonly since_last_look: readonly NewsPart[];
  readonly last_look: string | null;
  readonly usage: UsagePart;
  /** When the next thing starts by itself, and what. */
  readonly goes_on: { readonly at: string | null; readonly why: string };
  readonly repos: readonly RepoPart[];
}

type VerdictState = 'ok' | 'attention' | 'problem' | 'idle';

type SessionCount = 'landed' | Exclude<EndState, 'cleaned'>;

export interface AsleepPart {
  readonly from: string;
  /** Null: it still is. */
  readonly to: string | null;
  readonly sentence: string;
}

export interface NeedPart {
  readonly repo: string | null;
  readonly session: string | null;
  readonly since: string | null;
  /** The type of the block, or what else it is: `ci_red`, `agent`, `configuration`, `run_died`. */
  readonly what: string;
  readonly why: string;
  /** The command that helps. */
  readonly hint: string;
}

export interface RunPart {
  readonly id: string;
  readonly state: 'running' | 'died' | 'ended';
  readonly started_at: string;
  readonly ticked_at: string;
  readonly ended_at: string | null;
  readonly cycle: number;
  /** 0: until stopped. */
  readonly cycles: number;
  readonly repos_in_cycle: number;
  readonly repos_done: number;
  readonly parallel: number;
  readonly agent: string;
  readonly stop_reason: string | null;
  readonly exit_code: number | null;
  readonly logs: string;
  readonly warnings: readonly string[];
}

export interface WorkerPart {
  readonly repo: string;
  readonly session: string;
  /** The kind of the turn that goes on, or the state of the session between turns. */
  readonly turn: string;
  /** Which task of how many; null while it plans. */
  readonly task: number | null;
  readonly of: number;
  readonly title: string | null;
  readonly since: string;
  readonly tokens: number;
  readonly doing: string | null;
}

export interface WaitingPart {
  readonly repo: string;
  readonly for: string;
  readonly since: string | null;
}

export interface CiPart {
  readonly repo: string;
  readonly sha: string;
  readonly session: string;
  readonly state: string;
  readonly attempts: number;
  readonly url: string | null;
  readonly since: string;
  readonly why: string;
}

export interface NewsPart {
  readonly at: string;
  readonly repo: string;
  readonly session: string;
  /** `landed`, `rejected`, `blocked`, `failed`, `interrupted`, or `ci red` and the like. */
  readonly what: string;
  readonly why: string;
}

export interface UsagePart {
  readonly turns: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly agent_seconds: number;
  readonly commits: number;
  readonly pushes: number;
}

export interface RepoPart {
  readonly name: string;
  readonly path: string;
  readonly branch: string;
  readonly state: string;
  readonly last_session: string | null;
  readonly last_visit: string | null;
  readonly ci: string | null;
  readonly next_due: string | null;
  readonly why: string;
}
