import { describe, expect, it } from 'vitest';
import { portfolioWorld } from '../../test/fakes/portfolio-world.ts';
import type { CiVerdict } from '../domain/ci.ts';
import { runCycle } from './cycle.ts';
import { memoryFilesOf } from './memory-files.ts';
import type { CiScheduler } from './watch-ci.ts';

/** A cycle with a repository that it made itself, whose first push is watched, between two others; one worker. */
async function cycleWithNews({ watched = true }: { watched?: boolean } = {}) {
  const fake = portfolioWorld({ forge: true });
  for (const name of ['old-a', 'news', 'old-b']) fake.add(name, 'quiet');
  const here = fake.ledger.within({ run: 'r1', cycle: 1, repo: 'news', session: 'idea' });
  const told = { agent: 'codex', land: 'push', why: 'the idea', path: '/code/news', logs: '' } as const;
  await here.record({ type: 'session-queued', ...told });
  for (const to of [
    'setup',
    'active',
    'completed_unreviewed',
    'accepted',
    'merged',
    'pushed',
    'cleaned',
  ] as const)
    await here.record({ type: 'session-moved', to, facts: { tip: 'c1' } });
  await here.record({
    type: 'watch-started',
    sha: 'c1',
    parent: 'c0',
    branch: 'main',
    slug: 'me/news',
    attempt: 0,
    expected: { kind: 'unknown', why: '' },
  });
  const drain = new AbortController();
  const verdict = Promise.withResolvers<undefined>();
  const memory = memoryFilesOf(fake.world.discovery);
  const going = runCycle(
    fake.world,
    fake.order,
    {
      cycle: 1,
      repos: fake.entries(),
      scheduler: {} as CiScheduler,
      deadline: Number.POSITIVE_INFINITY,
      memory,
      visit: fake.visit,
      afterCi: watched ? new Map([['news', verdict.promise]]) : undefined,
    },
    { drain: drain.signal, now: new AbortController().signal },
  );
  const visited = (): string[] => fake.visits.map(({ repo }) => repo);
  /** Until the others were visited: nothing of that may wait for CI. */
  const othersDone = async (): Promise<void> => {
    while (visited().length < 2) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    going,
    drain,
    visited,
    othersDone,
    verdict,
    conclude: (is: CiVerdict) => here.record({ type: 'watch-ended', sha: 'c1', verdict: is, why: '' }),
    why: async () => (await fake.ledger.repo('news'))?.skippedWhy,
  };
}

describe('a repository that the cycle made itself', () => {
  it.each<CiVerdict>(['green', 'fixed', 'red', 'no_ci', 'infra'])(
    'is visited once, after all others, when its CI is %s; no worker waits for that',
    async (is) => {
      const news = await cycleWithNews();
      await news.othersDone();
      expect(news.visited()).toEqual(['old-a', 'old-b']);
      await news.conclude(is);
      news.verdict.resolve(undefined);
      await news.going;
      expect(news.visited()).toEqual(['old-a', 'old-b', 'news']);
      expect(await news.why()).toBeUndefined();
    },
  );

  it('waits for the next cycle, and says so, when its CI gives no verdict in time', async () => {
    const news = await cycleWithNews();
    await news.conclude('timeout');
    news.verdict.resolve(undefined);
    await news.going;
    expect(news.visited()).toEqual(['old-a', 'old-b']);
    expect(await news.why()).toBe('its CI gave no verdict in time; its first visit waits for the next cycle');
  });

  it('waits for the next cycle, and says so, when the run is asked to end', async () => {
    const news = await cycleWithNews();
    await news.othersDone();
    news.drain.abort();
    news.verdict.resolve(undefined);
    await news.going;
    expect(news.visited()).toEqual(['old-a', 'old-b']);
    expect(await news.why()).toBe('the run is stopping; its first visit waits for the next cycle');
  });

  it.each<[what: string, end: (verdict: PromiseWithResolvers<undefined>) => void]>([
    [
      'ends without a verdict',
      ({ resolve }) => {
        resolve(undefined);
      },
    ],
    [
      'stumbles',
      ({ reject }) => {
        reject(new Error('a bug'));
      },
    ],
  ])('waits for the next cycle when the watch %s', async (_what, end) => {
    const news = await cycleWithNews();
    end(news.verdict);
    await news.going;
    expect(news.visited()).toEqual(['old-a', 'old-b']);
    expect(await news.why()).toBe(
      'the verdict of its CI is not known yet; its first visit waits for the next cycle',
    );
  });
});

it('a repository with another watched push is left alone, as ever', async () => {
  const news = await cycleWithNews({ watched: false });
  await news.going;
  expect(news.visited()).toEqual(['old-a', 'old-b']);
  expect(await news.why()).toBe('its CI is being watched');
});
