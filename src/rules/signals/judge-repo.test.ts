import { describe, expect, it } from 'vitest';
import type { BlockedBy } from '../../domain/failure.ts';
import type { Fingerprint, RemoteLook } from '../../domain/fingerprint.ts';
import { hours, isoUtc, minutes } from '../../domain/time.ts';
import type { LastVisit } from '../standing.ts';
import { judgeRepo } from './judge-repo.ts';
import type { Known, Observed } from './observed.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const runBegan = now - hours(5);
/** Before any remote was asked. */
const unasked: Fingerprint = {
  objective: 'o',
  prompts: 'p',
  backlog: '',
  memory: 'm',
  issues: '',
  ci: '',
  entry: 'e',
  options: 'x',
  local: 'c1',
  tracked: 'c1',
};
const parts: Fingerprint = { ...unasked, commits: 'c1' };
const look: RemoteLook = {
  tip: 'c1',
  pushedAt: now - hours(9),
  askedAt: now - minutes(30),
  asks: 0,
  hand: 'e c1 c1',
  problem: undefined,
};
const visit = (state: LastVisit['state'], more: Partial<LastVisit> = {}): LastVisit => ({
  state,
  blockedBy: undefined,
  at: now - minutes(30),
  failures: 0,
  ...more,
});
const quiet: Known = {
  last: visit('no_work'),
  seen: parts,
  remote: look,
  landed: undefined,
  red: undefined,
  watched: false,
  held: undefined,
  toLand: undefined,
};
const nothing: Observed = {
  at: now,
  runBegan,
  named: false,
  tasks: [],
  issues: [],
  backlogItems: 0,
  memoryLines: 10,
  memoryLimit: 500,
  parts: unasked,
  remote: { is: 'told', pushedAt: now - hours(9) },
};
const task = { title: 'Add CSV export', priority: 3, now: false };
const failed = { ...quiet, last: visit('failed', { at: now - minutes(5), failures: 1 }) };
const changed = (more: Fingerprint): Partial<Observed> => ({ parts: { ...unasked, ...more } });

type Row = [
  when: string,
  known: Partial<Known>,
  observed: Partial<Observed>,
  verdict: 'visit' | 'tidy' | 'ask' | 'leave',
  because: string,
];

function judged(known: Partial<Known>, observed: Partial<Observed>) {
  return judgeRepo({ ...quiet, ...known }, { ...nothing, ...observed });
}

