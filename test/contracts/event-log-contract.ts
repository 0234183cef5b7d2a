import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/fact.ts';
import type { EventLog, Folding } from '../../src/ports/event-log.ts';

/** Counts the warnings of each run and of each repository. `forbidden` is the message of a bug. */
export const countWarnings: Folding = {
  touches: (event) => [
    ...(event.run === undefined ? [] : [{ kind: 'run', key: event.run }]),
    ...(event.repo === undefined ? [] : [{ kind: 'repo', key: event.repo }]),
  ],
  fold(view, doc, event) {
    if (event.type !== 'warned') return doc;
    if (event.message === 'forbidden') throw new Error('this may not follow');
    const before = doc as { warnings: number } | undefined;
    return { name: view.key, run: event.run, warnings: (before?.warnings ?? 0) + 1, last: event.message };
  },
  columns(kind, doc) {
    const { name, run, last } = doc as { name: string; run?: string; last: string };
    return kind === 'run' ? { run: name, state: last } : { repo: name, run, state: last };
  },
};

export function warned(
  message: string,
  context: { run?: string; repo?: string; session?: string } = {},
): Fact {
  return { type: 'warned', message, ...context };
}

/** What every event log promises. */
export function eventLogContract(name: string, make: () => Promise<EventLog>): void {
  describe(`${name}, as an event log,`, () => {
    let log: EventLog;
    beforeEach(async () => {
      log = await make();
    });
    afterEach(async () => {
      await log[Symbol.asyncDispose]();
    });

    it('is empty at first', async () => {
      expect(await log.events({})).toEqual([]);
      expect(await log.view('run', 'r1')).toBeUndefined();
      expect(await log.views({ kind: 'run' })).toEqual([]);
    });

    it('answers an append with the events, in one growing order', async () => {
      const first = await log.append([warned('a', { run: 'r1' }), warned('b')], 10, countWarnings);
      const second = await log.append([warned('c')], 20, countWarnings);
      expect(first).toMatchObject([
        { type: 'warned', message: 'a', run: 'r1', at: 10 },
        { type: 'warned', message: 'b', at: 10 },
      ]);
      const order = [...first, ...second].map((event) => event.seq);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(new Set(order).size).toBe(3);
      expect(await log.events({})).toEqual([...first, ...second]);
    });

    it('appends nothing when there is nothing to append', async () => {
      expect(await log.append([], 10, countWarnings)).toEqual([]);
      expect(await log.events({})).toEqual([]);
    });

    it('keeps any text as it is', async () => {
      const message = 'naïve “quotes” \u0000 \n 日本語 \u{1F600} \\ \' "; DROP TABLE event; --';
      await log.append([warned(message, { run: message })], 1, countWarnings);
      expect(await log.events({ run: message })).toMatchObject([{ message, run: message }]);
      expect(await log.view('run', message)).toMatchObject({ key: message, doc: { last: message } });
    });

    it('folds views in the same step, several times over', async () => {
      await log.append(
        [warned('a', { run: 'r1', repo: 'x' }), warned('b', { run: 'r1', repo: 'y' })],
        10,
        countWarnings,
      );
      const [last] = await log.append([warned('c', { run: 'r1', repo: 'x' })], 20, countWarnings);
      expect(await log.view('run', 'r1')).toEqual({
        kind: 'run',
        key: 'r1',
        run: 'r1',
        repo: undefined,
        state: 'c',
        seq: last?.seq,
        doc: { name: 'r1', run: 'r1', warnings: 3, last: 'c' },
      });
      expect(await log.view('repo', 'x')).toMatchObject({ repo: 'x', run: 'r1', doc: { warnings: 2 } });
    });

    it('leaves a view alone that an event touches without changing it', async () => {
      const [first] = await log.append([warned('a', { run: 'r1' })], 10, countWarnings);
      await log.append([{ type: 'run-ticked', run: 'r1' }], 20, countWarnings);
      expect((await log.view('run', 'r1'))?.seq).toBe(first?.seq);
    });

    it('keeps nothing of an append whose folding throws', async () => {
      await log.append([warned('a', { run: 'r1' })], 10, countWarnings);
      const refused = log.append(
        [warned('b', { run: 'r1' }), warned('forbidden', { run: 'r1' })],
        20,
        countWarnings,
      );
      await expect(refused).rejects.toThrow('this may not follow');
      expect(await log.events({})).toHaveLength(1);
      expect(await log.view('run', 'r1')).toMatchObject({ doc: { warnings: 1 } });
      await log.append([warned('c', { run: 'r1' })], 30, countWarnings);
      expect(await log.view('run', 'r1')).toMatchObject({ doc: { warnings: 2 } });
    });

    it('takes appends that are started at once', async () => {
      const many = Array.from({ length: 20 }, (_, index) => `message ${index}`);
      await Promise.all(
        many.map((message) => log.append([warned(message, { run: 'r1' })], 1, countWarnings)),
      );
      expect(await log.view('run', 'r1')).toMatchObject({ doc: { warnings: 20 } });
    });

    describe('asked for events,', () => {
      beforeEach(async () => {
        await log.append([warned('1', { run: 'r1', repo: 'x', session: 's1' })], 10, countWarnings);
        await log.append([{ type: 'run-ticked', run: 'r1' }], 20, countWarnings);
        await log.append([warned('3', { run: 'r2', repo: 'x', session: 's2' })], 30, countWarnings);
        await log.append([warned('4', { run: 'r2', repo: 'y', session: 's3' })], 40, countWarnings);
      });

      it.each<[what: string, query: Parameters<EventLog['events']>[0], at: number[]]>([
        ['all', {}, [10, 20, 30, 40]],
        ['those of a run', { run: 'r1' }, [10, 20]],
        ['those of a repository', { repo: 'x' }, [10, 30]],
        ['those of a session', { session: 's3' }, [40]],
        ['those since a moment', { sinceAt: 30 }, [30, 40]],
        ['those of some types', { types: ['run-ticked'] }, [20]],
        ['those of no type', { types: [] }, []],
        ['those of a run and a type', { run: 'r1', types: ['warned'] }, [10]],
        ['the oldest ones', { limit: 2 }, [10, 20]],
        ['the newest ones', { limit: 2, newestFirst: true }, [40, 30]],
      ])('answers %s', async (_what, query, at) => {
        expect((await log.events(query)).map((event) => event.at)).toEqual(at);
      });

      it('answers those after one that was seen', async () => {
        const seen = (await log.events({ limit: 3 })).at(-1);
        expect((await log.events({ afterSeq: seen?.seq })).map((event) => event.at)).toEqual([40]);
      });
    });

    describe('asked for views,', () => {
      beforeEach(async () => {
        await log.append([warned('red', { run: 'r1', repo: 'x' })], 10, countWarnings);
        await log.append([warned('green', { run: 'r1', repo: 'y' })], 20, countWarnings);
        await log.append([warned('red', { run: 'r2', repo: 'z' })], 30, countWarnings);
        await log.append([warned('blue', { run: 'r2', repo: 'x' })], 40, countWarnings);
      });

      it.each<[what: string, query: Parameters<EventLog['views']>[0], keys: string[]]>([
        ['all of a kind, in the order of first touch', { kind: 'repo' }, ['x', 'y', 'z']],
        ['those touched last first', { kind: 'repo', newestFirst: true }, ['x', 'z', 'y']],
        ['some', { kind: 'repo', newestFirst: true, limit: 1 }, ['x']],
        ['those in some states', { kind: 'repo', states: ['red', 'green'] }, ['y', 'z']],
        ['those in no state', { kind: 'repo', states: [] }, []],
        ['those of a run', { kind: 'repo', run: 'r2' }, ['x', 'z']],
        ['those of a repository', { kind: 'repo', repo: 'y' }, ['y']],
        ['those of another kind', { kind: 'run' }, ['r1', 'r2']],
        ['those of a kind that nobody folds', { kind: 'moon' }, []],
      ])('answers %s', async (_what, query, keys) => {
        expect((await log.views(query)).map((row) => row.key)).toEqual(keys);
      });
    });
  });
}
