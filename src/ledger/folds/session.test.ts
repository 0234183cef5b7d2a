import { describe, expect, it } from 'vitest';
import {
  ciRun,
  commit,
  evidence,
  inSession,
  landed,
  moved,
  planned,
  queued,
  reviewed,
  task,
  turnEnded,
  turnStarted,
  usage,
  watchEnded,
  watchStarted,
} from '../../../test/fakes/facts.ts';
import { foldFacts, type Told } from '../../../test/fakes/fold-facts.ts';
import type { SessionView } from '../views.ts';
import { sessionFold } from './session.ts';

function sessionAfter(...told: readonly Told[]): SessionView | undefined {
  return foldFacts(sessionFold, told).get('s1');
}

const active = [queued(), moved('setup'), moved('active')] as const;
const merged = [...active, moved('completed_unreviewed'), moved('accepted'), moved('merged')] as const;

describe('a session', () => {
  it('begins as queued, with what called for it', () => {
    expect(sessionAfter([5, queued()])).toMatchObject({
      id: 's1',
      repo: 'jwt',
      run: 'r1',
      cycle: 1,
      state: 'queued',
      calledBy: 'new commits',
      land: 'push',
      startedAt: 5,
      states: [{ state: 'queued', at: 5, facts: {} }],
      logs: 'sessions/jwt-1',
    });
  });

  it('keeps every move with the facts of its guard', () => {
    const view = sessionAfter(
      [1, queued()],
      [2, moved('setup', { facts: { fence: 7 } })],
      [3, moved('blocked', { blockedBy: 'access', why: 'no push right' })],
    );
    expect(view).toMatchObject({ state: 'blocked', blockedBy: 'access', why: 'no push right', endedAt: 3 });
    expect(view?.states).toEqual([
      { state: 'queued', at: 1, facts: {} },
      { state: 'setup', at: 2, facts: { fence: 7 } },
      { state: 'blocked', at: 3, facts: {} },
    ]);
  });

  it('knows its lease from what the guard of its setup saw', () => {
    expect(
      sessionAfter(queued(), moved('setup', { facts: { fence: 7, key: 'k' } }), moved('active')),
    ).toMatchObject({
      fence: 7,
      leaseKey: 'k',
    });
  });

  it('that is held for a person has not landed', () => {
    const view = sessionAfter(...active, landed('c1', { mode: 'hold' }));
    expect(view).toMatchObject({ landed: undefined, commits: [] });
  });

  it('goes on in the thread of its work, whoever reviewed it', () => {
    const view = sessionAfter(
      ...active,
      turnStarted('s1/2-task', { thread: 'own' }),
      turnEnded('s1/2-task', { thread: 'own' }),
      turnStarted('s1/review-1', { kind: 'review' }),
      turnEnded('s1/review-1', { kind: 'review', thread: 'theirs' }),
      reviewed('passed'),
    );
    expect(view).toMatchObject({
      thread: 'own',
      turns: [{ thread: 'own' }, { kind: 'review', thread: 'theirs' }],
      review: [{ agent: 'codex', turn: 's1/review-1', sha: 'c1', outcome: 'passed', findings: [] }],
    });
  });

  it('belongs to the run that took it up, which is counted', () => {
    const resumed = { type: 'session-resumed', done: 1, left: 1, logs: 'sessions/jwt-0' } as const;
    const again = { ...resumed, run: 'r2', cycle: 0, repo: 'jwt', session: 's1' };
    expect(sessionAfter(...active)).toMatchObject({ run: 'r1', resumed: 0 });
    const view = sessionAfter(...active, again, { ...again, run: 'r3' });
    expect(view).toMatchObject({ run: 'r3', cycle: 0, logs: 'sessions/jwt-0', resumed: 2, state: 'active' });
  });

  it('that was blocked and goes on has not ended, and waits for nothing', () => {
    const view = sessionAfter(...active, moved('blocked', { blockedBy: 'human' }), moved('accepted'));
    expect(view).toMatchObject({ state: 'accepted', blockedBy: undefined, endedAt: undefined });
  });

  it.each<[what: string, told: Told[], message: string]>([
    ['moves before it was queued', [moved('setup')], 'never queued'],
    ['skips a state', [queued(), moved('active')], 'from queued to active'],
    [
      'leaves an end that cannot be left',
      [queued(), moved('skipped'), moved('setup')],
      'from skipped to setup',
    ],
    ['lands without review', [...active, moved('merged')], 'from active to merged'],
    ['moves to where it is', [...active, moved('active')], 'from active to active'],
    ['is queued twice', [queued(), queued()], 'queued twice'],
    ['is queued for no repository', [queued({ repo: undefined })], 'without a repo'],
    ['is queued in no run', [queued({ run: undefined })], 'without a run'],
  ])('that %s is a bug', (_what, told, message) => {
    expect(() => sessionAfter(...told)).toThrow(message);
  });

  it('that was never queued is nothing, whatever else is told of it', () => {
    expect(sessionAfter(turnStarted('01'))).toBeUndefined();
  });

  it.each<[what: string, told: Told[], view: object]>([
    [
      'its lease, whose place in the order is the fence',
      [{ type: 'lease-taken', ...inSession, key: 'k1', holder: 'r1', pid: 1 }],
      { fence: 4, leaseKey: 'k1' },
    ],
    [
      'its workspace',
      [
        {
          type: 'workspace-opened',
          ...inSession,
          folder: '/w',
          branch: 'clone/s1',
          base: 'b0',
          target: 'main',
        },
      ],
      { folder: '/w', branch: 'clone/s1', base: 'b0', target: 'main' },
    ],
    [
      'its evidence',
      [{ type: 'check-ran', ...inSession, evidence: evidence('test', { exitCode: 1 }) }],
      { evidence: [{ check: 'test', exitCode: 1, label: 'local' }] },
    ],
    [
      'its gates',
      [{ type: 'gate-judged', ...inSession, gate: 'secrets', findings: [] }],
      { gates: [{ gate: 'secrets', findings: [] }] },
    ],
    [
      'what the agent claimed and we saw',
      [{ type: 'over-claimed', ...inSession, claim: 'tests pass', saw: 'exit 1' }],
      { overClaims: [{ claim: 'tests pass', saw: 'exit 1' }] },
    ],
    [
      'what was kept of it',
      [{ type: 'salvaged', ...inSession, ref: 'refs/clone/salvage/s1', sha: 'c9', why: 'red' }],
      { salvage: [{ ref: 'refs/clone/salvage/s1', sha: 'c9', why: 'red' }] },
    ],
    [
      'what happened to the checkout',
      [{ type: 'checkout-updated', ...inSession, moved: false, why: 'it is dirty' }],
      { checkout: { moved: false, why: 'it is dirty' } },
    ],
  ])('keeps %s', (_what, told, view) => {
    expect(sessionAfter(...active, ...told)).toMatchObject(view);
  });

  it.each<[what: string, told: Told[]]>([
    ['a tick', [{ type: 'run-ticked', ...inSession }]],
    ['news of a watch that it does not have', [{ type: 'watch-saw', ...inSession, sha: 'c1', runs: [] }]],
    ['a verdict on a watch that it does not have', [watchEnded('c1', 'green')]],
    [
      'a fix of a watch that it does not have',
      [{ type: 'fix-started', ...inSession, sha: 'c1', attempt: 1, signature: 'x' }],
    ],
    ['the end of a turn that never began', [{ ...turnEnded('07'), usage: usage(0) }]],
    ['a task that is not in the plan', [{ type: 'task-started', ...inSession, task: 't9' }]],
  ])('is not changed by %s', (_what, told) => {
    expect(sessionAfter(...active, ...told)).toEqual(sessionAfter(...active));
  });
});