describe('a repository that was quiet at its last visit', () => {
  it.each<Row>([
    ['nothing is new', {}, {}, 'leave', 'no signal'],
    ['a person asks', {}, { tasks: [task] }, 'ask', 'a person asks: Add CSV export'],
    [
      'a person asks, and its remote was asked',
      {},
      { tasks: [task], remote: { is: 'asked', problem: undefined } },
      'visit',
      'a person asks: Add CSV export',
    ],
    [
      'somebody pushed',
      {},
      { ...changed({ commits: 'c2' }), remote: { is: 'asked', problem: undefined } },
      'visit',
      'new commits since the last visit',
    ],
    ['only we pushed', { landed: 'c2' }, changed({ commits: 'c2' }), 'leave', 'no signal'],
    [
      'a push was seen before and nobody came',
      { remote: { ...look, tip: 'c2' } },
      {},
      'visit',
      'new commits since the last visit',
    ],
    [
      'its objective changed',
      {},
      changed({ objective: 'O' }),
      'visit',
      'its objective changed since the last visit',
    ],
    [
      'the prompts changed',
      {},
      changed({ prompts: 'P' }),
      'visit',
      'the prompts changed since the last visit',
    ],
    [
      'its backlog has new items',
      {},
      { ...changed({ backlog: 'b' }), backlogItems: 2 },
      'visit',
      '2 open items in its backlog',
    ],
    [
      'its backlog is as it was',
      { seen: { ...parts, backlog: 'b' } },
      { ...changed({ backlog: 'b' }), backlogItems: 2 },
      'leave',
      '',
    ],
    ['its backlog was worked off', { seen: { ...parts, backlog: 'b' } }, {}, 'leave', ''],
    [
      'an issue of a trusted person is new',
      {},
      { ...changed({ issues: 'i' }), issues: [{ number: 12 }] },
      'visit',
      'issue #12 of a person we trust is open',
    ],
    [
      'that issue was there before',
      { seen: { ...parts, issues: 'i' } },
      { ...changed({ issues: 'i' }), issues: [{ number: 12 }] },
      'leave',
      '',
    ],
    [
      'CI turned red on our own commit since',
      { red: { sha: 'c1', jobs: [] } },
      changed({ ci: 'red c1' }),
      'visit',
      'CI is red on the branch at c1',
    ],
    [
      'CI turned red on what somebody else pushed',
      { red: { sha: 'b'.repeat(40), jobs: ['ci.yml / test', 'ci.yml / <b>lint</b>'] } },
      changed({ ci: `red ${'b'.repeat(40)}` }),
      'visit',
      'CI is red on the branch at bbbbbbbbbbbb, in 2 jobs',
    ],
    [
      'CI turned red on a newer commit than the one it found nothing to do about',
      { red: { sha: 'c2', jobs: [] }, seen: { ...parts, ci: 'red c1' } },
      changed({ ci: 'red c2' }),
      'visit',
      'CI is red on the branch at c2',
    ],
    [
      'its CI was red before, and the visit found nothing to do',
      { red: { sha: 'c1', jobs: [] }, seen: { ...parts, ci: 'red c1' } },
      changed({ ci: 'red c1' }),
      'leave',
      '',
    ],
    [
      'its memory is too long',
      {},
      { ...changed({ memory: 'M' }), memoryLines: 501 },
      'tidy',
      'its memory has 501 lines, 500 are its limit',
    ],
    ['its memory was too long and could not be shortened', {}, { memoryLines: 501 }, 'leave', ''],
    [
      'its memory is too long and its objective changed',
      {},
      { ...changed({ memory: 'M', objective: 'O' }), memoryLines: 501 },
      'visit',
      'its objective changed since the last visit; its memory has 501 lines, 500 are its limit',
    ],
    ['its options changed', {}, changed({ options: 'X' }), 'leave', ''],
    [
      'what the last visit saw was not kept',
      { seen: undefined },
      {},
      'visit',
      'what the last visit saw is not known',
    ],
    ['its remote did not answer', {}, { remote: { is: 'asked', problem: 'no route' } }, 'leave', ''],
  ])('when %s', (_when, known, observed, verdict, because) => {
    const judgement = judged(known, observed);
    expect(judgement.verdict.is).toBe(verdict);
    expect(judgement.standing).toBe('quiet');
    if (verdict !== 'leave') expect(judgement.signals.map(({ text }) => text).join('; ')).toBe(because);
  });

  it.each<[when: string, known: Partial<Known>, observed: Partial<Observed>, asks: boolean]>([
    ['the forge says that nobody pushed', {}, {}, false],
    ['the forge says that somebody pushed', {}, { remote: { is: 'told', pushedAt: now - 1000 } }, true],
    [
      'the last push was too close to the last look to be told from the next',
      { remote: { ...look, pushedAt: look.askedAt - 5000 } },
      { remote: { is: 'told', pushedAt: look.askedAt - 5000 } },
      true,
    ],
    ['nobody tells, half an hour after', {}, { remote: { is: 'untold' } }, false],
    ['nobody tells, an hour after', {}, { remote: { is: 'untold' }, at: look.askedAt + hours(1) }, true],
    [
      'nobody tells, an hour after the second time',
      { remote: { ...look, asks: 1 } },
      { remote: { is: 'untold' }, at: look.askedAt + hours(1) },
      false,
    ],
    ['it was never asked', { remote: undefined }, { remote: { is: 'untold' } }, true],
    ['it has no remote', { remote: undefined }, { remote: { is: 'none' }, parts }, false],
    ['the person committed', {}, { ...changed({ local: 'c9' }), remote: { is: 'untold' } }, true],
    ['the person fetched', {}, { ...changed({ tracked: 'c9' }), remote: { is: 'untold' } }, true],
    ['the person pinned it', {}, { ...changed({ entry: 'E' }), remote: { is: 'untold' } }, true],
    ['the person named it', {}, { named: true, remote: { is: 'untold' } }, false],
    [
      'the person named it in a new run',
      {},
      { named: true, runBegan: now - minutes(1), remote: { is: 'untold' } },
      true,
    ],
    ['the person named it to look at it', {}, { named: true, runBegan: undefined }, true],
    [
      'it did not answer ten minutes ago, though the forge tells of a push',
      { remote: { ...look, problem: 'no route', askedAt: now - minutes(9) } },
      { remote: { is: 'told', pushedAt: now - hours(1) } },
      false,
    ],
    ['it did not answer half an hour ago', { remote: { ...look, problem: 'no route' } }, {}, true],
  ])('its remote is asked or not when %s', (_when, known, observed, asks) => {
    expect(judged(known, observed).verdict.is).toBe(asks ? 'ask' : 'leave');
  });

  it.each<[when: string, known: Partial<Known>, observed: Partial<Observed>, due: number | undefined]>([
    ['the forge tells', {}, {}, undefined],
    ['nobody tells', {}, { remote: { is: 'untold' } }, look.askedAt + hours(1)],
    ['it has no remote', {}, { remote: { is: 'none' }, parts }, undefined],
    [
      'it did not answer',
      { remote: { ...look, problem: 'no route', asks: 1 } },
      { remote: { is: 'asked', problem: 'no route' } },
      look.askedAt + minutes(20),
    ],
  ])('is looked at again when %s', (_when, known, observed, due) => {
    expect(judged(known, observed).verdict).toMatchObject({ is: 'leave', nextDue: due });
  });

  it('says that its remote could not be asked', () => {
    const { verdict } = judged({}, { remote: { is: 'asked', problem: 'no route' } });
    expect(verdict).toMatchObject({ why: 'no signal, and its remote could not be asked: no route' });
  });
});

