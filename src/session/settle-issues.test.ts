import { beforeEach, describe, expect, it } from 'vitest';
import { commit, inSession, landed, moved, queued, task } from '../../test/fakes/facts.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import { type Options, optionTable } from '../config/options.ts';
import type { TrustedIssue } from '../domain/issue.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { closedBy, closedBySession } from './closes.ts';
import { settleIssues } from './settle-issues.ts';
import type { Visit } from './visit.ts';

let ledger: Ledger;
const accepted = {
  type: 'issue-accepted',
  repo: 'jwt',
  number: 12,
  author: 5,
  row: 'row-1',
  snapshot: 'snapshot-1',
  content: 'content-1',
  hidden: false,
} as const;

beforeEach(async () => {
  let now = 0;
  ledger = openLedger(memoryEventLog(), { now: () => ++now });
  await ledger.record(accepted);
});

async function work(state: 'done' | 'rejected', { lands }: { lands: boolean }): Promise<void> {
  const session = ledger.within(inSession);
  await ledger.record(queued(), moved('setup'), moved('active'));
  await session.record(
    { type: 'issue-offered', number: 12, content: 'content-1' },
    { type: 'plan-made', tasks: [task('a', { issue: 12 }), task('b')], dropped: 0 },
    { type: 'task-started', task: 'a' },
    { type: 'task-committed', task: 'a', commit: commit('c1', 'a') },
    { type: 'task-ended', task: 'a', state, why: '', claims: [] },
  );
  if (lands)
    await ledger.record(
      moved('completed_unreviewed'),
      moved('accepted'),
      landed('c2', { commits: [commit('c2', 'a')] }),
    );
}
async function settle(): Promise<void> {
  const session = await ledger.session('s1');
  if (session) await settleIssues(ledger, session);
}
async function known() {
  const [issue] = await ledger.issues({ repo: 'jwt' });
  return issue;
}

describe('an issue that a session was shown', () => {
  it('is answered by the commit that landed, once', async () => {
    await work('done', { lands: true });
    await settle();
    await settle();
    expect((await known())?.done).toMatchObject({
      commit: commit('c2', 'a').sha,
      session: 's1',
      content: 'content-1',
    });
    expect((await ledger.events({ types: ['issue-answered'] })).length).toBe(1);
  });

  it('is answered as it was shown, even when it asks for more by now', async () => {
    await work('done', { lands: true });
    await ledger.record({ ...accepted, content: 'content-2' });
    await settle();
    expect(await known()).toMatchObject({ content: 'content-2', done: { content: 'content-1' } });
  });

  it.each([
    ['its task did not hold', 'rejected', true],
    ['nothing landed', 'done', false],
  ] as const)('is not answered when %s', async (_when, state, lands) => {
    await work(state, { lands });
    await settle();
    expect((await known())?.done).toBeUndefined();
  });

  it('is refused for one visit without losing its judgement', async () => {
    await ledger.within(inSession).record({ type: 'issue-refused', number: 12, reason: 'changed-meanwhile' });
    expect(await known()).toMatchObject({
      state: 'accepted',
      row: 'row-1',
      lastRefused: { reason: 'changed-meanwhile' },
    });
    await ledger.within(inSession).record({ type: 'issue-offered', number: 12, content: 'content-1' });
    expect((await known())?.lastRefused).toBeUndefined();
  });
});

describe('a commit', () => {
  const defaults = Object.fromEntries(
    Object.entries(optionTable).map(([name, { default: value }]) => [name, value]),
  );
  const issue: TrustedIssue = { number: 12, url: '', title: '', body: '', updatedAt: 0, snapshot: '' };
  const visit = (close: boolean): Visit =>
    ({
      session: 's1',
      issues: [issue],
      options: { ...(defaults as unknown as Options), close_issues: close },
    }) as unknown as Visit;

  it('closes the issues that it answers, only where that is wanted, and none that the visit was not shown', () => {
    const tasks = [{ issue: 12 }, { issue: 12 }, { issue: 77 }, {}];
    expect(closedBy(visit(true), tasks)).toEqual([12]);
    expect(closedBy(visit(false), tasks)).toEqual([]);
  });

  it('that holds a whole session closes what that has done', async () => {
    await work('done', { lands: false });
    expect(await closedBySession({ visit: visit(true), ledger })).toEqual([12]);
    expect(await closedBySession({ visit: visit(false), ledger })).toEqual([]);
  });
});

it('the number of a repository stays the first that was learned', async () => {
  const learn = (id: number | undefined) =>
    ledger.record({ type: 'forge-repository-known', repo: 'jwt', slug: 'a/jwt', id });
  await learn(undefined);
  await learn(4);
  await learn(9);
  expect(await ledger.forgeRepositories()).toMatchObject([{ repo: 'jwt', slug: 'a/jwt', id: 4 }]);
});
