import type { AgentOutcome, TurnKind, Usage } from '../domain/agent.ts';
import type { Commit, Finding } from '../domain/change.ts';
import type { CiExpectation, CiRun, CiState } from '../domain/ci.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { OperatorTaskEvidence } from '../domain/fact.ts';
import type { BlockedBy } from '../domain/failure.ts';
import type { OperatorTaskState } from '../domain/operator-task.ts';
import type { SessionState } from '../domain/session-state.ts';
import type { Claim, Task, TaskKind, TaskState } from '../domain/task.ts';
import type { Instant } from '../domain/time.ts';

export interface RunView {
  readonly id: string;
  readonly state: 'running' | 'ended';
  readonly pid: number;
  readonly processStart: string;
  readonly host: string;
  readonly startedAt: Instant;
  readonly tickedAt: Instant;
  /** The longest gap between two ticks: how long the machine slept at most. */
  readonly longestGap: { readonly from: Instant; readonly to: Instant } | undefined;
  readonly endedAt: Instant | undefined;
  readonly stopReason: string | undefined;
  readonly exitCode: number | undefined;
  readonly cycle: number;
  /** 0 = until stopped. */
  readonly cycles: number;
  readonly version: string;
  /** The cycle that goes on (or went on last): how many repositories it looks at, and how many it is done with. */
  readonly cycleStartedAt: Instant | undefined;
  readonly cycleEndedAt: Instant | undefined;
  readonly cycleRepos: number;
  readonly cycleDone: number;
  readonly parallel: number;
  readonly agent: string;
  readonly folder: string;
  /** End states → how many sessions, `skipped` among them. */
  readonly sessions: Readonly<Record<string, number>>;
  /** Sessions that ended in a state which may still be left, with that state: so that none counts twice. */
  readonly unsettled: Readonly<Record<string, SessionState>>;
  readonly usage: Usage;
  readonly turns: number;
  readonly agentSeconds: number;
  readonly commits: number;
  readonly pushes: number;
  /** Newest last; at most 20. */
  readonly warnings: readonly string[];
}

export interface TaskView {
  readonly id: string;
  readonly title: string;
  readonly kind: TaskKind;
  readonly state: TaskState;
  /** How it ended, in words; until then why it is wanted. */
  readonly why: string;
  readonly commit: string | undefined;
  readonly claims: readonly Claim[];
  /** The task as it was planned: enough to take it up again after a crash. */
  readonly plan: Task;
}

export interface TurnView {
  readonly id: string;
  readonly kind: TurnKind;
  readonly agent: string;
  readonly task: string | undefined;
  readonly thread: string | undefined;
  readonly startedAt: Instant;
  readonly model: string;
  readonly outcome: AgentOutcome | undefined;
  readonly seconds: number;
  readonly usage: Usage;
  readonly doing: string | undefined;
  readonly log: string;
}

export interface SessionView {
  readonly id: string;
  readonly repo: string;
  readonly path: string;
  readonly run: string;
  readonly cycle: number;
  readonly state: SessionState;
  readonly why: string | undefined;
  readonly blockedBy: BlockedBy | undefined;
  readonly agent: string;
  readonly land: 'push' | 'pr' | 'hold';
  /** The signal that called for the visit. */
  readonly calledBy: string;
  readonly states: readonly {
    readonly state: SessionState;
    readonly at: Instant;
    readonly facts: Readonly<Record<string, unknown>>;
  }[];
  readonly startedAt: Instant;
  readonly endedAt: Instant | undefined;
  readonly folder: string | undefined;
  readonly branch: string | undefined;
  readonly target: string | undefined;
  readonly base: string | undefined;
  readonly logs: string;
  readonly fence: number | undefined;
  readonly leaseKey: string | undefined;
  readonly thread: string | undefined;
  readonly tasks: readonly TaskView[];
  readonly droppedTasks: number;
  /** The plan's reason when it found nothing to do. */
  readonly noWork: string | undefined;
  readonly turns: readonly TurnView[];
  readonly commits: readonly Commit[];
  readonly landed: string | undefined;
  readonly evidence: readonly Evidence[];
  readonly gates: readonly { readonly gate: string; readonly findings: readonly Finding[] }[];
  readonly salvage: readonly { readonly ref: string; readonly sha: string; readonly why: string }[];
  readonly overClaims: readonly { readonly claim: string; readonly saw: string }[];
  readonly checkout: { readonly moved: boolean; readonly why: string } | undefined;
  readonly ci:
    | {
        /** The commit that is watched: the landed one, or that of the latest fix. */
        readonly sha: string;
        readonly state: CiState;
        readonly attempts: number;
        readonly runs: readonly CiRun[];
        readonly why: string;
        readonly url: string | undefined;
      }
    | undefined;
  readonly usage: Usage;
}