describe('the tasks of a session', () => {
  const plan = planned(task('t1'), task('t2'));

  it('are those of the plan, in its order, with all that is needed to take them up again', () => {
    expect(sessionAfter(...active, { ...plan, dropped: 3 })).toMatchObject({
      droppedTasks: 3,
      tasks: [
        { id: 't1', title: 'Task t1', kind: 'fix', state: 'planned', why: 'why t1', plan: task('t1') },
        { id: 't2', state: 'planned', claims: [] },
      ],
    });
  });

  it('are none when the plan found nothing', () => {
    const view = sessionAfter(...active, {
      type: 'plan-made',
      ...inSession,
      tasks: [],
      dropped: 0,
      noWork: 'all fine',
    });
    expect(view).toMatchObject({ tasks: [], noWork: 'all fine' });
  });

  const begun = [...active, plan, { type: 'task-started', ...inSession, task: 't1' }] as const;
  const committed = (sha: string, id = 't1'): Told => ({
    type: 'task-committed',
    ...inSession,
    task: id,
    commit: commit(sha, id),
  });
  const ended = (state: 'done' | 'rejected', id = 't1'): Told => ({
    type: 'task-ended',
    ...inSession,
    task: id,
    state,
    why: `it is ${state}`,
    claims: [{ text: 'works', how: 'ran it' }],
  });

  it.each<[when: string, told: Told[], state: string, commits: string[], of: string | undefined]>([
    ['work on it began', [], 'active', [], undefined],
    ['it was committed', [committed('c1')], 'active', ['c1'], 'c1'],
    ['it is done', [committed('c1'), ended('done')], 'done', ['c1'], 'c1'],
    ['it was repaired', [committed('c1'), committed('c2'), ended('done')], 'done', ['c2'], 'c2'],
    ['it was taken out', [committed('c1'), ended('rejected')], 'rejected', [], undefined],
    [
      'another was committed beside it',
      [committed('c1'), ended('done'), committed('c2', 't2')],
      'done',
      ['c1', 'c2'],
      'c1',
    ],
  ])('are up to date when %s', (_when, told, state, commits, of) => {
    const view = sessionAfter(...begun, ...told);
    expect(view?.tasks[0]).toMatchObject({ state, commit: of });
    expect(view?.commits.map(({ sha }) => sha)).toEqual(commits);
  });

  it('end with words and claims', () => {
    expect(sessionAfter(...begun, ended('rejected'))?.tasks[0]).toMatchObject({
      why: 'it is rejected',
      claims: [{ text: 'works', how: 'ran it' }],
    });
  });

  it('have the ids that landed, and a fix adds its own', () => {
    const view = sessionAfter(
      ...begun,
      committed('c1'),
      ended('done'),
      landed('n1', { commits: [commit('n1', 't1')] }),
      landed('n2', { commits: [commit('n1', 't1'), commit('n2')] }),
    );
    expect(view?.landed).toBe('n2');
    expect(view?.commits.map(({ sha }) => sha)).toEqual(['n1', 'n2']);
    expect(view?.tasks[0]?.commit).toBe('n1');
  });
});

