import { describe, expect, it } from 'vitest';
import { landed, moved, queued } from '../../test/fakes/facts.ts';
import { foldFacts, type Told } from '../../test/fakes/fold-facts.ts';
import { portfolioWorld } from '../../test/fakes/portfolio-world.ts';
import type { SessionFailure } from '../domain/failure.ts';
import { sessionFold } from '../ledger/folds/session.ts';
import { runCycle } from './cycle.ts';
import { heldByReview, isHeld } from './land-accepted.ts';
import { memoryFilesOf } from './memory-files.ts';
import type { CiScheduler } from './watch-ci.ts';

const limited = { kind: 'agent-limited', until: undefined, message: 'no more today' } as const;

describe('a session whose reviewer has no more', () => {
  it.each<[review: 'none' | 'second', parked: string | undefined, visits: string[]]>([
    ['second', 'command', ['a']],
    ['none', undefined, ['a', 'b']],
  ])('lets the next begin only where it is not needed (review: %s)', async (review, parked, visits) => {
    const options = { review, agent_command: 'mine' } as const;
    const fake = portfolioWorld({ options });
    fake.add('a', 'held');
    fake.add('b', 'held');
    const stopped: Extract<SessionFailure, { kind: 'held-for-review' }>['stopped'] =
      parked === undefined ? undefined : { agent: parked, failure: limited };
    const failure = { kind: 'held-for-review' as const, message: 'nobody reviewed it', stopped };
    const sweep = {
      cycle: 1,
      repos: fake.entries(),
      scheduler: {} as CiScheduler,
      deadline: Number.POSITIVE_INFINITY,
      memory: memoryFilesOf(fake.world.discovery),
      visit: async (...args: Parameters<typeof fake.visit>) => ({ ...(await fake.visit(...args)), failure }),
    };
    await runCycle(fake.world, fake.order, sweep, fake.stop);
    expect(fake.visits.map(({ repo }) => repo)).toEqual(visits);
    expect((await fake.ledger.agents()).map(({ agent }) => agent)).toEqual(parked ? [parked] : []);
    if (parked !== undefined)
      expect((await fake.ledger.repo('b'))?.skippedWhy).toBe(`the agent ${parked} is parked: no more today`);
  });
});

describe('what a review did not let pass', () => {
  const before = [queued(), moved('setup'), moved('active'), moved('completed_unreviewed')];
  const held = moved('accepted', { facts: { tip: 'c1', held: 'the review found P1' } });

  it.each<[when: string, told: readonly Told[], why: string | undefined]>([
    ['its run dies before a person was told', [held, landed('c1', { mode: 'hold' })], 'the review found P1'],
    ['it waits for a person', [held, moved('blocked', { blockedBy: 'human' })], 'the review found P1'],
    [
      'a person has accepted it',
      [held, moved('blocked', { blockedBy: 'human' }), moved('accepted', { facts: { tip: 'c1' } })],
      undefined,
    ],
    ['it passed after all', [moved('accepted', { facts: { tip: 'c1' } })], undefined],
  ])('is known when %s', (_when, told, why) => {
    const session = foldFacts(sessionFold, [...before, ...told]).get('s1');
    if (!session) throw new Error('there is no session');
    expect(heldByReview(session)).toBe(why);
    expect(isHeld(session)).toBe(session.state === 'blocked');
  });
});