export interface RepoView {
  readonly name: string;
  readonly path: string;
  readonly branch: string;
  readonly lastSession: string | undefined;
  readonly lastState: SessionState | undefined;
  /** When the last visit began; undefined: never touched. */
  readonly lastVisit: Instant | undefined;
  readonly fingerprint: string | undefined;
  /** Fingerprint at the end of the last visit that found nothing to do. */
  readonly quietFingerprint: string | undefined;
  /** Visits in a row without anything landed, and failures in a row: the back-off. */
  readonly quietVisits: number;
  readonly failures: number;
  /** Commits landed since the last cleanup turn. */
  readonly landedSinceCleanup: number;
  readonly ci: CiState | undefined;
  readonly ciSha: string | undefined;
  readonly skippedWhy: string | undefined;
  readonly skippedAt: Instant | undefined;
  readonly nextDue: Instant | undefined;
}

export interface WatchView {
  readonly repo: string;
  readonly sha: string;
  readonly parent: string;
  readonly branch: string;
  readonly slug: string;
  readonly session: string;
  readonly run: string;
  readonly cycle: number;
  readonly attempt: number;
  readonly expected: CiExpectation;
  readonly startedAt: Instant;
  readonly state: CiState;
  readonly runs: readonly CiRun[];
  readonly rerunAsked: boolean;
  /** Signatures of the failures read so far on this landing and its fixes, oldest first. */
  readonly signatures: readonly string[];
  /** Fix passes begun on this commit, those that died with their run among them; undefined: written before this was counted. */
  readonly fixesBegun?: number | undefined;
  readonly why: string;
  readonly url: string | undefined;
  readonly endedAt: Instant | undefined;
}

/** An agent's account that a limit or a failed login parked. */
export interface AgentView {
  readonly agent: string;
  readonly until: Instant | undefined;
  readonly why: string;
  readonly since: Instant;
  /** When a turn of it was started again after that; undefined: not since. */
  readonly startedAgain: Instant | undefined;
}

/** One piece of work that a person asked for. */
export interface OperatorTaskView {
  readonly id: string;
  readonly repo: string;
  readonly title: string;
  readonly details: string;
  readonly priority: number;
  readonly now: boolean;
  readonly paths: readonly string[];
  readonly state: OperatorTaskState;
  readonly addedAt: Instant;
  readonly movedAt: Instant;
  readonly session: string | undefined;
  readonly why: string;
  readonly evidence: OperatorTaskEvidence | undefined;
  /** How often a session claimed it. */
  readonly claims: number;
}

export interface LeaseView {
  readonly key: string;
  /** Grows with each taking, over all keys: the place of the taking in the one order. */
  readonly fence: number;
  readonly holder: string;
  readonly pid: number;
}

/** A commit that we landed, and which session it is from. */
export interface CommitView {
  readonly sha: string;
  readonly repo: string;
  readonly session: string;
  readonly run: string;
  readonly task: string | undefined;
  readonly subject: string;
  readonly at: Instant;
}
