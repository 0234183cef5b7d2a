import { beforeEach, describe, expect, it } from 'vitest';
import {
  commit,
  inSession,
  landed,
  moved,
  planned,
  queued,
  runStarted,
  task,
  turnEnded,
  turnStarted,
  usage,
  watchEnded,
  watchStarted,
} from '../../test/fakes/facts.ts';
import { repo } from '../../test/fakes/looking-context.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import type { Fact } from '../domain/fact.ts';
import type { Repo } from '../domain/repo.ts';
import { hours, minutes, seconds } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import type { StatusReport } from './report.ts';
import type { StatusQuestion } from './situation.ts';
import { statusOf } from './status-of.ts';

const start = Date.UTC(2026, 10, 20, 21);
let clock: { at: number; now(): number };
let ledger: Ledger;
beforeEach(() => {
  const at = { at: start, now: () => at.at };
  clock = at;
  ledger = openLedger(memoryEventLog(), clock);
});

const jwt = repo('jwt');
const csv = repo('csv');

function ask(question: Partial<StatusQuestion> = {}): Promise<StatusReport> {
  return statusOf(ledger, {
    home: '/home/me',
    portfolio: [jwt, csv],
    now: clock.at,
    lastLook: undefined,
    alive: () => true,
    sleepSeconds: 120,
    ...question,
  });
}
async function happens(...told: readonly (Fact | number)[]): Promise<void> {
  for (const one of told) {
    if (typeof one === 'number') clock.at += one;
    else await ledger.record(one);
  }
}

const cycle: Fact = { type: 'cycle-started', run: 'r1', cycle: 1, repos: 2 };
const cycleOver: Fact = { type: 'cycle-ended', run: 'r1', cycle: 1 };
const tick: Fact = { type: 'run-ticked', run: 'r1' };
const ended: Fact = { type: 'run-ended', run: 'r1', stopReason: 'cycles done', exitCode: 0 };
const active = [queued(), moved('setup'), moved('active')];
const toPushed = [
  moved('completed_unreviewed'),
  moved('accepted'),
  moved('merged'),
  landed('c1abcdef'),
  moved('pushed'),
];

describe('an empty home', () => {
  it('is idle and says how to begin', async () => {
    const report = await ask({ portfolio: [] });
    expect(report).toMatchObject({
      schema_version: 1,
      generated_at: '2026-11-20T21:00:00Z',
      home: '/home/me',
      verdict: { state: 'idle', sentence: expect.stringContaining('clone discover') as string },
      needs_you: [],
      run: null,
      workers: [],
      waiting: [],
      ci: [],
      since_last_look: [],
      repos: [],
      usage: { turns: 0, input_tokens: 0 },
      sessions: { landed: 0, blocked: 0 },
    });
  });

  it('with a portfolio says that nothing has run', async () => {
    const report = await ask();
    expect(report.verdict).toEqual({ state: 'idle', sentence: 'Nothing has run yet: `clone run` begins.' });
    expect(report.repos).toMatchObject([
      {
        name: 'jwt',
        path: '/code/jwt',
        branch: 'main',
        state: 'never_touched',
        last_session: null,
        ci: null,
        next_due: null,
      },
      { name: 'csv', state: 'never_touched' },
    ]);
  });

  it('whose portfolio cannot be read has a problem that needs a person', async () => {
    const report = await ask({ portfolio: [], problems: ['repos.yaml:3:1: bad indent'] });
    expect(report.verdict).toEqual({ state: 'problem', sentence: 'repos.yaml:3:1: bad indent' });
    expect(report.needs_you).toMatchObject([{ what: 'configuration', repo: null }]);
  });
});

