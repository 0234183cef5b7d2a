import { describe, expect, it } from 'vitest';
import { inSession, landed, moved, queued, watchEnded, watchStarted } from '../../../test/fakes/facts.ts';
import { foldFacts, type Told } from '../../../test/fakes/fold-facts.ts';
import type { BranchCi } from '../../domain/ci.ts';
import type { FactOf } from '../../domain/fact.ts';
import type { RepoView } from '../views.ts';
import { repoFold } from './repo.ts';

function repoAfter(...told: readonly Told[]): RepoView | undefined {
  return foldFacts(repoFold, told).get('jwt');
}
const parts = { commits: 'c0', entry: 'e', local: 'l', tracked: 't' };
const seen: Told = [
  3,
  {
    type: 'repo-seen',
    ...inSession,
    path: '/code/jwt',
    branch: 'main',
    fingerprint: 'f1',
    parts,
    pushedAt: 2,
  },
];
const remoteAsked = (more: object): Told => [8, { type: 'remote-asked', ...inSession, hand: 'h', ...more }];
const afterVisit = { tip: 'c0', pushedAt: 2, askedAt: 3, asks: 0, hand: 'e l t', problem: undefined };
const fixing: Told = { type: 'fix-started', ...inSession, sha: 'c1', attempt: 1, signature: 'x' };
const again = { session: 's2' };
const branchSeen = ({ at = 1, ...more }: Partial<FactOf<'branch-ci-seen'>> & { at?: number } = {}): Told => [
  at,
  {
    type: 'branch-ci-seen',
    repo: 'jwt',
    sha: 'c3',
    verdict: 'red',
    why: 'ci.yml / test failed',
    jobs: ['ci.yml / test'],
    tip: 'c3',
    pushedAt: 1,
    ...more,
  },
];

