import type { AgentOutcome, TurnKind, Usage } from './agent.ts';
import type { Commit, Finding } from './change.ts';
import type { CiExpectation, CiRun, CiVerdict } from './ci.ts';
import type { Evidence } from './evidence.ts';
import type { BlockedBy } from './failure.ts';
import type { OperatorTaskState } from './operator-task.ts';
import type { Sha } from './repo.ts';
import type { SessionState } from './session-state.ts';
import type { Claim, Task, TaskState } from './task.ts';
import type { Instant } from './time.ts';

/** What it rests on that an operator task is done: the landed commit, the checks that we ran on it, its files. */
export interface OperatorTaskEvidence {
  readonly commit: Sha;
  readonly checks: readonly { readonly check: string; readonly exitCode: number | undefined }[];
  readonly files: number;
}

/** What a field of a fact means; its TypeScript type rides along. `docs/EVENTS.md` is made from these. */
export interface Field<Value> {
  readonly says: string;
  readonly shape: string;
  readonly type?: Value;
}

function text(says: string): Field<string> {
  return { says, shape: 'string' };
}
function maybeText(says: string): Field<string | undefined> {
  return { says, shape: 'string, optional' };
}
function count(says: string): Field<number> {
  return { says, shape: 'number' };
}
function moment(says: string): Field<Instant | undefined> {
  return { says, shape: 'UTC time, optional' };
}
function flag(says: string): Field<boolean> {
  return { says, shape: 'boolean' };
}
function of<Value>(shape: string, says: string): Field<Value> {
  return { says, shape };
}

/**
 * Every kind of fact the ledger knows, with its fields. A fact is past tense, is never edited, and carries
 * beside these fields the context it happened in (`run`, `cycle`, `repo`, `session`, `turn`, `task`).
 */