describe('a run that works', () => {
  beforeEach(async () => {
    await happens(runStarted(), cycle, minutes(1), ...active, planned(task('t1'), task('t2')));
    await happens(
      { type: 'task-started', ...inSession, task: 't2' },
      turnStarted('s1/2-task-t2', { task: 't2' }),
    );
    await happens(
      {
        type: 'turn-progressed',
        ...inSession,
        turn: 's1/2-task-t2',
        doing: '$ npm test',
        usage: usage(500, 50),
      },
      minutes(2),
    );
  });

  it('is ok, and says how far it is', async () => {
    const report = await ask();
    expect(report.verdict).toEqual({
      state: 'ok',
      sentence: 'Run r1 is in cycle 1 of 2: 0 of 2 repositories done, 1 at work.',
    });
    expect(report.run).toMatchObject({
      id: 'r1',
      state: 'running',
      started_at: '2026-11-20T21:00:00Z',
      cycle: 1,
      cycles: 2,
      stop_reason: null,
    });
  });

  it('shows who works on what since when', async () => {
    expect((await ask()).workers).toEqual([
      {
        repo: 'jwt',
        session: 's1',
        turn: 'task',
        task: 2,
        of: 2,
        title: 'Task t2',
        since: '2026-11-20T21:01:00Z',
        tokens: 550,
        doing: '$ npm test',
      },
    ]);
  });

  it('counts the tokens of a turn once when it ends', async () => {
    await happens(turnEnded('s1/2-task-t2', { usage: usage(600, 60) }));
    expect((await ask()).workers).toMatchObject([{ turn: 'active', tokens: 660, doing: null }]);
  });

  it('shows what waits for a worker, and why slots are free', async () => {
    const report = await ask();
    expect(report.waiting).toEqual([{ repo: 'csv', for: 'a free worker', since: '2026-11-20T21:00:00Z' }]);
    expect(report.free_slots).toEqual({ count: 2, why: 'the next repository is being looked at' });
  });

  it('names nobody as waiting when it is not certain who will be visited', async () => {
    await happens({ type: 'cycle-started', run: 'r1', cycle: 2, repos: 2 });
    expect((await ask({ portfolio: [jwt, csv, repo('a'), repo('b')] })).waiting).toEqual([]);
  });

  it('dispatches nothing while the agent is parked, and says until when', async () => {
    const until = clock.at + hours(2);
    await happens({ type: 'agent-parked', run: 'r1', agent: 'codex', until, why: '429' });
    const report = await ask();
    expect(report.free_slots).toEqual({ count: 2, why: 'codex is parked until 2026-11-20T23:03:00Z: 429' });
    expect(report.goes_on).toEqual({ at: '2026-11-20T23:03:00Z', why: 'the limit of codex is over then' });
    clock.at = until + 1;
    expect((await ask()).free_slots.why).not.toContain('parked');
  });

  it('needs a person when the agent cannot log in, until it starts again', async () => {
    await happens({
      type: 'agent-parked',
      run: 'r1',
      agent: 'codex',
      until: undefined,
      why: 'not logged in',
    });
    expect((await ask()).needs_you).toMatchObject([
      { what: 'agent', why: 'codex: not logged in', hint: 'codex login status; then clone run' },
    ]);
    await happens(turnStarted('s1/3'));
    expect((await ask()).needs_you).toEqual([]);
  });

  it('has nothing left to dispatch when every repository was dispatched', async () => {
    await happens({
      type: 'repos-skipped',
      run: 'r1',
      skipped: [{ repo: 'csv', why: 'no signal', nextDue: clock.at + hours(1) }],
    });
    const report = await ask();
    expect(report.free_slots.why).toBe('every repository of the cycle was dispatched or left out');
    expect(report.repos[1]).toMatchObject({ why: 'no signal', next_due: '2026-11-20T22:03:00Z' });
    expect(report.sessions.skipped).toBe(1);
  });

  it('has no free slot when every worker is busy', async () => {
    await happens(queued({ session: 's2', repo: 'csv' }), queued({ session: 's3', repo: 'x' }));
    expect((await ask()).free_slots).toEqual({ count: 0, why: 'every worker is busy' });
  });

  it('waits for CI without a worker', async () => {
    await happens(...toPushed, moved('cleaned'), watchStarted('c1abcdef'), minutes(1));
    const report = await ask({ portfolio: [jwt] });
    expect(report.workers).toEqual([]);
    expect(report.waiting).toEqual([
      { repo: 'jwt', for: 'the CI verdict on c1abcde', since: '2026-11-20T21:03:00Z' },
    ]);
    expect(report.ci).toMatchObject([
      { repo: 'jwt', sha: 'c1abcdef', state: 'pending', attempts: 0, url: null },
    ]);
    expect(report.sessions).toMatchObject({ landed: 1 });
    expect(report.usage).toMatchObject({ commits: 1, pushes: 1 });
    expect(report.repos[0]).toMatchObject({ state: 'waiting_for_ci', ci: 'pending', last_session: 's1' });
  });

  it('has a worker on a fix pass', async () => {
    await happens(turnEnded('s1/2-task-t2'), ...toPushed, moved('cleaned'), watchStarted('c1abcdef'));
    await happens({ type: 'fix-started', ...inSession, sha: 'c1abcdef', attempt: 1, signature: 'x' });
    expect((await ask()).workers).toEqual([]);
    await happens(turnStarted('s1/ci-fix-1', { kind: 'ci-fix' }));
    const report = await ask();
    expect(report.workers).toMatchObject([{ repo: 'jwt', turn: 'ci-fix', task: null }]);
    expect(report.waiting).toMatchObject([{ repo: 'jwt', for: 'the fix of c1abcde' }, { repo: 'csv' }]);
  });

  it('waits between two cycles, and says when it goes on', async () => {
    await happens(...toPushed, moved('cleaned'), cycleOver);
    const report = await ask();
    expect(report.goes_on).toEqual({ at: '2026-11-20T21:05:00Z', why: 'the next cycle begins' });
    expect(report.free_slots.why).toBe('the cycle is over; the next one has not begun');
  });
});

