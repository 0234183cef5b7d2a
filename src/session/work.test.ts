import { describe, expect, it } from 'vitest';
import { commit, landed, moved } from '../../test/fakes/facts.ts';
import { type ScriptedTurn, workingSession } from '../../test/fakes/working-session.ts';
import type { Options } from '../config/options.ts';
import type { TaskState } from '../domain/task.ts';
import { endAfter } from '../rules/after-failure.ts';
import { claimTasks, settleClaims } from './claim.ts';
import { work } from './work.ts';

const check = { name: 'check', run: 'check', timeoutSeconds: 1, required: true, source: 'test' };
const asked = ['first', 'second'];

/** A visit on which people asked for two tasks, worked to its end and settled, as the session does it. */
async function visited(script: (stop: Stops) => readonly ScriptedTurn[], options: Partial<Options> = {}) {
  const stops: Stops = {
    drain: () => {
      here.drain.abort();
    },
    now: () => {
      here.drain.abort();
      here.now.abort();
    },
  };
  const here = await workingSession(script(stops), { tasks_per_repo: 2, ...options });
  const { world, session, ledger, stop } = here;
  for (const id of asked)
    await ledger.record({
      type: 'operator-task-added',
      ...{ repo: 'jwt', id, title: id, details: '', priority: 3, now: false, paths: [] },
    });
  const tasks = await claimTasks(session.ledger, 'jwt', { most: 2 });
  await session.ledger.record({ type: 'plan-made', tasks, dropped: 0 });
  const order = { tasks, thread: undefined, checks: { checks: [check], setup: [] }, base: new Map() };
  const worked = await work(world, session, order, stop);
  if (worked.tip !== 'base' && !stop.now.aborted)
    await ledger.record(
      ...[moved('completed_unreviewed'), moved('accepted'), moved('merged')],
      landed('c1', { commits: [commit('c1', 'first')] }),
      ...[moved('pushed'), moved('cleaned')],
    );
  else if (worked.failure) {
    const { state, why, blockedBy } = endAfter(worked.failure);
    await ledger.record(moved(state, { why, blockedBy }));
  } else await ledger.record(moved('rejected'));
  await settleClaims(ledger, 's1');
  const view = await ledger.session('s1');
  const claims = await Promise.all(asked.map((id) => ledger.operatorTask(id)));
  return { worked, claims, tasks: view?.tasks ?? [] };
}

interface Stops {
  drain(): void;
  now(): void;
}

const good: ScriptedTurn = { writes: 'good' };
const stopped = { kind: 'interrupted', message: 'the turn was stopped' } as const;
const crashed = { kind: 'failed', reason: 'crash', retryable: false, message: 'it crashed' } as const;
const limited = { kind: 'limited', until: undefined, message: 'the limit is reached' } as const;
const silent = { kind: 'timeout', message: 'it took too long' } as const;

describe('what a person asked for', () => {
  it.each<[when: string, script: (stop: Stops) => readonly ScriptedTurn[], end: TaskState, claim: string]>([
    ['was stopped', (stop) => [{ ...good, meanwhile: stop.now, outcome: stopped }], 'dropped', 'queued'],
    ['crashed as we stopped', (stop) => [{ meanwhile: stop.now, outcome: crashed }], 'dropped', 'queued'],
    ['timed out as we stopped', (stop) => [{ meanwhile: stop.now, outcome: silent }], 'dropped', 'queued'],
    ['was checked as we stopped', (stop) => [{ writes: 'fine', meanwhile: stop.now }], 'dropped', 'queued'],
    [
      'was red, with no time to mend it',
      (stop) => [{ writes: 'BAD', meanwhile: stop.drain }],
      'dropped',
      'queued',
    ],
    ['met a limit of the account', () => [{ outcome: limited }], 'dropped', 'queued'],
    ['crashed by itself', () => [{ outcome: crashed }], 'blocked', 'blocked'],
  ])('when its turn %s', async (_when, script, end, claim) => {
    const alone = await visited(script);
    expect([alone.tasks[0]?.state, alone.claims[0]?.state]).toEqual([end, claim]);
    const after = await visited((stop) => [
      good,
      ...script(stop).map((turn) => ({ writes: 'more', ...turn })),
    ]);
    expect(after.tasks.map(({ state }) => state)).toEqual(['done', end]);
    expect(after.claims[1]?.state).toBe(claim);
  });

  it('says that it was interrupted', async () => {
    const { claims } = await visited((stop) => [{ meanwhile: stop.now, outcome: stopped }]);
    expect(claims.map((one) => one?.why)).toEqual(
      asked.map(() => 'given back: interrupted: the turn was stopped'),
    );
  });

  it('is blocked when its repairs did not help', async () => {
    const red = { writes: 'BAD' };
    const { claims, worked } = await visited(() => [red, red, good], { verify_fix_attempts: 1 });
    expect(claims[0]).toMatchObject({ state: 'blocked', why: 'check still red after 1 repair turn' });
    expect(worked.rejected).toBe(1);
  });
});

describe('a check that was red before us', () => {
  it.each<[when: string, writes: string[], states: TaskState[]]>([
    ['does not count', ['BAD one', 'BAD two'], ['done', 'done']],
    ['counts for what comes after the task that mended it', ['one', 'BAD two'], ['done', 'rejected']],
  ])('%s', async (_when, writes, states) => {
    const script = writes.map((one) => ({ writes: one }));
    const { world, session, ledger, stop } = await workingSession(script, { verify_fix_attempts: 0 }, 'BAD');
    const tasks = ['first', 'second'].map((id) => ({ ...plannedTask, id, title: id }));
    await session.ledger.record({ type: 'plan-made', tasks, dropped: 0 });
    const order = { tasks, thread: undefined, checks: { checks: [check], setup: [] }, base: new Map() };
    await work(world, session, order, stop);
    expect((await ledger.session('s1'))?.tasks.map(({ state }) => state)).toEqual(states);
  });
});

const plannedTask = { why: '', kind: 'fix', acceptance: [], paths: [], risk: 'low' } as const;