describe('a repository', () => {
  const fresh: Partial<Known> = { last: undefined, seen: undefined, remote: undefined };
  const rests = `the last visit failed; the next is not before ${isoUtc(now + minutes(5))}`;
  it.each<Row>([
    ['was never visited', fresh, {}, 'visit', 'never visited before'],
    [
      'was never visited and has open items and an issue',
      fresh,
      { backlogItems: 1, issues: [{ number: 7 }] },
      'visit',
      'never visited before; issue #7 of a person we trust is open; 1 open item in its backlog',
    ],
    ['landed work', { last: visit('cleaned') }, {}, 'visit', 'the last visit landed work; there may be more'],
    ['was interrupted', { last: visit('interrupted') }, {}, 'visit', 'the last visit ended interrupted'],
    ['was skipped', { last: visit('skipped') }, {}, 'visit', 'the last visit was skipped'],
    [
      'was left open',
      { last: visit('completed_unreviewed') },
      {},
      'visit',
      'the last visit ended completed unreviewed',
    ],
    ['failed a moment ago', failed, {}, 'leave', rests],
    ['failed, and a person asks', failed, { tasks: [task] }, 'visit', 'a person asks: Add CSV export'],
    [
      'failed, and its entry was edited',
      failed,
      changed({ entry: 'E' }),
      'visit',
      'the last visit ended failed',
    ],
    [
      'failed, and its options changed',
      failed,
      changed({ options: 'X' }),
      'visit',
      'the last visit ended failed',
    ],
    [
      'failed, and the person committed',
      failed,
      changed({ local: 'c9' }),
      'visit',
      'the last visit ended failed',
    ],
    [
      'failed, and its checkout followed our landing',
      { ...failed, landed: 'c9' },
      { ...changed({ local: 'c9' }), remote: { is: 'untold' } },
      'leave',
      rests,
    ],
    [
      'failed on a red branch',
      { ...failed, red: { sha: 'c1', jobs: [] } },
      changed({ ci: 'red c1' }),
      'leave',
      rests,
    ],
    ['failed, and somebody pushed', failed, { remote: { is: 'told', pushedAt: now - 1000 } }, 'ask', ''],
    [
      'failed, and the push was to this branch',
      failed,
      { ...changed({ commits: 'c2' }), remote: { is: 'asked', problem: undefined } },
      'visit',
      'the last visit ended failed; new commits since the last visit',
    ],
    [
      'failed, and the push was to another branch',
      failed,
      { remote: { is: 'asked', problem: undefined }, parts },
      'leave',
      rests,
    ],
    [
      'failed, and the person starts a run',
      failed,
      { runBegan: now - 1 },
      'visit',
      'the last visit ended failed',
    ],
    [
      'failed, and is named in a new run',
      { last: visit('failed', { failures: 9 }) },
      { named: true, runBegan: now - 1 },
      'visit',
      'the last visit ended failed',
    ],
    ['failed in this run, and was named for it', failed, { named: true }, 'leave', rests],
    [
      'waits for a person',
      { last: visit('blocked', { blockedBy: 'human' }), held: 's1' },
      {},
      'leave',
      'waits for you: clone review s1',
    ],
    [
      'waits for a person, who asks for something else',
      { last: visit('blocked', { blockedBy: 'human' }), held: 's1' },
      { tasks: [task] },
      'visit',
      'a person asks: Add CSV export',
    ],
    [
      'has work that waits to land, though it is named in a new run',
      { last: visit('blocked', { blockedBy: 'access' }), toLand: 's1' },
      { named: true, runBegan: now - 1 },
      'leave',
      'the work of s1 waits to land: its remote was away, or refused it',
    ],
    ['waits for its CI', { last: visit('cleaned'), watched: true }, {}, 'leave', 'its CI is being watched'],
    [
      'waits for its CI, and a person asks',
      { last: visit('cleaned'), watched: true },
      { tasks: [task] },
      'leave',
      'its CI is being watched',
    ],
    [
      'waits for its CI, and a person asks for it now',
      { last: visit('cleaned'), watched: true },
      { tasks: [{ ...task, now: true }] },
      'visit',
      'a person asks: Add CSV export',
    ],
    [
      'was blocked by a limit',
      { last: visit('blocked', { blockedBy: 'limit' }) },
      {},
      'visit',
      'the last visit ended blocked',
    ],
    [
      'was blocked by missing access',
      { last: visit('blocked', { blockedBy: 'access', failures: 1 }) },
      {},
      'leave',
      `the last visit was blocked; the next is not before ${isoUtc(now + minutes(30))}`,
    ],
  ])('that %s', (_when, known, observed, verdict, because) => {
    const judgement = judged(known, observed);
    expect(judgement.verdict.is).toBe(verdict);
    if (judgement.verdict.is === 'leave') {
      expect(judgement.verdict.why).toBe(because);
      expect(judgement.verdict.sooner).not.toBe('');
    }
    if (verdict === 'visit') expect(judgement.signals.map(({ text }) => text).join('; ')).toBe(because);
  });

  it.each<[when: string, known: Partial<Known>, observed: Partial<Observed>, onlyAsked: boolean]>([
    ['a person asks, and it was quiet', {}, { tasks: [task], remote: { is: 'none' }, parts }, true],
    ['a person asks, and it landed work before', { last: visit('cleaned') }, { tasks: [task] }, false],
    ['a person asks while it rests', failed, { tasks: [task] }, true],
    ['nobody asks', { last: visit('cleaned') }, {}, false],
  ])('spares the plan turn when %s', (_when, known, observed, onlyAsked) => {
    expect(judged(known, observed).verdict).toEqual({ is: 'visit', onlyAsked });
  });

  it.each<
    [why: string, known: Partial<Known>, observed: Partial<Observed>, blockedBy: BlockedBy | undefined]
  >([
    ['is held', { last: visit('blocked', { blockedBy: 'human' }), held: 's1' }, {}, 'human'],
    [
      'has work that a remote refused',
      { last: visit('blocked', { blockedBy: 'access' }), toLand: 's1' },
      {},
      'access',
    ],
    [
      'has work for a remote that was away',
      { last: visit('blocked', { blockedBy: 'environment' }), toLand: 's1' },
      {},
      'environment',
    ],
    [
      'rests since its agent went silent',
      { last: visit('blocked', { blockedBy: 'agent', at: now, failures: 1 }) },
      {},
      'agent',
    ],
    ['rests since it failed', failed, {}, undefined],
    ['has no signal', {}, {}, undefined],
    [
      'has no signal, and its remote refuses us',
      {},
      { remote: { is: 'asked', problem: 'no right', refused: true } },
      'access',
    ],
    [
      'has no signal, and its remote is away',
      {},
      { remote: { is: 'asked', problem: 'no route', refused: false } },
      undefined,
    ],
    ['is watched', { last: visit('cleaned'), watched: true }, {}, undefined],
  ])('that %s is left alone, and says what is waited for', (_why, known, observed, blockedBy) => {
    const { verdict } = judged(known, observed);
    expect(verdict.is === 'leave' && [verdict.blockedBy]).toEqual([blockedBy]);
  });

  it('tells its signals with source, trust and score, the weightiest first', () => {
    const issues = Array.from({ length: 7 }, (_, index) => ({ number: index + 1 }));
    const tasks = [{ ...task, priority: 1, now: true }, task];
    const { signals } = judged({ last: undefined }, { tasks, issues, backlogItems: 3 });
    expect(signals.map(({ source, trust, score }) => `${source} ${trust} ${score}`)).toEqual([
      'operator trusted 1140',
      'operator trusted 1020',
      'ledger trusted 700',
      ...issues.slice(0, 5).map(({ number }) => `issue #${number} untrusted 600`),
      'issues untrusted 600',
      'CLONE_FEATURES.md trusted 200',
    ]);
    expect(signals.find(({ source }) => source === 'issues')?.text).toBe('2 more issues of people we trust');
  });
});