describe('a run that is not well', () => {
  it('died when its process is gone', async () => {
    await happens(runStarted({ pid: 7, processStart: '55' }), cycle, ...active, minutes(12));
    const asked: unknown[] = [];
    const report = await ask({
      alive(process) {
        asked.push(process);
        return false;
      },
    });
    expect(asked).toContainEqual({ pid: 7, start: '55' });
    expect(report.run?.state).toBe('died');
    expect(report.verdict.state).toBe('problem');
    expect(report.verdict.sentence).toContain('run r1 died 12 m 0 s ago');
    expect(report.workers).toEqual([]);
    expect(report.waiting).toMatchObject([
      { repo: 'jwt', for: expect.stringContaining('clone run') as string },
    ]);
    expect(report.needs_you).toMatchObject([{ what: 'run_died', hint: 'clone run' }]);
    expect(report.repos[0]).toMatchObject({ state: 'left_open' });
    expect(report.goes_on).toEqual({ at: null, why: 'with the next `clone run`' });
  });

  it('is asleep when nothing ticked for long', async () => {
    await happens(runStarted(), tick, hours(5), minutes(12));
    const report = await ask();
    expect(report.asleep).toEqual({
      from: '2026-11-20T21:00:00Z',
      to: null,
      sentence: 'no tick for 5 h 12 m: the machine slept, or the process hangs',
    });
    expect(report.verdict).toMatchObject({
      state: 'problem',
      sentence: expect.stringContaining('no tick for 5 h 12 m') as string,
    });
  });

  it('that woke up again says that it was asleep, and is ok', async () => {
    await happens(runStarted(), tick, hours(5), minutes(12), tick, seconds(30));
    const report = await ask();
    expect(report.asleep).toMatchObject({
      to: '2026-11-21T02:12:00Z',
      sentence: 'the loop was asleep for 5 h 12 m, until 2026-11-21T02:12:00Z',
    });
    expect(report.verdict.state).toBe('ok');
  });

  it('that ticks as it should was not asleep', async () => {
    await happens(runStarted(), seconds(30), tick, minutes(4));
    expect((await ask()).asleep).toBeNull();
  });

  it('with failed sessions asks for attention', async () => {
    await happens(runStarted(), cycle, queued(), moved('failed', { why: 'unreachable' }), ended);
    const report = await ask();
    expect(report.verdict).toMatchObject({
      state: 'attention',
      sentence: expect.stringContaining('1 session failed') as string,
    });
    expect(report.repos[0]).toMatchObject({ state: 'failed', why: '1 failed visit in a row' });
  });

  it('that died stays told when a newer one runs', async () => {
    await happens(runStarted({ run: 'r0', pid: 1 }), 1000, runStarted({ run: 'r1', pid: 2 }));
    const report = await ask({ alive: ({ pid }) => pid === 2 });
    expect(report.run).toMatchObject({ id: 'r1', state: 'running' });
  });
});

