import { describe, expect, it } from 'vitest';
import {
  ciRun,
  commit,
  inSession,
  landed,
  turnStarted,
  watchEnded,
  watchStarted,
} from '../../../test/fakes/facts.ts';
import { foldFacts, type Told } from '../../../test/fakes/fold-facts.ts';
import type { WatchView } from '../views.ts';
import { agentFold } from './agent.ts';
import { commitFold } from './commit.ts';
import { leaseFold } from './lease.ts';
import { signaturesFold, watchFold } from './watch.ts';

const read = (sha: string, signature: string): Told => ({
  type: 'ci-failure-read',
  ...inSession,
  sha,
  signature,
  jobs: ['test'],
  log: 'x',
});

describe('a watched commit', () => {
  it.each<[when: string, told: Told[], view: Partial<WatchView>]>([
    ['it was pushed', [], { state: 'pending', startedAt: 5, attempt: 0, rerunAsked: false, slug: 'me/jwt' }],
    [
      'runs were seen',
      [{ type: 'watch-saw', ...inSession, sha: 'c1', runs: [ciRun(1)] }],
      { runs: [ciRun(1)] },
    ],
    [
      'jobs run again',
      [{ type: 'ci-rerun-asked', ...inSession, sha: 'c1', runs: [1] }],
      { rerunAsked: true },
    ],
    ['failures were read', [read('c1', 'x'), read('c1', 'y')], { signatures: ['x', 'y'] }],
    [
      'a fix began',
      [{ type: 'fix-started', ...inSession, sha: 'c1', attempt: 1, signature: 'x' }],
      { state: 'fixing' },
    ],
    [
      'a fix failed',
      [{ type: 'fix-failed', ...inSession, sha: 'c1', why: 'nothing changed' }],
      { why: 'nothing changed' },
    ],
    [
      'it has its verdict',
      [[9, watchEnded('c1', 'red', { url: 'u' })]],
      { state: 'red', endedAt: 9, why: 'it was red', url: 'u' },
    ],
  ])('is known when %s', (_when, told, view) => {
    expect(foldFacts(watchFold, [[5, watchStarted('c1')], ...told]).get('jwt@c1')).toMatchObject(view);
  });

  it('is told apart from the same commit of another repository', () => {
    const views = foldFacts(watchFold, [watchStarted('c1'), watchStarted('c1', { repo: 'fork' })]);
    expect([...views.keys()]).toEqual(['jwt@c1', 'fork@c1']);
  });

  it.each<[what: string, told: Told]>([
    ['a verdict that nobody waited for', watchEnded('c1', 'green')],
    ['a landing', landed('c1')],
  ])('does not come from %s', (_what, told) => {
    expect(foldFacts(watchFold, [told]).size).toBe(0);
  });

  it.each<[what: string, told: Told]>([
    ['a session', watchStarted('c1', { session: undefined })],
    ['a run', watchStarted('c1', { run: undefined })],
  ])('without %s is a bug', (_what, told) => {
    expect(() => foldFacts(watchFold, [told])).toThrow('without');
  });
});

describe('the signatures of a session', () => {
  it('are those of its landing and of every fix', () => {
    const views = foldFacts(signaturesFold, [read('c1', 'x'), read('c2', 'y'), watchEnded('c2', 'red')]);
    expect(views.get('s1')).toEqual(['x', 'y']);
  });
});

describe('a parked agent', () => {
  const parked: Told = [5, { type: 'agent-parked', agent: 'codex', until: 99, why: 'limit' }];

  it('is known until it starts again', () => {
    expect(foldFacts(agentFold, [parked]).get('codex')).toEqual({
      agent: 'codex',
      until: 99,
      why: 'limit',
      since: 5,
      startedAgain: undefined,
    });
    const views = foldFacts(agentFold, [parked, [100, turnStarted('01')], [200, turnStarted('02')]]);
    expect(views.get('codex')?.startedAgain).toBe(100);
  });

  it('that is parked once more has not started since', () => {
    const views = foldFacts(agentFold, [parked, [100, turnStarted('01')], parked]);
    expect(views.get('codex')?.startedAgain).toBeUndefined();
  });

  it('does not come from a start', () => {
    expect(foldFacts(agentFold, [turnStarted('01')]).size).toBe(0);
  });
});

describe('a lease', () => {
  const taken = (pid: number): Told => ({
    type: 'lease-taken',
    ...inSession,
    key: 'k',
    holder: `run ${pid}`,
    pid,
  });

  it('has a higher fence each time it is taken', () => {
    const first = foldFacts(leaseFold, [taken(1)]).get('k');
    const second = foldFacts(leaseFold, [taken(1), watchStarted('c1'), taken(2)]).get('k');
    expect(second?.fence).toBeGreaterThan(first?.fence ?? Infinity);
    expect(second).toMatchObject({ holder: 'run 2', pid: 2 });
  });
});

describe('a landed commit', () => {
  it('is known with its session', () => {
    const views = foldFacts(commitFold, [[7, landed('c2', { commits: [commit('c1', 't1'), commit('c2')] })]]);
    expect(views.get('c1')).toEqual({
      sha: 'c1',
      repo: 'jwt',
      session: 's1',
      run: 'r1',
      task: 't1',
      subject: 'Subject c1',
      at: 7,
    });
    expect(views.get('c2')).toMatchObject({ task: undefined });
  });
});
