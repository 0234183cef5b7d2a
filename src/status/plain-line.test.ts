import { describe, expect, it } from 'vitest';
import {
  ciRun,
  commit,
  evidence,
  finding,
  inSession,
  landed,
  moved,
  planned,
  queued,
  reviewed,
  runStarted,
  task,
  turnEnded,
  turnStarted,
  usage,
  watchEnded,
  watchStarted,
} from '../../test/fakes/facts.ts';
import { events } from '../../test/fakes/fold-facts.ts';
import type { Fact, FactOf } from '../domain/fact.ts';
import type { Remembering } from '../domain/remembering.ts';
import { liveAfter, nothingYet } from './live-state.ts';
import { plainLine, stamped } from './plain-line.ts';

/** The lines that the last of these facts makes, when the others came before. */
function lineOf(fact: Fact, ...before: readonly Fact[]): string | undefined {
  let state = nothingYet;
  let line: string | undefined;
  for (const event of events([...before, fact])) {
    state = liveAfter(state, event);
    line = plainLine(event, (session) => state.sessions.get(session));
  }
  return line;
}
const sha = 'abcdef0123456789';
const overClaim = (fix: string): Remembering => ({
  id: 's1/over-claim',
  session: 's1',
  task: undefined,
  waits: false,
  commit: undefined,
  what: {
    kind: 'incident',
    incident: {
      at: 0,
      trigger: 'over-claim',
      title: 'claimed to hold',
      impact: '',
      rootCause: '',
      fix,
      prevention: '',
      evidence: '',
      confidence: 'high',
    },
  },
});
const plan = [queued(), planned(task('t1'), task('t2'))];