describe('what needs a person', () => {
  const blocked = (
    by: 'human' | 'access' | 'environment' | 'limit',
    more: Partial<Parameters<typeof moved>[1]> = {},
  ): Fact[] => [...active, moved('blocked', { blockedBy: by, why: `because of ${by}`, ...more })];

  it('is a session whose review did not let it pass, though it would land by itself', async () => {
    await happens(
      runStarted(),
      ...active,
      moved('completed_unreviewed'),
      moved('accepted', { facts: { tip: 'c1', held: 'the review found P1' } }),
      moved('blocked', { blockedBy: 'human', why: 'the review found P1' }),
      ended,
    );
    expect((await ask()).needs_you).toMatchObject([
      { what: 'human', why: 'the review found P1', hint: 'clone review s1' },
    ]);
  });

  it.each<[by: 'human' | 'access', land: 'push' | 'hold', hint: string]>([
    ['access', 'push', 'clone show s1; mend the login or the right, then clone run'],
    ['human', 'hold', 'clone review s1'],
    ['human', 'push', 'clone show s1'],
  ])('is a session blocked by %s (land: %s)', async (by, land, hint) => {
    await happens(
      runStarted(),
      queued({ land }),
      moved('setup'),
      moved('active'),
      moved('blocked', { blockedBy: by, why: `because of ${by}` }),
      ended,
    );
    const report = await ask();
    expect(report.verdict).toMatchObject({
      state: 'attention',
      sentence: expect.stringContaining('1 thing needs you') as string,
    });
    expect(report.needs_you).toEqual([
      { repo: 'jwt', session: 's1', since: '2026-11-20T21:00:00Z', what: by, why: `because of ${by}`, hint },
    ]);
    expect(report.repos[0]).toMatchObject({ state: 'blocked', why: `because of ${by}` });
  });

  it('is not what waits for the limit of an account', async () => {
    await happens(runStarted(), ...blocked('limit'), ended);
    const report = await ask();
    expect(report.needs_you).toEqual([]);
    expect(report.waiting).toMatchObject([{ repo: 'jwt', for: 'the limit of the agent’s account' }]);
  });

  it('is no longer what a newer visit got over', async () => {
    await happens(
      runStarted(),
      ...blocked('access'),
      1000,
      queued({ session: 's2' }),
      moved('skipped', { session: 's2' }),
    );
    expect((await ask()).needs_you).toEqual([]);
  });

  it('stays when a newer visit came by what is held for a person', async () => {
    await happens(
      runStarted(),
      ...blocked('human'),
      1000,
      queued({ session: 's2' }),
      moved('skipped', { session: 's2' }),
    );
    expect((await ask()).needs_you).toMatchObject([{ session: 's1' }]);
  });

  it('is a branch whose CI stayed red', async () => {
    await happens(
      runStarted(),
      ...active,
      ...toPushed,
      moved('cleaned'),
      watchStarted('c1abcdef'),
      minutes(1),
      watchEnded('c1abcdef', 'red', { url: 'u' }),
      ended,
    );
    const report = await ask();
    expect(report.verdict).toMatchObject({
      state: 'problem',
      sentence: expect.stringContaining('CI is red on jwt') as string,
    });
    const need = { what: 'ci_red', repo: 'jwt', session: 's1', since: '2026-11-20T21:01:00Z' };
    expect(report.needs_you).toMatchObject([{ ...need, hint: 'clone show s1' }]);
    expect(report.ci).toMatchObject([{ state: 'red', url: 'u' }]);
    // Also after a run that had nothing to do with it.
    await happens({ ...runStarted(), run: 'r2' }, { ...ended, run: 'r2' });
    const later = await ask();
    expect(later.needs_you).toEqual(report.needs_you);
    expect(later.ci).toEqual([]);
    expect((await ask({ portfolio: [{ ...jwt, ignored: true }] })).needs_you).toEqual([]);
    expect((await ask({ portfolio: [] })).needs_you).toEqual([]);
  });

  it.each<[by: 'environment' | 'human', how: string, portfolio: Repo[], problems: string[], needs: number]>([
    ['environment', 'in the portfolio', [jwt], [], 1],
    ['environment', 'ignored', [{ ...jwt, ignored: true }], [], 0],
    ['environment', 'taken out of the portfolio', [], [], 0],
    ['environment', 'of a portfolio that cannot be read', [], ['repos.yaml:1:1: broken'], 2],
    ['human', 'taken out of the portfolio', [], [], 1],
  ])('is a visit blocked by %s in a repository %s', async (by, _how, portfolio, problems, needs) => {
    await happens(runStarted(), ...blocked(by), ended);
    expect((await ask({ portfolio, problems })).needs_you).toHaveLength(needs);
  });
});

