import type { Usage } from '../../src/domain/agent.ts';
import type { Commit } from '../../src/domain/change.ts';
import type { CiRun } from '../../src/domain/ci.ts';
import type { Evidence } from '../../src/domain/evidence.ts';
import type { FactContext, FactOf } from '../../src/domain/fact.ts';
import type { ReviewFinding, ReviewOutcome, Severity } from '../../src/domain/review.ts';
import type { SessionState } from '../../src/domain/session-state.ts';
import type { Task } from '../../src/domain/task.ts';

/** Facts as a run would record them, with everything filled in that a test does not care about. */
export const inSession: FactContext = { run: 'r1', cycle: 1, repo: 'jwt', session: 's1' };

export function runStarted(more: Partial<FactOf<'run-started'>> = {}): FactOf<'run-started'> {
  return {
    type: 'run-started',
    run: 'r1',
    pid: 4711,
    processStart: '99',
    host: 'box',
    version: '0.1.0',
    cycles: 2,
    parallel: 3,
    agent: 'codex',
    folder: '/home/me/logs/run-r1',
    ...more,
  };
}

export function queued(more: Partial<FactOf<'session-queued'>> = {}): FactOf<'session-queued'> {
  return {
    type: 'session-queued',
    ...inSession,
    agent: 'codex',
    land: 'push',
    why: 'new commits',
    path: '/code/jwt',
    logs: 'sessions/jwt-1',
    ...more,
  };
}

export function moved(
  to: SessionState,
  more: Partial<FactOf<'session-moved'>> = {},
): FactOf<'session-moved'> {
  return { type: 'session-moved', ...inSession, to, facts: {}, ...more };
}

export function usage(inputTokens: number, outputTokens = 0, cachedInputTokens = 0): Usage {
  return { inputTokens, outputTokens, cachedInputTokens, reasoningTokens: 0 };
}

export function task(id: string, more: Partial<Task> = {}): Task {
  return {
    id,
    title: `Task ${id}`,
    why: `why ${id}`,
    kind: 'fix',
    acceptance: ['it works'],
    paths: ['src'],
    risk: 'low',
    ...more,
  };
}

export function commit(sha: string, taskId?: string): Commit {
  return { sha, subject: `Subject ${sha}`, task: taskId, files: 2 };
}

export function planned(...tasks: readonly Task[]): FactOf<'plan-made'> {
  return { type: 'plan-made', ...inSession, tasks, dropped: 0 };
}

export function turnStarted(
  turn: string,
  more: Partial<FactOf<'turn-started'>> = {},
): FactOf<'turn-started'> {
  return {
    type: 'turn-started',
    ...inSession,
    turn,
    kind: 'task',
    agent: 'codex',
    model: '',
    log: `sessions/jwt-1/${turn}.jsonl`,
    ...more,
  };
}

export function turnEnded(turn: string, more: Partial<FactOf<'turn-ended'>> = {}): FactOf<'turn-ended'> {
  return {
    type: 'turn-ended',
    ...inSession,
    turn,
    kind: 'task',
    outcome: { kind: 'completed' },
    usage: usage(100, 10),
    seconds: 60,
    ...more,
  };
}

export function evidence(check: string, more: Partial<Evidence> = {}): Evidence {
  return {
    check,
    command: `npm run ${check}`,
    exitCode: 0,
    seconds: 3,
    label: 'local',
    tree: 't1',
    at: 0,
    ...more,
  };
}

export function finding(severity: Severity, message: string): ReviewFinding {
  return { severity, file: 'a.ts', line: 3, message, why: 'It is.', suggestion: 'Mend it.' };
}

export function reviewed(outcome: ReviewOutcome, more: Partial<FactOf<'reviewed'>> = {}): FactOf<'reviewed'> {
  return {
    type: 'reviewed',
    ...inSession,
    turn: 's1/review-1',
    agent: 'codex',
    sha: 'c1',
    outcome,
    why: '',
    findings: [],
    edited: false,
    ...more,
  };
}

export function landed(sha: string, more: Partial<FactOf<'landed'>> = {}): FactOf<'landed'> {
  return { type: 'landed', ...inSession, sha, branch: 'main', mode: 'push', commits: [commit(sha)], ...more };
}

export function watchStarted(
  sha: string,
  more: Partial<FactOf<'watch-started'>> = {},
): FactOf<'watch-started'> {
  return {
    type: 'watch-started',
    ...inSession,
    sha,
    parent: 'p0',
    branch: 'main',
    slug: 'me/jwt',
    attempt: 0,
    expected: { kind: 'some', why: 'ci.yml runs on push' },
    ...more,
  };
}

export function ciRun(id: number, more: Partial<CiRun> = {}): CiRun {
  return {
    id,
    workflowId: 1,
    workflow: 'ci',
    path: '.github/workflows/ci.yml',
    event: 'push',
    branch: 'main',
    sha: 'c1',
    status: 'in_progress',
    conclusion: null,
    attempt: 1,
    number: id,
    url: `https://forge.test/runs/${id}`,
    createdAt: 0,
    updatedAt: 0,
    ...more,
  };
}

export function watchEnded(
  sha: string,
  verdict: FactOf<'watch-ended'>['verdict'],
  more: Partial<FactOf<'watch-ended'>> = {},
): FactOf<'watch-ended'> {
  return { type: 'watch-ended', ...inSession, sha, verdict, why: `it was ${verdict}`, ...more };
}
