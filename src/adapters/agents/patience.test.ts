import { expect, it } from 'vitest';

import type { Clock } from '../../ports/clock.ts';
import { patience } from './patience.ts';

/** Time that passes when told to. */
function handClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = 0;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, stop) =>
      new Promise((wake) => {
        sleepers.add({ until: now + ms, wake });
        stop?.addEventListener('abort', () => {
          wake();
        });
      }),
    async pass(ms) {
      now += ms;
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
      await new Promise(setImmediate);
    },
  };
}

function start() {
  const clock = handClock();
  const ranOut: number[] = [];
  return { clock, ranOut, strained: patience(clock, () => ranOut.push(clock.now())) };
}

it('runs out when a strain lasts', async () => {
  const { clock, ranOut, strained } = start();
  strained.strain(1000);
  await clock.pass(999);
  expect(ranOut).toEqual([]);
  await clock.pass(1);
  expect(ranOut).toEqual([1000]);
});

it('counts from the beginning of a strain, not from its last sign', async () => {
  const { clock, ranOut, strained } = start();
  strained.strain(1000);
  await clock.pass(600);
  strained.strain(1000);
  await clock.pass(400);
  expect(ranOut).toEqual([1000]);
});

it('shortens with a worse strain', async () => {
  const { clock, ranOut, strained } = start();
  strained.strain(10_000);
  await clock.pass(500);
  strained.strain(1000);
  await clock.pass(1000);
  expect(ranOut).toEqual([1500]);
  await clock.pass(10_000);
  expect(ranOut).toEqual([1500]);
});

it('recovers when it is over', async () => {
  const { clock, ranOut, strained } = start();
  strained.strain(1000);
  await clock.pass(900);
  strained.relax();
  strained.strain(1000);
  await clock.pass(900);
  strained[Symbol.dispose]();
  await clock.pass(10_000);
  expect(ranOut).toEqual([]);
});