describe('since a person looked last', () => {
  const push = landed('c1abcdef', { commits: [commit('c0'), commit('c1abcdef')] });
  const otherwise = [
    queued({ session: 's2', repo: 'csv' }),
    moved('blocked', { session: 's2', repo: 'csv', blockedBy: 'access', why: 'no right' }),
  ];

  it('is told what landed and what went otherwise, newest first', async () => {
    await happens(
      runStarted(),
      ...active,
      ...toPushed.slice(0, 3),
      push,
      moved('pushed'),
      minutes(1),
      ...otherwise,
      minutes(1),
    );
    await happens(watchStarted('c1abcdef'), watchEnded('c1abcdef', 'red'), moved('cleaned'));
    expect((await ask()).since_last_look).toEqual([
      { at: '2026-11-20T21:02:00Z', repo: 'jwt', session: 's1', what: 'ci red', why: 'c1abcde it was red' },
      { at: '2026-11-20T21:01:00Z', repo: 'csv', session: 's2', what: 'blocked: access', why: 'no right' },
      {
        at: '2026-11-20T21:00:00Z',
        repo: 'jwt',
        session: 's1',
        what: 'landed',
        why: 'c1abcde Subject c0 and 1 more',
      },
    ]);
  });

  it('is told nothing twice', async () => {
    await happens(runStarted(), ...active, ...toPushed, 1000);
    expect((await ask({ lastLook: clock.at })).since_last_look).toEqual([]);
    await happens(1000, ...otherwise);
    expect((await ask({ lastLook: clock.at - 1000 })).since_last_look).toMatchObject([{ session: 's2' }]);
  });

  it('is told the last day when nobody ever looked', async () => {
    await happens(runStarted(), ...active, ...toPushed, hours(23));
    expect((await ask()).since_last_look).toHaveLength(1);
    await happens(hours(2));
    expect((await ask()).since_last_look).toEqual([]);
  });
});

describe('a run that ended', () => {
  it('is idle, with what it did and cost', async () => {
    await happens(
      runStarted(),
      cycle,
      ...active,
      turnStarted('01'),
      turnEnded('01', { usage: usage(1000, 100, 800), seconds: 61.4 }),
    );
    await happens(...toPushed, moved('cleaned'), ended, hours(3));
    const report = await ask();
    expect(report.verdict).toEqual({
      state: 'idle',
      sentence: 'No run is going on; run r1 ended 3 h 0 m ago (cycles done).',
    });
    expect(report.run).toMatchObject({
      state: 'ended',
      stop_reason: 'cycles done',
      exit_code: 0,
      ended_at: '2026-11-20T21:00:00Z',
    });
    expect(report.usage).toEqual({
      turns: 1,
      input_tokens: 1000,
      cached_input_tokens: 800,
      output_tokens: 100,
      agent_seconds: 61,
      commits: 1,
      pushes: 1,
    });
    expect(report.repos[0]).toMatchObject({ state: 'landed', why: '' });
  });
});

describe('a run that was turned away', () => {
  const away = (run: string, exitCode = 5): Fact[] => [
    runStarted({ run, pid: 9 }),
    { type: 'cycle-started', run, cycle: 1, repos: 1 },
    {
      type: 'repos-skipped',
      run,
      skipped: [{ repo: 'jwt', why: 'another session holds the repository: run r1' }],
    },
    { type: 'run-ended', run, stopReason: 'cycles done', exitCode },
  ];

  it('does not take the place of the one that worked, while it works and afterwards', async () => {
    await happens(runStarted(), cycle, ...active, seconds(1), ...away('r2'));
    expect((await ask()).run).toMatchObject({ id: 'r1', state: 'running' });
    await happens(seconds(1), ...toPushed, moved('cleaned'), ended);
    expect(await ask({ alive: () => false })).toMatchObject({
      run: { id: 'r1', state: 'ended', exit_code: 0 },
      usage: { commits: 1 },
      repos: [{ name: 'jwt', state: 'landed', why: '' }, {}],
    });
  });

  it('is passed over however often that happened', async () => {
    await happens(runStarted(), cycle, ...active, moved('no_work'), ended);
    for (let count = 0; count < 12; count += 1) await happens(seconds(1), ...away(`away${count}`));
    expect((await ask()).run).toMatchObject({ id: 'r1' });
  });

  it('is told of where there is no other', async () => {
    await happens(...away('r2'));
    expect((await ask()).run).toMatchObject({ id: 'r2', exit_code: 5 });
  });

  it('is not one that ended otherwise', async () => {
    await happens(runStarted(), cycle, ...active, moved('no_work'), ended, seconds(1), ...away('r2', 0));
    expect((await ask()).run).toMatchObject({ id: 'r2' });
  });
});

