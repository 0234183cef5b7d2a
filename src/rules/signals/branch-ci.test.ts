import { describe, expect, it } from 'vitest';
import type { BranchCi } from '../../domain/ci.ts';
import type { RemoteLook } from '../../domain/fingerprint.ts';
import { minutes } from '../../domain/time.ts';
import { asksBranchCi, type BranchKnown, redBranch } from './branch-ci.ts';
import type { RemoteNews } from './observed.ts';

const look: RemoteLook = {
  tip: 't1',
  pushedAt: 100,
  askedAt: minutes(9),
  asks: 0,
  hand: '',
  problem: undefined,
};
const later = look.askedAt + 1000;
const visited: BranchKnown = { ci: undefined, ciSha: undefined, remote: look };
const seen = (state: BranchCi['state'], more: Partial<BranchCi> = {}): BranchCi => ({
  sha: 't1',
  state,
  jobs: [],
  url: undefined,
  why: '',
  since: 200,
  tip: 't1',
  pushedAt: 100,
  ...more,
});
const nobodyPushed: RemoteNews = { is: 'told', pushedAt: 100 };
const somebodyPushed: RemoteNews = { is: 'told', pushedAt: 300 };
const untold: RemoteNews = { is: 'untold' };
const asked: RemoteNews = { is: 'asked', problem: undefined };

describe('CI is asked about a branch', () => {
  it.each<[when: string, known: Partial<BranchKnown>, news: RemoteNews, asks: boolean]>([
    ['nobody asked yet', {}, nobodyPushed, true],
    ['it was never visited', { remote: undefined }, nobodyPushed, false],
    ['it has no remote', {}, { is: 'none' }, false],
    ['its verdict is known', { branchCi: seen('green') }, nobodyPushed, false],
    ['it is known to be red', { branchCi: seen('red') }, nobodyPushed, false],
    ['it has no CI', { branchCi: seen('no_ci', { sha: undefined }) }, nobodyPushed, false],
    ['CI is at work', { branchCi: seen('pending') }, nobodyPushed, true],
    ['its tip is a commit of ours that was watched', { ciSha: 't1' }, nobodyPushed, false],
    [
      'its tip is of ours, and CI was at work on what was before',
      { ciSha: 't1', branchCi: seen('pending', { tip: 't0' }) },
      nobodyPushed,
      false,
    ],
    ['somebody pushed since', { branchCi: seen('green') }, somebodyPushed, true],
    [
      'somebody pushed since, and it was asked for that',
      { branchCi: seen('red', { sha: 't2', tip: undefined, pushedAt: 300 }) },
      somebodyPushed,
      false,
    ],
    ['we landed since, which is a push too', { landed: 'o1', landedAt: later }, somebodyPushed, false],
    [
      'we landed just before the look that did not see it',
      { landed: 'o1', landedAt: look.askedAt - 1000 },
      somebodyPushed,
      false,
    ],
    [
      'we landed, somebody pushed on top, and again',
      { landed: 'o1', landedAt: look.askedAt - minutes(2) },
      somebodyPushed,
      true,
    ],
    ['we landed what is known as the tip', { landed: 't1', landedAt: look.askedAt }, somebodyPushed, true],
    [
      'the tip that was found is not the one that was asked about',
      { branchCi: seen('green', { tip: 't0', sha: 't0' }) },
      asked,
      true,
    ],
    [
      'the tip that was found is the commit that has the verdict',
      { branchCi: seen('red', { tip: undefined, pushedAt: 99 }) },
      asked,
      false,
    ],
    [
      'the push was to another branch, as it turned out',
      { remote: { ...look, pushedAt: 300 }, branchCi: seen('green') },
      somebodyPushed,
      false,
    ],
    [
      'the push was looked into before its tip was known',
      { branchCi: seen('no_ci', { sha: undefined, tip: undefined }) },
      nobodyPushed,
      false,
    ],
    ['nobody tells, and it was asked about', { branchCi: seen('green') }, untold, false],
    ['nobody tells, and the tip is another', { branchCi: seen('green', { tip: 't0' }) }, untold, true],
    ['nobody tells, and no tip is known', { remote: { ...look, tip: undefined } }, untold, false],
  ])('or not when %s', (_when, known, news, asks) => {
    expect(asksBranchCi({ ...visited, ...known }, news)).toBe(asks);
  });
});

describe('a branch is red', () => {
  it.each<[when: string, known: Partial<BranchKnown>, red: string | undefined]>([
    ['nothing is known', {}, undefined],
    ['our landing is green', { ci: 'green', ciSha: 't0' }, undefined],
    ['our landing is red', { ci: 'red', ciSha: 't0' }, 't0'],
    ['what somebody else pushed is red', { branchCi: seen('red') }, 't1'],
    ['it is red after our green landing', { ci: 'green', ciSha: 't0', branchCi: seen('red') }, 't1'],
    ['somebody mended our landing', { ci: 'red', ciSha: 't0', branchCi: seen('green') }, undefined],
    ['CI is at work on the next push', { ci: 'red', ciSha: 't0', branchCi: seen('pending') }, undefined],
  ])('or not when %s', (_when, known, red) => {
    expect(redBranch({ ...visited, ...known })?.sha).toBe(red);
  });
});
