import { describe, expect, it } from 'vitest';
import {
  commit,
  inSession,
  landed,
  moved,
  queued,
  runStarted,
  watchEnded,
  watchStarted,
} from '../../test/fakes/facts.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import type { LedgerEvent } from '../domain/fact.ts';
import { openLedger } from './open-ledger.ts';

function emptyLedger() {
  const clock = { at: 0, now: () => clock.at };
  return { ledger: openLedger(memoryEventLog(), clock), clock };
}

describe('a ledger', () => {
  it('answers nothing when nothing happened', async () => {
    const { ledger } = emptyLedger();
    expect(await ledger.run('r1')).toBeUndefined();
    expect(await ledger.session('s1')).toBeUndefined();
    expect(await ledger.repo('jwt')).toBeUndefined();
    expect(await ledger.lease('k')).toBeUndefined();
    expect(await ledger.runs(5)).toEqual([]);
    expect(await ledger.sessions({})).toEqual([]);
    expect(await ledger.repos()).toEqual([]);
    expect(await ledger.watches({})).toEqual([]);
    expect(await ledger.agents()).toEqual([]);
    expect(await ledger.commits('0123456')).toEqual([]);
  });

  it('records facts at the moment of its clock', async () => {
    const { ledger, clock } = emptyLedger();
    clock.at = 1234;
    expect(await ledger.record(runStarted())).toMatchObject([{ type: 'run-started', at: 1234 }]);
    expect(await ledger.run('r1')).toMatchObject({ startedAt: 1234 });
  });

  it('adds its context to facts that name none', async () => {
    const { ledger } = emptyLedger();
    const inner = ledger
      .within({ run: 'r1', cycle: 1 })
      .within({ repo: 'jwt', session: 's1', cycle: undefined });
    const [event] = await inner.record({ type: 'warned', message: 'x', session: undefined, repo: 'other' });
    expect(event).toMatchObject({ run: 'r1', cycle: 1, repo: 'other', session: 's1' });
  });

  it('tells its listeners of every event, wherever it was recorded, until they leave', async () => {
    const { ledger } = emptyLedger();
    const heard: LedgerEvent[] = [];
    const leave = ledger.listen((event) => heard.push(event));
    await ledger.within({ run: 'r1' }).record(runStarted(), { type: 'run-ticked' });
    leave();
    await ledger.record({ type: 'run-ticked' });
    expect(heard.map((event) => [event.type, event.run])).toEqual([
      ['run-started', 'r1'],
      ['run-ticked', 'r1'],
    ]);
  });

  it('tells nobody of what it refuses', async () => {
    const { ledger } = emptyLedger();
    const heard: LedgerEvent[] = [];
    ledger.listen((event) => heard.push(event));
    await expect(ledger.record(queued(), moved('merged'))).rejects.toThrow('from queued to merged');
    expect(heard).toEqual([]);
    expect(await ledger.sessions({})).toEqual([]);
  });

  it('answers sessions newest first, by run, repository and state', async () => {
    const { ledger, clock } = emptyLedger();
    for (const [at, session, repo] of [
      [1, 's1', 'a'],
      [2, 's2', 'b'],
      [3, 's3', 'a'],
    ] as const) {
      clock.at = at;
      await ledger.record(queued({ session, repo }));
    }
    await ledger.record(moved('skipped', { session: 's1', repo: 'a' }));
    const ids = async (query: Parameters<typeof ledger.sessions>[0]) =>
      (await ledger.sessions(query)).map((session) => session.id);
    expect(await ids({})).toEqual(['s3', 's2', 's1']);
    expect(await ids({ repo: 'a' })).toEqual(['s3', 's1']);
    expect(await ids({ run: 'r1', states: ['queued'] })).toEqual(['s3', 's2']);
    expect(await ids({ run: 'r2' })).toEqual([]);
  });

  it('answers runs newest first', async () => {
    const { ledger, clock } = emptyLedger();
    for (const run of ['r1', 'r2', 'r3']) {
      clock.at += 10;
      await ledger.record(runStarted({ run }));
    }
    expect((await ledger.runs(2)).map((run) => run.id)).toEqual(['r3', 'r2']);
  });

  it('tells open watches from ended ones', async () => {
    const { ledger } = emptyLedger();
    await ledger.record(watchStarted('c1'), watchStarted('c2'), watchEnded('c1', 'green'));
    const shas = async (open?: boolean) =>
      (await ledger.watches(open === undefined ? {} : { open })).map((watch) => watch.sha).toSorted();
    expect(await shas()).toEqual(['c1', 'c2']);
    expect(await shas(true)).toEqual(['c2']);
    expect(await shas(false)).toEqual(['c1']);
  });

  it('knows on the watch of a fix which failures were read before it', async () => {
    const { ledger } = emptyLedger();
    await ledger.record(
      watchStarted('c1'),
      { type: 'ci-failure-read', ...inSession, sha: 'c1', signature: 'x', jobs: [], log: '' },
      watchEnded('c1', 'red'),
      watchStarted('c2', { attempt: 1 }),
    );
    expect(await ledger.watches({ open: true })).toMatchObject([{ sha: 'c2', signatures: ['x'] }]);
  });

  it('finds landed commits by the beginning of their ids', async () => {
    const { ledger } = emptyLedger();
    const sha = 'abcdef0123456789abcdef0123456789abcdef01';
    const near = 'abcdef0999999999999999999999999999999999';
    await ledger.record(landed(sha, { commits: [commit(near), commit(sha)] }));
    const found = async (prefix: string) => (await ledger.commits(prefix)).map((one) => one.sha);
    expect(await found(sha)).toEqual([sha]);
    expect(await found('ABCDEF0123')).toEqual([sha]);
    expect(await found('abcdef0')).toEqual([near, sha]);
    expect(await found('abcdef')).toEqual([]);
    expect(await found('1234567')).toEqual([]);
  });
});
