import { expect, it } from 'vitest';
import { inSession, moved, planned, queued, runStarted, task } from '../../test/fakes/facts.ts';
import { lookingWorld, perform } from '../../test/fakes/looking-context.ts';
import type { World } from '../ports/world.ts';
import type { FrontContext } from './front-context.ts';
import { reviewCommand } from './review.ts';

async function review(world: ReturnType<typeof lookingWorld>, ...args: string[]): Promise<string> {
  const opened = { ledger: world.ledger } as unknown as World;
  const context = { ...world.context, world: () => Promise.resolve(opened) };
  await perform(reviewCommand(context as unknown as FrontContext), args);
  return world.out();
}

const toAccepted = [moved('setup'), moved('active'), moved('completed_unreviewed')];

it('lists what waits for a decision, each with why it is held, in one line', async () => {
  const world = lookingWorld();
  const asked = { session: 's2', repo: 'csv' };
  await world.ledger.record(runStarted(), queued({ land: 'hold' }), ...toAccepted);
  await world.ledger.record(planned(task('t1'), task('t2')), moved('accepted', { facts: { tip: 'c1' } }));
  await world.ledger.record(
    moved('blocked', { blockedBy: 'human', why: 'waits for you:\n\u001b[31mclone review s1' }),
    queued(asked),
    ...toAccepted.map((fact) => ({ ...fact, ...asked })),
    { ...planned(task('t3')), ...inSession, ...asked },
    moved('accepted', { ...asked, facts: { tip: 'c2', held: 'the review stopped it' } }),
    moved('blocked', { ...asked, blockedBy: 'human', why: 'the review stopped it: P1 It is wrong' }),
  );
  expect(await review(world)).toBe(`s1  Task t1; Task t2
  waits for you: clone review s1
s2  Task t3
  the review stopped it: P1 It is wrong
`);
});

it('says when nothing waits', async () => {
  expect(await review(lookingWorld())).toBe('Nothing waits for a decision of yours.\n');
});