export const factTable = {
  'run-started': {
    says: 'A run began.',
    fields: {
      pid: count('process id of the run'),
      processStart: text('start time of that process as the operating system counts it'),
      host: text('name of the machine'),
      version: text('version of clone'),
      cycles: count('cycles asked for; 0 = until stopped'),
      parallel: count('sessions at once'),
      agent: text('first agent of the list'),
      folder: text('log folder of the run'),
    },
  },
  'run-ticked': { says: 'The run is alive. A gap between ticks means that the machine slept.', fields: {} },
  'run-ended': {
    says: 'A run ended, and which rule ended it.',
    fields: { stopReason: text('cycles done, hours, stop, interrupted, ...'), exitCode: count('exit code') },
  },
  'config-refused': {
    says: 'A configuration file was edited into something unreadable; the last good one stays in force.',
    fields: { message: text('file, line, column and what is wrong') },
  },
  'cycle-started': {
    says: 'A sweep over the portfolio began.',
    fields: { repos: count('repositories considered') },
  },
  'cycle-ended': { says: 'Every session of the sweep is in an end state, and so is its CI.', fields: {} },
  'repos-skipped': {
    says: 'Repositories that this cycle does not visit, with the reason of each.',
    fields: {
      skipped: of<readonly { repo: string; why: string; nextDue?: Instant | undefined }[]>(
        '[{repo, why, nextDue}]',
        'who and why',
      ),
    },
  },
  'repo-seen': {
    says: 'What a visit found, kept to tell later whether anything is new.',
    fields: {
      path: text('where it is'),
      branch: text('branch that sessions land on'),
      fingerprint: text('digest of everything that could be a reason to work'),
    },
  },
  'session-queued': {
    says: 'A repository was chosen for a visit.',
    fields: {
      agent: text('agent that will work'),
      land: of<'push' | 'pr' | 'hold'>("'push' | 'pr' | 'hold'", 'how it lands'),
      why: text('the signal that called for the visit'),
      path: text('the path of the portfolio entry'),
      logs: text('folder of the session, relative to the run folder'),
    },
  },
  'session-moved': {
    says: 'A session changed state, with the facts that its guard looked at.',
    fields: {
      to: of<SessionState>('state', 'the new state'),
      why: maybeText('in words, where there is something to say'),
      blockedBy: of<BlockedBy | undefined>('what a blocked session waits for, optional', 'type of the block'),
      facts: of<Readonly<Record<string, unknown>>>('object', 'shas, exit codes, fence: what the guard saw'),
    },
  },
  'lease-taken': {
    says: 'The exclusive right to a repository was taken. Each taking has a higher fence.',
    fields: {
      key: text('identity of the repository'),
      holder: text('who holds it'),
      pid: count('process id'),
    },
  },
  'workspace-opened': {
    says: 'An isolated clone was made for the session.',
    fields: {
      folder: text('where'),
      branch: text('its branch'),
      base: of<Sha>('sha', 'the remote tip it starts from'),
      target: text('branch it lands on'),
    },
  },
  'plan-made': {
    says: 'The plan as it will be worked: already capped by us.',
    fields: {
      tasks: of<readonly Task[]>('[task]', 'in order'),
      dropped: count('tasks over the cap'),
      noWork: maybeText('the reason, when there is nothing to do'),
    },
  },
  'turn-started': {
    says: 'An agent process was started.',
    fields: {
      kind: of<TurnKind>("'plan' | 'task' | ...", 'kind of turn'),
      agent: text('agent'),
      model: text('model asked for; empty: the agent’s own default'),
      thread: maybeText('thread that is resumed'),
      log: text('its raw stream, relative to the run folder'),
    },
  },
  'turn-progressed': {
    says: 'An agent is at work; at most one of these every few seconds.',
    fields: { doing: text('its last action, shortened'), usage: of<Usage>('usage', 'tokens so far') },
  },
  'turn-ended': {
    says: 'An agent process ended, with its typed outcome.',
    fields: {
      kind: of<TurnKind>("'plan' | 'task' | ...", 'kind of turn'),
      outcome: of<AgentOutcome>('{kind, ...}', 'how it ended'),
      thread: maybeText('thread, to resume'),
      usage: of<Usage>('usage', 'tokens of this turn'),
      seconds: count('wall time'),
    },
  },
  'agent-parked': {
    says: 'A limit or a login failure of the account: nothing of this agent starts until then.',
    fields: { agent: text('agent'), until: moment('when it may go on'), why: text('the provider’s words') },
  },
  'task-started': { says: 'Work on a task began.', fields: {} },
  'task-committed': {
    says: 'What the agent left became one commit of the session.',
    fields: { commit: of<Commit>('{sha, subject, task, files}', 'the commit') },
  },
  'task-ended': {
    says: 'A task is over.',
    fields: {
      state: of<TaskState>('task state', 'how it ended'),
      why: text('in words'),
      claims: of<readonly Claim[]>('[{text, how}]', 'what the agent said of it'),
    },
  },
  'check-ran': {
    says: 'One of the repository’s own checks ran, by us.',
    fields: { evidence: of<Evidence>('{check, command, exitCode, seconds, label, tree}', 'what we saw') },
  },
  'over-claimed': {
    says: 'A claim of the agent that our own run contradicts.',
    fields: { claim: text('what it said'), saw: text('what we saw') },
  },
  'gate-judged': {
    says: 'A gate looked at the tree that is to land.',
    fields: { gate: text('gate'), findings: of<readonly Finding[]>('[finding]', 'empty: allowed') },
  },
  'tip-moved': {
    says: 'Somebody else pushed first; the session’s commits were put on the new tip.',
    fields: {
      from: of<Sha>('sha', 'tip before'),
      to: of<Sha>('sha', 'tip now'),
      attempt: count('which attempt'),
    },
  },
  landed: {
    says: 'The branch was read back and equals our commit.',
    fields: {
      sha: of<Sha>('sha', 'the tip we made'),
      branch: text('branch'),
      mode: of<'push' | 'local' | 'hold'>("'push' | 'local' | 'hold'", 'how'),
      commits: of<readonly Commit[]>(
        '[{sha, subject, task, files}]',
        'oldest first, with the ids that landed',
      ),
    },
  },
  'checkout-updated': {
    says: 'What happened to the user’s own checkout: fast-forwarded, or left alone and why.',
    fields: { moved: flag('true: fast-forwarded'), why: text('in words') },
  },
  salvaged: {
    says: 'Work that did not land was kept under a ref of the mirror.',
    fields: { ref: text('ref'), sha: of<Sha>('sha', 'commit'), why: text('why it did not land') },
  },
  'watch-started': {
    says: 'A pushed commit waits for its CI verdict.',
    fields: {
      sha: of<Sha>('sha', 'commit'),
      parent: of<Sha>('sha', 'tip before our landing'),
      branch: text('branch'),
      slug: text('owner/name on the forge'),
      attempt: count('0: the session’s own commit; n: the n-th fix'),
      expected: of<CiExpectation>('{kind, why}', 'whether a run should come'),
    },
  },
  'watch-saw': {
    says: 'The runs of a watched commit changed.',
    fields: { sha: of<Sha>('sha', 'commit'), runs: of<readonly CiRun[]>('[run]', 'newest attempt of each') },
  },
  'ci-rerun-asked': {
    says: 'Failed jobs were started again, once, before anybody pays for a fix.',
    fields: { sha: of<Sha>('sha', 'commit'), runs: of<readonly number[]>('[run id]', 'which runs') },
  },
  'ci-failure-read': {
    says: 'A red run was read: which job, which step, and the signature that counts its fix passes.',
    fields: {
      sha: of<Sha>('sha', 'commit'),
      signature: text('digest of workflow, failing jobs and steps'),
      jobs: of<readonly string[]>('[job]', 'failing jobs'),
      log: text('where the excerpt is, relative to the run folder'),
    },
  },
  'fix-started': {
    says: 'A fix pass began.',
    fields: {
      sha: of<Sha>('sha', 'the red commit'),
      attempt: count('1 is the first'),
      signature: text('of the failure'),
    },
  },
  'fix-failed': {
    says: 'A fix pass ended without landing anything.',
    fields: { sha: of<Sha>('sha', 'the red commit'), why: text('in words') },
  },
  'watch-ended': {
    says: 'A watched commit has its verdict.',
    fields: {
      sha: of<Sha>('sha', 'commit'),
      verdict: of<CiVerdict>('verdict', 'exactly one'),
      why: text('in words'),
      url: maybeText('the run that decided'),
    },
  },
  'operator-task-added': {
    says: 'A person asked for a piece of work on a repository.',
    fields: {
      id: text('id of the operator task'),
      title: text('the work, in one line'),
      details: text('more about it'),
      priority: count('1 is most urgent, 5 least'),
      now: flag('true: before anything else, at the next safe point'),
      paths: of<readonly string[]>('[path]', 'where it will be, as far as the person knows'),
    },
  },
  'operator-task-moved': {
    says: 'An operator task was claimed by a session, given back, or came to an end.',
    fields: {
      id: text('id of the operator task'),
      to: of<OperatorTaskState>('state', 'where it stands now'),
      why: text('in words'),
      evidence: of<OperatorTaskEvidence | undefined>(
        '{commit, checks, files}, optional',
        'what `done` rests on',
      ),
    },
  },
  'task-joined': {
    says: 'A task was put in front of what a session had still to do.',
    fields: { joined: of<Task>('task', 'the task') },
  },
  warned: {
    says: 'Something a person should know that is nobody’s end.',
    fields: { message: text('in words') },
  },
} as const satisfies Record<string, { says: string; fields: Record<string, Field<unknown>> }>;

export type FactType = keyof typeof factTable;

/** Where a fact happened; the parts that apply. */
export interface FactContext {
  readonly run?: string | undefined;
  readonly cycle?: number | undefined;
  readonly repo?: string | undefined;
  readonly session?: string | undefined;
  readonly turn?: string | undefined;
  readonly task?: string | undefined;
}

type ValueOf<F> = F extends Field<infer Value> ? Value : never;
type FieldsOf<T extends FactType> = {
  readonly [K in keyof (typeof factTable)[T]['fields']]: ValueOf<(typeof factTable)[T]['fields'][K]>;
};
type Optional<T> = { readonly [K in keyof T as undefined extends T[K] ? K : never]?: T[K] } & {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};

/** One fact of a given type. */
export type FactOf<T extends FactType> = { readonly type: T } & FactContext & Optional<FieldsOf<T>>;
export type Fact = { [T in FactType]: FactOf<T> }[FactType];

/** A fact in the ledger: with its moment and its place in the one order. */
export type LedgerEvent = Fact & { readonly at: Instant; readonly seq: number };