describe('the turns of a session', () => {
  it('show what the agent does', () => {
    const view = sessionAfter(...active, turnStarted('01', { task: 't1', thread: 'th' }), {
      type: 'turn-progressed',
      ...inSession,
      turn: '01',
      doing: 'npm test',
      usage: usage(50, 5),
    });
    expect(view).toMatchObject({
      thread: 'th',
      usage: usage(0),
      turns: [{ id: '01', kind: 'task', task: 't1', agent: 'codex', doing: 'npm test', usage: usage(50, 5) }],
    });
  });

  it('add up when they end', () => {
    const view = sessionAfter(
      ...active,
      turnStarted('01'),
      turnEnded('01', { thread: 'th', usage: usage(100, 10, 80) }),
      turnStarted('02'),
      turnEnded('02', { usage: usage(1, 1) }),
    );
    expect(view).toMatchObject({
      thread: 'th',
      usage: usage(101, 11, 80),
      turns: [
        { id: '01', outcome: { kind: 'completed' }, seconds: 60, doing: undefined },
        { id: '02', usage: usage(1, 1) },
      ],
    });
  });

  it('that sum up old memory keep their thread to themselves', () => {
    const view = sessionAfter(
      ...active,
      turnStarted('01'),
      turnEnded('01', { thread: 'th' }),
      turnStarted('summary', { kind: 'summary' }),
      turnEnded('summary', { kind: 'summary', thread: 'another', usage: usage(5, 5) }),
    );
    expect(view).toMatchObject({ thread: 'th', turns: [{ thread: 'th' }, { thread: 'another' }] });
  });

  it('that were tried again under the same name are told apart', () => {
    const crashed = turnEnded('01', {
      outcome: { kind: 'failed', reason: 'crash', retryable: true, message: 'x'.repeat(5000) },
    });
    const view = sessionAfter(...active, turnStarted('01'), crashed, turnStarted('01'), turnEnded('01'));
    expect(view?.turns.map((turn) => turn.outcome?.kind)).toEqual(['failed', 'completed']);
    const [first] = view?.turns ?? [];
    expect(first?.outcome?.kind === 'failed' && first.outcome.message.length).toBe(2000);
  });

  it('without a name are counted', () => {
    const view = sessionAfter(
      ...active,
      { ...turnStarted('x'), turn: undefined },
      { ...turnEnded('x'), turn: undefined },
    );
    expect(view?.turns).toMatchObject([{ id: '1', outcome: { kind: 'completed' } }]);
  });
});