describe('a repository', () => {
  it.each<[when: string, told: Told[], view: Partial<RepoView>]>([
    [
      'it was looked at',
      [seen],
      { path: '/code/jwt', branch: 'main', seen: parts, lastVisit: undefined, remote: afterVisit },
    ],
    [
      'its remote was asked, twice',
      [seen, remoteAsked({ tip: 'c9', pushedAt: 7 }), remoteAsked({ tip: 'c9', pushedAt: 7 })],
      { remote: { tip: 'c9', pushedAt: 7, askedAt: 8, asks: 2, hand: 'h', problem: undefined } },
    ],
    [
      'its remote did not answer',
      [seen, remoteAsked({ pushedAt: 7, problem: 'no route' })],
      { remote: { tip: 'c0', pushedAt: 2, askedAt: 8, asks: 1, hand: 'h', problem: 'no route' } },
    ],
    [
      'it was looked at by an older clone',
      [{ type: 'repo-seen', ...inSession, path: '/code/jwt', branch: 'main', fingerprint: 'f1' }],
      { branch: 'main', seen: undefined, remote: undefined },
    ],
    [
      'it was left out',
      [[7, { type: 'repos-skipped', run: 'r1', skipped: [{ repo: 'jwt', why: 'no signal', nextDue: 99 }] }]],
      { skippedWhy: 'no signal', skippedAt: 7, nextDue: 99 },
    ],
    [
      'it is visited after it was left out',
      [{ type: 'repos-skipped', skipped: [{ repo: 'jwt', why: 'no signal', nextDue: 99 }] }, [9, queued()]],
      { skippedWhy: undefined, nextDue: undefined, lastVisit: 9, lastSession: 's1', lastState: 'queued' },
    ],
    ['its visit goes on', [queued(), moved('setup')], { lastState: 'setup', quietVisits: 0 }],
    [
      'there was nothing to do',
      [seen, queued(), moved('no_work')],
      { lastState: 'no_work', quietVisits: 1, failures: 0, seen: parts },
    ],
    [
      'there was nothing to do twice',
      [seen, queued(), moved('no_work'), queued(again), moved('no_work', again)],
      { quietVisits: 2 },
    ],
    ['the visit failed', [queued(), moved('failed')], { failures: 1, quietVisits: 1 }],
    ['the work was rejected', [queued(), moved('rejected')], { failures: 1, quietVisits: 1 }],
    ['its tests cannot run', [queued(), moved('blocked', { blockedBy: 'environment' })], { failures: 1 }],
    [
      'it waits for a person',
      [queued(), moved('blocked', { blockedBy: 'human' })],
      { failures: 0, lastState: 'blocked', blockedBy: 'human' },
    ],
    [
      'the person said no',
      [queued(), moved('blocked', { blockedBy: 'human' }), moved('rejected', { why: 'not like this' })],
      { failures: 0, lastState: 'rejected', lastWhy: 'not like this', blockedBy: undefined },
    ],
    ['the account is at its limit', [queued(), moved('blocked', { blockedBy: 'limit' })], { failures: 0 }],
    ['the budget is used up', [queued(), moved('blocked', { blockedBy: 'budget' })], { failures: 0 }],
    ['the visit was interrupted', [queued(), moved('interrupted')], { failures: 0, quietVisits: 0 }],
    [
      'something landed after failures',
      [queued(), moved('failed'), landed('c1')],
      { failures: 0, quietVisits: 0, landed: 'c1' },
    ],
    [
      'its memory was shortened',
      [
        queued(),
        moved('no_work'),
        { type: 'memory-compacted', repo: 'jwt', commit: 'c7', archive: 'a', before: 9, after: 1 },
      ],
      { lastState: 'no_work', landed: 'c7' },
    ],
    [
      'there was no repository at its path',
      [queued(), moved('blocked', { blockedBy: 'environment', why: 'nothing is there' })],
      { refused: true, lastWhy: 'nothing is there' },
    ],
    [
      'its workspace could not be made',
      [queued(), moved('setup'), moved('blocked', { blockedBy: 'environment' })],
      { refused: false },
    ],
    [
      'work is held after failures',
      [queued(), moved('failed'), landed('c1', { mode: 'hold' })],
      { failures: 1 },
    ],
    [
      'nothing was to do after failures',
      [queued(), moved('failed'), queued(again), moved('no_work', again)],
      { failures: 0, quietVisits: 2 },
    ],
    [
      'an older session moves',
      [queued(), moved('blocked', { blockedBy: 'human' }), queued(again), moved('abandoned')],
      { lastSession: 's2', lastState: 'queued' },
    ],
    ['a commit is watched', [watchStarted('c1')], { ci: 'pending', ciSha: 'c1' }],
    ['it is being fixed', [watchStarted('c1'), fixing], { ci: 'fixing', ciSha: 'c1' }],
    ['it is green', [watchStarted('c1'), watchEnded('c1', 'green')], { ci: 'green' }],
    [
      'an older commit turns red late',
      [watchStarted('c1'), watchStarted('c2'), watchEnded('c1', 'red')],
      { ci: 'pending', ciSha: 'c2' },
    ],
    [
      'the fix settled the older commit',
      [watchStarted('c1'), fixing, watchStarted('c2'), watchEnded('c2', 'green'), watchEnded('c1', 'fixed')],
      { ci: 'fixed', ciSha: 'c2' },
    ],
    [
      'it was taken back',
      [watchStarted('c1'), watchStarted('r1'), watchEnded('r1', 'green'), watchEnded('c1', 'reverted')],
      { ci: 'reverted', ciSha: 'r1' },
    ],
    [
      'it was taken back, and CI is red even so',
      [watchStarted('c1'), watchStarted('r1'), watchEnded('r1', 'red'), watchEnded('c1', 'reverted')],
      { ci: 'red', ciSha: 'r1' },
    ],
  ])('is known when %s', (_when, told, view) => {
    expect(repoAfter(...told)).toMatchObject(view);
  });

  it.each<[when: string, told: Told[], branchCi: Partial<BranchCi> | undefined]>([
    [
      'CI was asked about what somebody else pushed',
      [queued(), branchSeen({ at: 5 })],
      { sha: 'c3', state: 'red', jobs: ['ci.yml / test'], since: 5, tip: 'c3', pushedAt: 1 },
    ],
    [
      'CI is at work on it for long',
      [branchSeen({ verdict: 'pending', at: 5 }), branchSeen({ verdict: 'pending', at: 9, sha: 'c4' })],
      { sha: 'c4', state: 'pending', since: 5 },
    ],
    [
      'CI was at work on it when somebody pushed again',
      [branchSeen({ verdict: 'pending', at: 5 }), branchSeen({ verdict: 'pending', at: 9, pushedAt: 8 })],
      { state: 'pending', since: 9 },
    ],
    [
      'our landing on a red branch was not tested',
      [branchSeen(), watchStarted('c4'), watchEnded('c4', 'no_ci')],
      { state: 'red', sha: 'c3' },
    ],
    ['our landing mended it', [branchSeen(), watchStarted('c4'), watchEnded('c4', 'green')], undefined],
    [
      'an older landing of ours has its verdict late',
      [watchStarted('c1'), watchStarted('c2'), branchSeen(), watchEnded('c1', 'red')],
      { state: 'red', sha: 'c3' },
    ],
  ])('has a branch of which CI is known when %s', (_when, told, branchCi) => {
    const known = repoAfter(...told)?.branchCi;
    if (branchCi === undefined) expect(known).toBeUndefined();
    else expect(known).toMatchObject(branchCi);
  });

  it('is left out together with others', () => {
    const views = foldFacts(repoFold, [
      {
        type: 'repos-skipped',
        skipped: [
          { repo: 'a', why: 'quiet' },
          { repo: 'b', why: 'missing' },
        ],
      },
    ]);
    expect([...views.values()].map((view) => [view.name, view.skippedWhy])).toEqual([
      ['a', 'quiet'],
      ['b', 'missing'],
    ]);
  });

  it.each<[what: string, told: Told]>([
    ['a warning', { type: 'warned', ...inSession, message: 'x' }],
    ['a turn', { type: 'task-started', ...inSession }],
  ])('is not touched by %s', (_what, told) => {
    expect(repoAfter(told)).toBeUndefined();
  });
});
