import { beforeEach, describe, expect, it } from 'vitest';
import { commit, inSession, landed, moved, queued } from '../../test/fakes/facts.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import type { TaskState } from '../domain/task.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { claimTasks, settleClaims } from './claim.ts';

let ledger: Ledger;
let now = 0;

beforeEach(() => {
  now = 0;
  ledger = openLedger(memoryEventLog(), { now: () => ++now });
});

async function ask(
  id: string,
  more: { priority?: number; now?: boolean; repo?: string } = {},
): Promise<void> {
  await ledger.record({
    type: 'operator-task-added',
    repo: 'jwt',
    id,
    title: id,
    details: '',
    priority: 3,
    now: false,
    paths: [],
    ...more,
  });
}

async function workOn(state: TaskState): Promise<void> {
  const session = ledger.within(inSession);
  await ledger.record(queued(), moved('setup'), moved('active'));
  const [asked] = await claimTasks(session, 'jwt', { most: 1 });
  if (!asked) throw new Error('nothing was asked');
  await session.record(
    { type: 'plan-made', tasks: [asked], dropped: 0 },
    { type: 'task-started', task: asked.id },
    ...(state === 'done'
      ? [{ type: 'task-committed' as const, task: asked.id, commit: commit('c1', asked.id) }]
      : []),
    { type: 'task-ended', task: asked.id, state, why: 'because', claims: [] },
  );
}

describe('what people asked for', () => {
  it('is claimed once, the most urgent first, and only for its repository', async () => {
    await ask('later');
    await ask('urgent', { priority: 1 });
    await ask('now', { priority: 5, now: true });
    await ask('elsewhere', { repo: 'other' });
    const session = ledger.within(inSession);
    expect((await claimTasks(session, 'jwt', { most: 2 })).map((one) => one.id)).toEqual(['now', 'urgent']);
    expect((await claimTasks(session, 'jwt', { most: 9 })).map((one) => one.operatorTask)).toEqual(['later']);
    expect(await claimTasks(session, 'jwt', { most: 9 })).toEqual([]);
  });

  it('joins a session that is going on only when it was asked for now', async () => {
    await ask('later');
    const session = ledger.within(inSession);
    expect(await claimTasks(session, 'jwt', { most: 9, onlyNow: true })).toEqual([]);
  });

  it('cannot be claimed twice, whoever tries', async () => {
    await ask('a');
    const claim = { type: 'operator-task-moved', id: 'a', to: 'claimed', why: '' } as const;
    await ledger.within(inSession).record(claim);
    await expect(ledger.record(claim)).rejects.toThrow('is claimed and cannot become claimed');
  });
});

describe('a claim of a session that is over', () => {
  it('is done with its commit, its checks and its files when it landed', async () => {
    await ask('a');
    await workOn('done');
    await ledger.record(
      moved('completed_unreviewed'),
      moved('accepted'),
      moved('merged'),
      landed('c1', { commits: [commit('c1', 'a')] }),
      moved('pushed'),
      moved('cleaned'),
    );
    await settleClaims(ledger, 's1');
    expect(await ledger.operatorTask('a')).toMatchObject({ state: 'done', evidence: { commit: 'c1' } });
  });

  it.each<[TaskState, Parameters<typeof moved>, 'blocked' | 'queued']>([
    ['rejected', ['rejected'], 'blocked'],
    ['skipped', ['no_work'], 'blocked'],
    ['blocked', ['blocked', { blockedBy: 'limit' }], 'queued'],
    ['dropped', ['interrupted'], 'queued'],
    ['active', ['failed'], 'queued'],
  ])('whose task is %s after %j is %s, and settling again changes nothing', async (state, end, expected) => {
    await ask('a');
    await workOn(state);
    await ledger.record(moved(...end));
    await settleClaims(ledger, 's1');
    await settleClaims(ledger, 's1');
    const settled = await ledger.operatorTask('a');
    expect(settled?.state).toBe(expected);
    expect(settled?.evidence).toBeUndefined();
  });

  it('stays claimed while its work waits for a person', async () => {
    await ask('a');
    await workOn('done');
    await ledger.record(
      moved('completed_unreviewed'),
      moved('accepted'),
      moved('blocked', { blockedBy: 'human' }),
    );
    await settleClaims(ledger, 's1');
    expect(await ledger.operatorTask('a')).toMatchObject({ state: 'claimed' });
  });
});
