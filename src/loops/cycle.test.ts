import { describe, expect, it } from 'vitest';
import { type PortfolioWorldOptions, portfolioWorld } from '../../test/fakes/portfolio-world.ts';
import { ok } from '../domain/result.ts';
import { hours, minutes } from '../domain/time.ts';
import { runCycle } from './cycle.ts';
import { memoryFilesOf } from './memory-files.ts';
import type { Compact } from './tidy-repository.ts';
import type { CiScheduler } from './watch-ci.ts';

const many = 79;

/** A portfolio in memory, and cycles over it: one every ten minutes. */
function days(given: PortfolioWorldOptions = {}) {
  const fake = portfolioWorld(given);
  const memory = memoryFilesOf(fake.world.discovery);
  let cycle = 0;
  let run = 'r1';
  return {
    ...fake,
    /** A person starts the program. */
    async begin(id: string): Promise<void> {
      run = id;
      await fake.ledger.record({
        type: 'run-started',
        run,
        pid: 1,
        processStart: '',
        host: '',
        version: '',
        cycles: 0,
        parallel: 3,
        agent: 'codex',
        folder: '',
      });
    },
    async cycle({
      only = [],
      deadline = Number.POSITIVE_INFINITY,
      compact,
      visit = fake.visit,
    }: {
      only?: string[];
      deadline?: number;
      compact?: Compact;
      visit?: typeof fake.visit;
    } = {}) {
      cycle += 1;
      const scheduler = {} as CiScheduler;
      const sweep = { cycle, repos: fake.entries(), scheduler, deadline, memory, visit, compact };
      return await runCycle(fake.world, { ...fake.order, run, only }, sweep, fake.stop);
    },
    async during(time: number): Promise<void> {
      const end = fake.clock.at + time;
      while (fake.clock.at < end) {
        await this.cycle();
        fake.clock.at += minutes(10);
      }
    },
    /** Names in the order in which they were visited since the last call. */
    visited: () => fake.visits.splice(0).map(({ repo }) => repo),
    skipped: async (name: string) => (await fake.ledger.repo(name))?.skippedWhy,
  };
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(2, '0')}`);
}

describe('a day over 79 repositories', () => {
  it.each([false, true])('that are quiet starts no agent (forge: %s)', async (forge) => {
    const day = days({ forge });
    for (const name of names('quiet', many)) day.add(name, 'quiet');
    await day.begin('r1');
    await day.cycle();
    expect(new Set(day.visited()).size).toBe(many);
    day.asks.splice(0);

    await day.during(hours(24));
    expect(day.visited()).toEqual([]);
    // One request a cycle with a forge; without one each remote is asked 1, 2, 4 and 8 hours after the time before.
    if (forge) expect({ asks: day.asks.length, looks: day.looks() }).toEqual({ asks: 0, looks: 145 });
    else expect(day.asks).toHaveLength(4 * many);
  });

  it('that are busy visits all of them in every cycle, and none twice before all once', async () => {
    const day = days({ forge: true });
    for (const name of names('busy', many)) day.add(name, 'busy');
    await day.begin('r1');
    for (let cycle = 0; cycle < 5; cycle += 1) {
      await day.cycle();
      expect(new Set(day.visited()).size).toBe(many);
    }
  });

  it('that are busy starves none when every run is cut short', async () => {
    const day = days({ forge: true });
    for (const name of names('busy', many)) day.add(name, 'busy');
    const order: string[] = [];
    for (let run = 0; run < 20; run += 1) {
      await day.begin(`r${run}`);
      await day.cycle({ deadline: day.clock.at + 10_000 });
      order.push(...day.visited());
      day.clock.at += hours(1);
    }
    for (let round = 0; round + many <= order.length; round += many)
      expect(new Set(order.slice(round, round + many)).size).toBe(many);
    expect(order.length).toBeGreaterThan(2 * many);
  });

  it('of every temper gives each what it is due', async () => {
    const day = days({ forge: true });
    for (const name of names('busy', 5)) day.add(name, 'busy');
    for (const name of names('quiet', 50)) day.add(name, 'quiet');
    for (const name of names('failing', 12)) day.add(name, 'failing');
    for (const name of names('held', 12)) day.add(name, 'held');
    await day.begin('r1');
    await day.during(hours(24));
    const count = new Map<string, number>();
    for (const name of day.visited()) count.set(name, (count.get(name) ?? 0) + 1);
    const of = (prefix: string) =>
      [...count].filter(([name]) => name.startsWith(prefix)).map(([, visits]) => visits);
    const busy = of('busy');
    expect(Math.max(...busy) - Math.min(...busy)).toBeLessThanOrEqual(1);
    expect(Math.min(...busy)).toBeGreaterThan(100);
    expect(of('quiet')).toEqual(Array<number>(50).fill(1));
    // 10 minutes after the first failure, then 20, 40, 80, 160, 320 and 640.
    expect(of('failing')).toEqual(Array<number>(12).fill(8));
    expect(of('held')).toEqual(Array<number>(12).fill(1));
  });
});

describe('in a quiet portfolio', () => {
  async function quiet(given: PortfolioWorldOptions = { forge: true }) {
    const day = days(given);
    for (const name of names('quiet', 3)) day.add(name, 'quiet');
    await day.begin('r1');
    await day.cycle();
    await day.during(hours(2));
    day.visits.splice(0);
    day.asks.splice(0);
    return day;
  }

  it('a push is seen in the next cycle, by one fetch of that repository', async () => {
    const day = await quiet();
    day.push('quiet-01');
    await day.cycle();
    expect(day.visits.map(({ repo, visit }) => [repo, visit.signals.map(({ text }) => text)])).toEqual([
      ['quiet-01', ['new commits since the last visit']],
    ]);
    expect(day.asks.map(({ repo }) => repo)).toEqual(['quiet-01']);
    day.clock.at += minutes(10);
    await day.during(hours(2));
    expect(day.visited()).toEqual(['quiet-01']);
  });

  it('two pushes within a second are both seen', async () => {
    const day = await quiet();
    day.clock.at = Math.floor(day.clock.at / 1000) * 1000 + 100;
    day.push('quiet-01');
    await day.cycle();
    expect(day.visited()).toEqual(['quiet-01']);
    day.change('quiet-01', { tip: 'pushed in the same second' });
    day.clock.at += minutes(2);
    await day.cycle();
    expect(day.visited()).toEqual(['quiet-01']);
  });

  it('a push that nobody tells of is seen when the remote is asked again', async () => {
    const day = await quiet({});
    day.push('quiet-01');
    await day.during(hours(12));
    expect(day.visited()).toEqual(['quiet-01']);
  });

  it('a commit of the person, or a pin, makes the remote asked at once', async () => {
    const day = await quiet({});
    day.change('quiet-01', { local: 'mine' });
    day.edit('quiet-02', { pinned: false });
    await day.cycle();
    expect(day.asks.map(({ repo }) => repo).sort()).toEqual(['quiet-01', 'quiet-02']);
    await day.cycle();
    expect(day.asks).toHaveLength(2);
    expect(day.visited()).toEqual([]);
  });

  it('a task is done in the next cycle, and first', async () => {
    const day = await quiet();
    day.add('busy', 'busy');
    await day.ledger.record({
      type: 'operator-task-added',
      repo: 'quiet-02',
      id: 't1',
      title: 'Add it',
      details: '',
      priority: 3,
      now: false,
      paths: [],
    });
    await day.cycle();
    expect(day.visits.map(({ repo, visit }) => [repo, visit.onlyAsked])).toEqual([
      ['quiet-02', true],
      ['busy', false],
    ]);
  });

  it('a remote that does not answer is said, and tried again later each time', async () => {
    const day = await quiet();
    day.push('quiet-01');
    day.change('quiet-01', { silent: true });
    await day.during(hours(3));
    // At once, then after 20, 40 and 80 minutes.
    expect(day.asks).toHaveLength(4);
    expect(await day.skipped('quiet-01')).toBe('no signal, and its remote could not be asked: no route');
    expect((await day.ledger.repo('quiet-01'))?.nextDue).toBeGreaterThan(day.clock.at);
    day.change('quiet-01', { silent: false });
    await day.during(hours(3));
    expect(day.visited()).toEqual(['quiet-01']);
  });
});

describe('a branch that somebody else pushed to', () => {
  /** A thousand repositories, each visited once and asked about once; then nobody pushes. */
  async function asked(count: number) {
    const day = days({ forge: true });
    for (const name of names('quiet', count)) day.add(name, 'quiet');
    await day.begin('r1');
    await day.cycle();
    await day.during(hours(1));
    day.visits.splice(0);
    day.asks.splice(0);
    day.ciAsks.splice(0);
    return day;
  }
  /** Each visit since the last call, with what called for it. */
  const calls = (day: Awaited<ReturnType<typeof asked>>) =>
    day.visits.splice(0).map(({ repo, visit }) => [repo, visit.signals.map(({ text }) => text).join('; ')]);
  const redWords = (sha: string) => `CI is red on the branch at ${sha.slice(0, 12)}, in 1 job`;

  it('costs one request a cycle for 1,000 repositories while nobody pushes', async () => {
    const day = await asked(1000);
    const looks = day.looks();
    await day.during(hours(1));
    expect({ ci: day.ciAsks, fetches: day.asks, visits: day.visits }).toEqual({
      ci: [],
      fetches: [],
      visits: [],
    });
    expect(day.looks() - looks).toBe(6);
  }, 60_000);

  it('and is red is visited for that, before others, with what CI says of it', async () => {
    const day = await asked(3);
    day.add('fresh', 'quiet');
    day.edit('quiet-00', { objective: 'Another one.' });
    const sha = day.push('quiet-02');
    day.clock.at += minutes(1);
    day.runCi('quiet-02', 'failure');
    await day.cycle();
    const [first] = day.visits;
    expect(first?.visit.redCi).toMatchObject({
      sha,
      failures: [{ step: 'Test', job: { name: 'test' }, excerpt: expect.stringMatching(/RED/) as string }],
    });
    expect(first?.visit.signals).toMatchObject([
      { kind: 'ci-red', source: 'CI', trust: 'trusted', score: 800 },
    ]);
    expect(calls(day)).toEqual([
      ['quiet-02', redWords(sha)],
      ['fresh', 'never visited before'],
      ['quiet-00', 'its objective changed since the last visit'],
    ]);
    expect(day.ciAsks).toEqual(['me/quiet-02']);
  });

  it('comes after what people ask for', async () => {
    const day = await asked(2);
    const sha = day.push('quiet-00');
    day.runCi('quiet-00', 'failure');
    await day.ledger.record({
      type: 'operator-task-added',
      repo: 'quiet-01',
      id: 't1',
      title: 'Add it',
      details: '',
      priority: 3,
      now: false,
      paths: [],
    });
    await day.cycle();
    expect(calls(day)).toEqual([
      ['quiet-01', 'a person asks: Add it'],
      ['quiet-00', redWords(sha)],
    ]);
  });

  it('and is red backs off after a visit that found nothing to do, until the next push', async () => {
    const day = await asked(1);
    const sha = day.push('quiet-00');
    day.runCi('quiet-00', 'failure');
    await day.cycle();
    expect(calls(day)).toEqual([['quiet-00', redWords(sha)]]);
    day.ciAsks.splice(0);
    await day.during(hours(3));
    expect(calls(day)).toEqual([]);
    expect(await day.skipped('quiet-00')).toBe('no signal');
    expect(day.ciAsks).toEqual([]);

    const next = day.push('quiet-00');
    day.runCi('quiet-00', 'failure');
    await day.cycle();
    expect(calls(day)).toEqual([['quiet-00', redWords(next)]]);
  });

  it('and is red rests after a visit that failed, until the next push', async () => {
    const day = days({ forge: true });
    day.add('failing', 'failing');
    await day.begin('r1');
    await day.cycle();
    day.push('failing');
    day.runCi('failing', 'failure');
    await day.during(hours(1));
    // The push ends the first rest; the next are 20 and 40 minutes.
    expect(calls(day)).toHaveLength(3);
    const next = day.push('failing');
    day.runCi('failing', 'failure');
    await day.cycle();
    expect(calls(day)).toMatchObject([['failing', expect.stringContaining(redWords(next)) as string]]);
  });

  it('is asked about once a cycle while CI is at work, and not again when it has its verdict', async () => {
    const day = await asked(5);
    const sha = day.push('quiet-03');
    day.runCi('quiet-03');
    await day.during(minutes(30));
    expect(calls(day)).toEqual([['quiet-03', 'new commits since the last visit']]);
    expect(day.ciAsks).toEqual(Array<string>(3).fill('me/quiet-03'));
    day.runCi('quiet-03', 'failure');
    await day.during(minutes(30));
    expect(calls(day)).toEqual([['quiet-03', redWords(sha)]]);
    expect(day.ciAsks).toHaveLength(4);
  });

  it('and is green, or mended by somebody, is no reason', async () => {
    const day = await asked(2);
    for (const name of ['quiet-00', 'quiet-01']) day.push(name);
    day.runCi('quiet-00', 'success');
    day.runCi('quiet-01', 'failure');
    await day.cycle();
    expect(calls(day).map(([, why]) => why)).toEqual([
      expect.stringMatching(/^CI is red/) as string,
      'new commits since the last visit',
    ]);
    day.push('quiet-01');
    day.runCi('quiet-01', 'success');
    await day.cycle();
    expect(calls(day)).toEqual([['quiet-01', 'new commits since the last visit']]);
    await day.during(hours(1));
    expect(calls(day)).toEqual([]);
  });

  it('and is red no longer at its turn is left alone', async () => {
    const day = await asked(2);
    day.change('quiet-00', { temper: 'busy' });
    day.edit('quiet-00', { objective: 'Another one.' });
    for (const name of ['quiet-00', 'quiet-01']) {
      day.push(name);
      day.runCi(name, 'failure');
    }
    const { visit } = day;
    const mending: typeof visit = (world, due, stop) => {
      if (due.repo.name === 'quiet-00') day.runCi('quiet-01', 'success');
      return visit(world, due, stop);
    };
    await day.cycle({ visit: mending });
    // The push itself is still news.
    expect(calls(day).at(-1)).toEqual(['quiet-01', 'new commits since the last visit']);
  });

  it('is not asked about without a forge', async () => {
    const day = days({});
    day.add('quiet', 'quiet');
    await day.begin('r1');
    await day.cycle();
    day.push('quiet');
    day.runCi('quiet', 'failure');
    await day.during(hours(3));
    expect(day.ciAsks).toEqual([]);
    expect(calls(day)).toEqual([
      ['quiet', 'never visited before'],
      ['quiet', 'new commits since the last visit'],
    ]);
  });

  it('is not asked about where the commit is ours and was watched', async () => {
    const day = days({ forge: true });
    day.add('busy', 'busy');
    await day.begin('r1');
    await day.cycle();
    const landed = (await day.ledger.repo('busy'))?.landed ?? '';
    const context = { repo: 'busy', run: 'r1', session: day.visits[0]?.visit.session, sha: landed };
    await day.ledger.record(
      {
        type: 'watch-started',
        ...context,
        parent: 'c0',
        branch: 'main',
        slug: 'me/busy',
        attempt: 0,
        expected: { kind: 'unknown', why: '' },
      },
      { type: 'watch-ended', ...context, verdict: 'green', why: '' },
    );
    day.runCi('busy', 'success');
    day.change('busy', { temper: 'quiet' });
    day.clock.at += minutes(5);
    await day.during(hours(2));
    expect(day.ciAsks).toEqual([]);
  });
});

describe('a repository', () => {
  it('that is not there is one blocked session, until something changes at its path', async () => {
    const day = days();
    day.add('gone', 'quiet');
    day.change('gone', { gone: true });
    await day.begin('r1');
    await day.during(hours(6));
    const sessions = await day.ledger.sessions({ repo: 'gone' });
    expect(sessions).toMatchObject([{ state: 'blocked', blockedBy: 'environment' }]);
    expect(await day.skipped('gone')).toBe('nothing is at /code/gone');
    day.change('gone', { gone: false });
    await day.cycle();
    expect(day.visited()).toEqual(['gone']);
    day.change('gone', { gone: true });
    await day.during(hours(1));
    expect(await day.ledger.sessions({ repo: 'gone' })).toHaveLength(3);
  });

  it('that failed is visited at once when its entry was edited, or it is named in a new run', async () => {
    const day = days();
    day.add('failing', 'failing');
    await day.begin('r1');
    await day.during(hours(3));
    day.visited();
    await day.cycle();
    expect(day.visited()).toEqual([]);
    expect(await day.skipped('failing')).toMatch(/^the last visit failed; the next is not before 2026-/);
    expect((await day.ledger.repo('failing'))?.nextDue).toBeGreaterThan(day.clock.at);
    day.edit('failing', { objective: 'Something simpler.' });
    await day.cycle();
    expect(day.visited()).toEqual(['failing']);
    await day.cycle();
    expect(day.visited()).toEqual([]);
    await day.begin('r2');
    await day.cycle();
    expect(day.visited()).toEqual([]);
    await day.cycle({ only: ['failing'] });
    expect(day.visited()).toEqual(['failing']);
    await day.cycle({ only: ['failing'] });
    expect(day.visited()).toEqual([]);
  });

  it('that waits for a person is left alone until they decide', async () => {
    const day = days();
    day.add('held', 'held');
    await day.begin('r1');
    await day.during(hours(2));
    const [visit] = day.visits.splice(0);
    expect(await day.skipped('held')).toBe(`waits for you: clone review ${visit?.visit.session ?? ''}`);
    const session = visit?.visit.session;
    await day.ledger.record({ type: 'session-moved', repo: 'held', session, to: 'rejected', facts: {} });
    await day.cycle();
    expect(day.visited()).toEqual(['held']);
  });

  it('whose own landing waits for CI is left alone, but for a task that is wanted now', async () => {
    const day = days({ forge: true });
    day.add('busy', 'busy');
    await day.begin('r1');
    await day.cycle();
    const [visit] = day.visits.splice(0);
    await day.ledger.record({
      type: 'watch-started',
      repo: 'busy',
      run: 'r1',
      session: visit?.visit.session,
      sha: 'c1',
      parent: 'c0',
      branch: 'main',
      slug: 'me/busy',
      attempt: 0,
      expected: { kind: 'unknown', why: '' },
    });
    const ask = (id: string, now: boolean) =>
      day.ledger.record({
        type: 'operator-task-added',
        repo: 'busy',
        id,
        title: id,
        details: '',
        priority: 3,
        now,
        paths: [],
      });
    await ask('later', false);
    await day.cycle();
    expect(day.visited()).toEqual([]);
    expect(await day.skipped('busy')).toBe('its CI is being watched');
    await ask('at-once', true);
    await day.cycle();
    expect(day.visits.map(({ visit: { onlyAsked } }) => onlyAsked)).toEqual([true]);
  });

  it('that is left alone is told before others are visited', async () => {
    const day = days();
    day.add('second', 'busy', { path: '/code/one' });
    day.add('first', 'busy', { path: '/code/one' });
    await day.begin('r1');
    const told: unknown[] = [];
    const { visit } = day;
    const watching: typeof visit = async (world, due, stop) => {
      told.push(await day.skipped('first'));
      return visit(world, due, stop);
    };
    await day.cycle({ visit: watching });
    expect(told).toEqual(['the same repository as second, reached by another path']);
  });

  it('that another process holds is told at once, and not when that one is done', async () => {
    const day = days();
    for (const name of ['held', 'slow']) day.add(name, 'busy');
    await day.begin('r1');
    const told: unknown[] = [];
    const { visit } = day;
    const holding: typeof visit = async (world, due, stop) => {
      if (due.repo.name === 'held') {
        const end = { state: 'skipped' as const, why: 'another session holds the repository: run r0' };
        return { end, failure: { kind: 'repo-busy', holder: 'run r0' }, landed: undefined };
      }
      for (let looks = 0; looks < 1000 && told.at(-1) === undefined; looks += 1)
        told.push(await day.skipped('held'));
      return visit(world, due, stop);
    };
    await day.cycle({ visit: holding });
    expect(told.at(-1)).toBe('another session holds the repository: run r0');
  });

  it('that two paths lead to is visited under its first name', async () => {
    const day = days();
    day.add('second', 'busy', { path: '/code/one' });
    day.add('first', 'busy', { path: '/code/one' });
    await day.begin('r1');
    await day.cycle();
    expect(day.visited()).toEqual(['second']);
    expect(await day.skipped('first')).toBe('the same repository as second, reached by another path');
  });

  it('whose memory is too long is tidied without an agent, once', async () => {
    const day = days({ forge: true });
    day.add('quiet', 'quiet');
    day.add('stubborn', 'quiet');
    await day.begin('r1');
    for (const name of ['quiet', 'stubborn']) day.change(name, { memory: 900 });
    await day.cycle();
    expect(day.visited().sort()).toEqual(['quiet', 'stubborn']);
    const tidied: string[] = [];
    const compact: Compact = (_world, _order, { name }) => {
      tidied.push(name);
      if (name === 'quiet') day.change(name, { memory: 100 });
      const lines = { before: 900, after: name === 'quiet' ? 100 : 900 };
      return Promise.resolve(ok({ changed: name === 'quiet', lines }));
    };
    for (let cycle = 0; cycle < 4; cycle += 1) await day.cycle({ compact });
    expect(tidied.sort()).toEqual(['quiet', 'stubborn']);
    expect(day.visited()).toEqual([]);
    expect(await day.skipped('quiet')).toBe('no signal');
    day.change('stubborn', { memory: 901 });
    await day.cycle({ compact });
    expect(tidied).toHaveLength(3);
  });

  it('that makes us stumble does not end the cycle', async () => {
    const day = days();
    day.add('a', 'busy');
    day.add('b', 'busy');
    await day.begin('r1');
    const { visit } = day;
    const stumbling: typeof visit = (world, due, stop) =>
      due.repo.name === 'a' ? Promise.reject(new Error('a bug')) : visit(world, due, stop);
    const scheduler = {} as CiScheduler;
    const memory = memoryFilesOf(day.world.discovery);
    const sweep = { cycle: 1, repos: day.entries(), scheduler, deadline: Infinity, memory, visit: stumbling };
    const { ends } = await runCycle(day.world, day.order, sweep, day.stop);
    expect(ends.map(({ state }) => state).sort()).toEqual(['cleaned', 'failed']);
  });
});