describe('the CI of a session', () => {
  const pushed = [...merged, moved('pushed'), watchStarted('c1')] as const;
  const fixing: Told = { type: 'fix-started', ...inSession, sha: 'c1', attempt: 1, signature: 'x' };

  it.each<[when: string, told: Told[], ci: object]>([
    ['it is watched', [], { sha: 'c1', state: 'pending', attempts: 0, runs: [] }],
    [
      'a run was seen',
      [{ type: 'watch-saw', ...inSession, sha: 'c1', runs: [ciRun(1)] }],
      { runs: [ciRun(1)] },
    ],
    [
      'it is green',
      [watchEnded('c1', 'green', { url: 'u' })],
      { state: 'green', url: 'u', why: 'it was green' },
    ],
    ['it is being fixed', [fixing], { state: 'fixing', attempts: 1 }],
    [
      'the fix is watched',
      [fixing, watchStarted('c2', { attempt: 1 })],
      { sha: 'c2', state: 'pending', attempts: 1 },
    ],
    [
      'the fix is green',
      [fixing, watchStarted('c2', { attempt: 1 }), watchEnded('c2', 'green'), watchEnded('c1', 'fixed')],
      { sha: 'c2', state: 'fixed', attempts: 1 },
    ],
    [
      'it is taken back after a fix pass that landed nothing',
      [fixing, watchStarted('r1', { takesBack: true })],
      { sha: 'r1', state: 'pending', attempts: 1 },
    ],
  ])('is known when %s', (_when, told, ci) => {
    expect(sessionAfter(...pushed, ...told)?.ci).toMatchObject(ci);
  });

  it('takes no runs of another commit', () => {
    const view = sessionAfter(...pushed, { type: 'watch-saw', ...inSession, sha: 'c9', runs: [ciRun(1)] });
    expect(view?.ci?.runs).toEqual([]);
  });
});

describe('a very long session', () => {
  it('keeps a bounded view', () => {
    const long = Array.from({ length: 1000 }, (_, index): Told[] => [
      turnStarted(`t${index}`),
      turnEnded(`t${index}`),
      { type: 'check-ran', ...inSession, evidence: evidence(`check ${index}`) },
      { type: 'task-committed', ...inSession, task: `t${index}`, commit: commit(`c${index}`) },
    ]).flat();
    const view = sessionAfter(...active, ...long);
    expect(view?.turns).toHaveLength(200);
    expect(view?.evidence).toHaveLength(300);
    expect(view?.commits).toHaveLength(300);
    expect(view?.turns.at(-1)?.id).toBe('t999');
    expect(view?.usage.inputTokens).toBe(100_000);
  });
});