describe('CI of what somebody else pushed', () => {
  const seen = (verdict: 'red' | 'green' | 'pending'): Fact => ({
    type: 'branch-ci-seen',
    repo: 'jwt',
    sha: 'abcdef0123456789',
    verdict,
    why: 'ci.yml / test failed',
    jobs: ['ci.yml / test'],
    url: 'https://forge.test/7',
    tip: 'abcdef0123456789',
    pushedAt: undefined,
  });
  const why =
    'CI is red on abcdef012345, which somebody else pushed: ci.yml / test failed (https://forge.test/7)';

  it('is told with the repository, and is wrong, but needs nobody while a run takes it up', async () => {
    await happens(runStarted(), ...active, moved('no_work'), ended, minutes(1), seen('red'));
    const report = await ask();
    expect(report.repos[0]).toMatchObject({ ci: 'red', why: `nothing to do at the last visit; ${why}` });
    expect(report.verdict).toMatchObject({
      state: 'attention',
      sentence: expect.stringMatching(
        /^CI is red on jwt, where somebody else pushed: the next `clone run` takes it up\. No run/,
      ) as string,
    });
    expect(report.needs_you).toEqual([]);
    expect((await ask({ portfolio: [{ ...jwt, ignored: true }] })).verdict.state).toBe('idle');
  });

  it('needs a person when a visit found nothing to do about it', async () => {
    const parts = { ci: 'red abcdef0123456789' };
    await happens(runStarted(), seen('red'), ...active, {
      type: 'repo-seen',
      ...inSession,
      path: '/code/jwt',
      branch: 'main',
      fingerprint: 'f',
      parts,
    });
    await happens(moved('no_work'), ended);
    const report = await ask();
    expect(report.needs_you).toMatchObject([
      {
        repo: 'jwt',
        session: 's1',
        what: 'ci_red',
        why: `${why}; the last visit found nothing to do about it`,
      },
    ]);
    expect(report.verdict).toMatchObject({ state: 'problem' });
  });

  it.each<[what: string, told: Fact[], ci: string | null]>([
    ['pending', [seen('pending')], 'pending'],
    ['green, after our own was red', [watchStarted('c1'), watchEnded('c1', 'red'), seen('green')], 'green'],
    ['red, and our own commit is watched', [seen('red'), watchStarted('c1')], 'pending'],
    [
      'red, and our own commit on top is green',
      [seen('red'), watchStarted('c1'), watchEnded('c1', 'green')],
      'green',
    ],
  ])('that is %s needs nobody', async (_what, told, ci) => {
    await happens(runStarted(), ...active, ...toPushed, moved('cleaned'), ...told, ended);
    const report = await ask();
    expect(report.repos[0]).toMatchObject({ ci, why: '' });
    expect(report.needs_you).toEqual([]);
    expect(report.verdict.state).toBe('idle');
  });
});

describe('the repositories', () => {
  it('do not say that CI is watched when it is over', async () => {
    const skipped = [{ repo: 'jwt', why: 'its CI is being watched' }];
    await happens(runStarted(), ...active, ...toPushed, moved('cleaned'), watchStarted('c1abcdef'));
    await happens({ type: 'repos-skipped', run: 'r1', skipped });
    expect((await ask()).repos[0]).toMatchObject({ ci: 'pending', why: 'its CI is being watched' });
    await happens(watchEnded('c1abcdef', 'green'));
    expect((await ask()).repos[0]).toMatchObject({ state: 'landed', ci: 'green', why: '' });
  });

  it.each<[what: string, more: Partial<typeof jwt>, state: string, why: string]>([
    ['ignored', { ignored: true }, 'ignored', 'ignored in repos.yaml'],
    ['missing', { missing: true }, 'missing', 'nothing was found at /code/jwt'],
  ])('tell who is %s', async (_what, more, state, why) => {
    expect((await ask({ portfolio: [{ ...jwt, ...more }] })).repos).toMatchObject([{ state, why }]);
  });

  it('tell where nothing was to do', async () => {
    await happens(runStarted(), ...active, moved('no_work'), ended);
    expect((await ask()).repos[0]).toMatchObject({
      state: 'no_work',
      why: 'nothing to do at the last visit',
    });
  });

  it('know the branch that was detected', async () => {
    await happens({ type: 'repo-seen', ...inSession, path: '/code/jwt', branch: 'trunk', fingerprint: 'f' });
    expect((await ask({ portfolio: [{ ...jwt, branch: '' }] })).repos[0]).toMatchObject({ branch: 'trunk' });
  });
});
