import type { AgentOutcome, TurnKind, Usage } from '../domain/agent.ts';
import type { Commit, Finding } from '../domain/change.ts';
import type { BranchCi, CiExpectation, CiRun, CiState } from '../domain/ci.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { OperatorTaskEvidence } from '../domain/fact.ts';
import type { BlockedBy } from '../domain/failure.ts';
import type { Fingerprint, RemoteLook } from '../domain/fingerprint.ts';
import type { IdeaStatus, IdeaStep } from '../domain/idea.ts';
import type { IssueRefusal } from '../domain/issue.ts';
import type { OperatorTaskState } from '../domain/operator-task.ts';
import type { Remembering } from '../domain/remembering.ts';
import type { Sha } from '../domain/repo.ts';
import type { ReviewFinding, ReviewOutcome } from '../domain/review.ts';
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

/** One look of a reviewer at a change. */
export interface ReviewView {
  readonly agent: string;
  readonly turn: string;
  readonly sha: string;
  readonly outcome: ReviewOutcome;
  readonly why: string;
  readonly findings: readonly ReviewFinding[];
  readonly edited: boolean;
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
  /** How often another run took it up and went on. */
  readonly resumed: number;
  readonly tasks: readonly TaskView[];
  readonly droppedTasks: number;
  /** The plan's reason when it found nothing to do. */
  readonly noWork: string | undefined;
  readonly turns: readonly TurnView[];
  readonly commits: readonly Commit[];
  readonly landed: string | undefined;
  readonly evidence: readonly Evidence[];
  readonly gates: readonly { readonly gate: string; readonly findings: readonly Finding[] }[];
  /** What was said of the change before it landed, turn by turn; undefined: written before there were reviews. */
  readonly review?: readonly ReviewView[] | undefined;
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
  /** How the last visit ended, in words, and what a blocked one waits for. */
  readonly lastWhy?: string | undefined;
  readonly blockedBy?: BlockedBy | undefined;
  /** The last visit ended before it began: there was no repository to be used. */
  readonly refused?: boolean | undefined;
  /** What the last visit found when it began. */
  readonly seen?: Fingerprint | undefined;
  readonly remote?: RemoteLook | undefined;
  /** The last commit that we landed. */
  readonly landed?: string | undefined;
  readonly landedAt?: Instant | undefined;
  /** Visits in a row without anything landed, and failures in a row: the back-off. */
  readonly quietVisits: number;
  readonly failures: number;
  /** Commits landed since the last cleanup turn. */
  readonly landedSinceCleanup: number;
  readonly ci: CiState | undefined;
  readonly ciSha: string | undefined;
  /** What CI says of what somebody else pushed; undefined: not asked since our last landing got its verdict. */
  readonly branchCi?: BranchCi | undefined;
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
  /** The commit takes the landing and its fixes back: nothing is mended or taken back after it. */
  readonly takesBack?: true | undefined;
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

/** An idea on its way to become a repository, and how far it has come. */
export interface IdeaView {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  /** Its folder; empty: no `code_root` said where. */
  readonly path: string;
  /** As of `ideas.yaml` when we moved it last; GONE: it is no longer in there. */
  readonly status: IdeaStatus | 'GONE';
  readonly why: string;
  readonly hint: string;
  /** Where it is, or where it was blocked. */
  readonly step: IdeaStep | undefined;
  readonly steps: Readonly<Partial<Record<IdeaStep, IdeaStepView>>>;
  readonly movedAt: Instant;
}

/** What a step was about to make, or has made. */
export interface IdeaStepView {
  readonly key: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly done: boolean;
  readonly at: Instant;
}

/** What is to be remembered of a repository and has not landed yet. */
export interface MemoryView {
  readonly repo: string;
  /** The oldest first. */
  readonly pending: readonly Remembering[];
  /** The last commit made of some of it; they are off `pending` as soon as it has landed. */
  readonly writing: { readonly commit: Sha; readonly items: readonly string[] } | undefined;
  /** Files that cannot be written, with what people were told of it. */
  readonly leftAlone: Readonly<Record<string, string>>;
  /** What the last few landings wrote down, by commit: a revert takes it away, and not all of it is over. */
  readonly written?: readonly { readonly commit: Sha; readonly items: readonly Remembering[] }[] | undefined;
  /** The last red CI that was told, written down or not: a revert after it has the same cause. */
  readonly lastRedCi?: Remembering | undefined;
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

/** An issue that was judged: what came of it, in numbers and reasons. */
export interface IssueView {
  readonly repo: string;
  readonly number: number;
  readonly state: 'accepted' | 'refused' | 'gone';
  readonly reason: IssueRefusal | undefined;
  /** Number of the account, app or repository that the judgement is about. */
  readonly id: number | undefined;
  /** Digest of what was judged; undefined: it has to be judged again. */
  readonly row: string | undefined;
  readonly snapshot: string;
  readonly content: string;
  /** True: text that a reader does not see was left out. */
  readonly hidden: boolean;
  readonly judgedAt: Instant;
  /** Set when the last visit could not use it, though it was accepted. */
  readonly lastRefused:
    | { readonly reason: IssueRefusal; readonly id: number | undefined; readonly at: Instant }
    | undefined;
  /** The last session that was shown it. */
  readonly offered: { readonly session: string; readonly content: string } | undefined;
  /** The landed work that answered it, and what it asked for then. */
  readonly done:
    | { readonly commit: string; readonly session: string; readonly content: string; readonly at: Instant }
    | undefined;
}

/** Which repository of the forge an entry of the portfolio is. */
export interface ForgeRepositoryView {
  readonly repo: string;
  readonly slug: string;
  /** Undefined: there was none that the token sees. */
  readonly id: number | undefined;
  readonly askedAt: Instant;
}

/** Whose issues are read, by number. */
export interface IssueReadersView {
  readonly owner: number | undefined;
  readonly bots: readonly number[];
  readonly apps: readonly number[];
}