describe('a line for a person', () => {
  it.each<[line: string, fact: Fact]>([
    ['run r1 begins: 2 cycles, 3 at once, codex; logs in /home/me/logs/run-r1', runStarted()],
    [
      'run r1 begins: until stopped, 3 at once, codex; logs in /home/me/logs/run-r1',
      runStarted({ cycles: 0 }),
    ],
    [
      'run r1 ended: cycles done (exit 0)',
      { type: 'run-ended', run: 'r1', stopReason: 'cycles done', exitCode: 0 },
    ],
    [
      'a file cannot be read, the last good one stays in force: x:3',
      { type: 'config-refused', message: 'x:3' },
    ],
    ['cycle 2 begins: 79 repositories', { type: 'cycle-started', cycle: 2, repos: 79 }],
    ['cycle 2 begins: 1 repository', { type: 'cycle-started', cycle: 2, repos: 1 }],
    ['cycle 2 is over', { type: 'cycle-ended', cycle: 2 }],
    [
      'left out: a, b (no signal); c (missing)',
      {
        type: 'repos-skipped',
        skipped: [
          { repo: 'a', why: 'no signal' },
          { repo: 'c', why: 'missing' },
          { repo: 'b', why: 'no signal' },
        ],
      },
    ],
    [
      'left out: 79 repositories (no signal)',
      {
        type: 'repos-skipped',
        skipped: Array.from({ length: 79 }, (_, n) => ({ repo: `r${n}`, why: 'no signal' })),
      },
    ],
    ['jwt: visit s1 begins: new commits', queued()],
    ['jwt: nothing to do: all is well', moved('no_work', { why: 'all is well' })],
    ['jwt: blocked (access): no push right', moved('blocked', { blockedBy: 'access', why: 'no push right' })],
    ['jwt: rejected', moved('rejected', { why: '' })],
    ['jwt: plan of 2 tasks: Task t1; Task t2', planned(task('t1'), task('t2'))],
    ['jwt: repair turn begins', turnStarted('01', { kind: 'repair' })],
    [
      'jwt: task turn ended: timeout: 60 minutes',
      turnEnded('01', { outcome: { kind: 'timeout', message: '60 minutes' } }),
    ],
    [
      'codex is parked until 1970-01-01T00:00:09Z: 429',
      { type: 'agent-parked', agent: 'codex', until: 9000, why: '429' },
    ],
    ['codex is parked until somebody helps: login', { type: 'agent-parked', agent: 'codex', why: 'login' }],
    [
      'jwt: check test is red (exit 1, 3 s)',
      { type: 'check-ran', ...inSession, evidence: evidence('test', { exitCode: 1 }) },
    ],
    [
      'jwt: check test is red (exit 1, red before us, 3 s)',
      { type: 'check-ran', ...inSession, evidence: evidence('test', { exitCode: 1, note: 'red before us' }) },
    ],
    [
      'jwt: check test is red (timed out, 3 s)',
      {
        type: 'check-ran',
        ...inSession,
        evidence: evidence('test', { exitCode: undefined, note: 'timed out' }),
      },
    ],
    [
      'jwt: over-claim: it said "tests pass", we saw exit 1',
      { type: 'over-claimed', ...inSession, claim: 'tests pass', saw: 'exit 1' },
    ],
    [
      'jwt: gate secrets refuses: a token',
      {
        type: 'gate-judged',
        ...inSession,
        gate: 'secrets',
        findings: [{ gate: 'secrets', severity: 'P0', message: 'a token', hint: '' }],
      },
    ],
    ['jwt: review by codex: nothing found', reviewed('passed')],
    [
      'jwt: review by codex: nothing that stands against it: P3 a.ts:3: small',
      reviewed('passed', { findings: [finding('P3', 'small')] }),
    ],
    [
      'jwt: review by codex found P1 a.ts:3: wrong; it changed files, which was taken back',
      reviewed('blocking', { findings: [finding('P1', 'wrong'), finding('P2', 'small')], edited: true }),
    ],
    ['jwt: no review by codex: it timed out', reviewed('failed', { why: 'it timed out' })],
    ['jwt: no review by codex: no JSON', reviewed('unreadable', { why: 'no JSON' })],
    [
      'jwt: somebody pushed first (abcdef0); attempt 2 to land',
      { type: 'tip-moved', ...inSession, from: 'x', to: sha, attempt: 2 },
    ],
    ['jwt: landed 2 commits on main, tip abcdef0', landed(sha, { commits: [commit('c1'), commit('c2')] })],
    ['jwt: abcdef0 is held for a person', landed(sha, { mode: 'hold' })],
    [
      'jwt: your checkout was left alone: it is dirty',
      { type: 'checkout-updated', ...inSession, moved: false, why: 'it is dirty' },
    ],
    [
      'jwt: kept abcdef0 under refs/x: red',
      { type: 'salvaged', ...inSession, ref: 'refs/x', sha, why: 'red' },
    ],
    ['jwt: waits for CI on abcdef0', watchStarted(sha)],
    ['jwt: waits for CI on abcdef0, fix 1', watchStarted(sha, { attempt: 1 })],
    [
      'jwt: waits for CI on abcdef0, which takes the work back',
      watchStarted(sha, { attempt: 1, takesBack: true }),
    ],
    ['jwt: failed jobs of abcdef0 run again', { type: 'ci-rerun-asked', ...inSession, sha, runs: [1] }],
    [
      'jwt: CI is red on abcdef0: test, lint',
      { type: 'ci-failure-read', ...inSession, sha, signature: 'x', jobs: ['test', 'lint'], log: '' },
    ],
    ['jwt: fix 1 of abcdef0 begins', { type: 'fix-started', ...inSession, sha, attempt: 1, signature: 'x' }],
    ['jwt: the fix of abcdef0 did not land: red', { type: 'fix-failed', ...inSession, sha, why: 'red' }],
    ['jwt: CI of abcdef0: green', watchEnded(sha, 'green')],
    ['jwt: CI of abcdef0: red: it was red', watchEnded(sha, 'red')],
    ['warning: hm', { type: 'warned', message: 'hm' }],
  ])('"%s"', (line, fact) => {
    expect(lineOf(fact)).toBe(line);
  });

  it('names the task by its place and title', () => {
    expect(lineOf({ type: 'task-started', ...inSession, task: 't2' }, ...plan)).toBe(
      'jwt: task 2/2 "Task t2" begins',
    );
    const ended: Fact = {
      type: 'task-ended',
      ...inSession,
      task: 't1',
      state: 'done',
      why: 'it works',
      claims: [],
    };
    expect(lineOf(ended, ...plan)).toBe('jwt: task 1/2 "Task t1" is done: it works');
    expect(lineOf({ ...ended, why: '' })).toBe('jwt: task t1 is done');
  });

  it.each<[what: string, fact: Fact]>([
    ['a tick', { type: 'run-ticked' }],
    ['a state on the way', moved('setup')],
    ['the end of a landed session, which was told', moved('cleaned')],
    ['a plan turn, which the plan tells', turnStarted('01', { kind: 'plan' })],
    ['a task turn, which the task tells', turnStarted('01')],
    ['a turn that ended well', turnEnded('01')],
    ['progress', { type: 'turn-progressed', ...inSession, doing: 'x', usage: usage(1) }],
    ['a green check', { type: 'check-ran', ...inSession, evidence: evidence('test') }],
    ['a gate that allows', { type: 'gate-judged', ...inSession, gate: 'secrets', findings: [] }],
    ['a plan without tasks', planned()],
    ['a checkout that moved along', { type: 'checkout-updated', ...inSession, moved: true, why: '' }],
    ['an empty list of skipped ones', { type: 'repos-skipped', skipped: [] }],
    ['news of a run', { type: 'watch-saw', ...inSession, sha, runs: [ciRun(1)] }],
    ['a look', { type: 'repo-seen', ...inSession, path: '', branch: '', fingerprint: '' }],
    ['a commit, which its task tells', { type: 'task-committed', ...inSession, commit: commit('c1') }],
  ])('there is none for %s', (_what, fact) => {
    expect(lineOf(fact)).toBeUndefined();
  });

  it.each<[when: string, proposed: Partial<FactOf<'memory-proposed'>>, line: string | undefined]>([
    ['it is new', { items: [overClaim('none yet')] }, 'incident: claimed to hold'],
    [
      'its fix is known',
      { items: [overClaim('the repair turn')], again: ['s1/over-claim'] },
      'fix added to the incident: claimed to hold',
    ],
    ['nothing is added', { items: [overClaim('none yet')], again: ['s1/over-claim'] }, undefined],
    [
      'it is told beside another',
      { items: [overClaim('x'), { ...overClaim('x'), id: 'other' }], again: ['other'] },
      'incident: claimed to hold',
    ],
  ])('tells an incident once, when %s', (_when, proposed, line) => {
    expect(lineOf({ type: 'memory-proposed', items: [], ...proposed })).toBe(line);
  });

  it('tells of a red branch, and of no other', () => {
    const seen = {
      type: 'branch-ci-seen',
      repo: 'jwt',
      sha: 'abcdef0123',
      why: '',
      jobs: ['ci.yml / test'],
    } as const;
    const line = 'jwt: CI is red on abcdef0, which somebody else pushed: ci.yml / test';
    expect(lineOf({ ...seen, verdict: 'red' })).toBe(line);
    expect(lineOf({ ...seen, verdict: 'pending' })).toBeUndefined();
  });

  it('is one short clean line whatever a stranger wrote', () => {
    const line = lineOf({ type: 'warned', message: `a\nb\u001b[2J${'x'.repeat(5000)}` });
    expect(line).toMatch(/^warning: a bx+…$/);
    expect(line).toHaveLength(400);
  });

  it('has its time in a file', () => {
    expect(stamped(1000, 'x')).toBe('1970-01-01T00:00:01Z x');
  });
});
