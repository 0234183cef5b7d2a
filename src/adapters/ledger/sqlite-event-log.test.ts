import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countWarnings, eventLogContract, warned } from '../../../test/contracts/event-log-contract.ts';
import type { LedgerUnusable } from '../../ports/ledger-unusable.ts';
import { migrate, migrations } from './migrations.ts';
import { eventQuery } from './queries.ts';
import { sqliteEventLog } from './sqlite-event-log.ts';
import { tellingFailures } from './sqlite-failures.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'ledger-'));
  file = path.join(folder, '.clone', 'state.db');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

eventLogContract('a SQLite file', () => Promise.resolve(sqliteEventLog({ file })));

describe('a ledger file', () => {
  it('is not made by somebody who only reads', async () => {
    await using log = sqliteEventLog({ file });
    expect(await log.views({ kind: 'run' })).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is read by whoever looked before it was made', async () => {
    await using reader = sqliteEventLog({ file });
    expect(await reader.events({})).toEqual([]);
    await using writer = sqliteEventLog({ file });
    await writer.append([warned('a', { run: 'r1' })], 1, countWarnings);
    expect(await reader.events({})).toHaveLength(1);
  });

  it('keeps everything when it is opened again', async () => {
    const first = sqliteEventLog({ file });
    const written = await first.append([warned('a', { run: 'r1' })], 1, countWarnings);
    await first[Symbol.asyncDispose]();
    await using second = sqliteEventLog({ file });
    expect(await second.events({})).toEqual(written);
    expect(await second.view('run', 'r1')).toMatchObject({ doc: { warnings: 1 } });
  });

  it('counts what others have written meanwhile', async () => {
    await using one = sqliteEventLog({ file });
    await using other = sqliteEventLog({ file });
    for (const log of [one, one, other, other, one, other]) {
      await log.append([warned('a', { run: 'r1' })], 1, countWarnings);
    }
    expect(await one.view('run', 'r1')).toMatchObject({ doc: { warnings: 6 } });
  });

  it('is durable at every commit', async () => {
    await using log = sqliteEventLog({ file });
    await log.append([warned('a')], 1, countWarnings);
    using db = new DatabaseSync(file);
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  it('refuses to be used after it was closed', async () => {
    const log = sqliteEventLog({ file });
    await log.append([warned('a')], 1, countWarnings);
    await log[Symbol.asyncDispose]();
    await expect(log.events({})).rejects.toThrow('was closed');
  });

  it('may be closed twice', async () => {
    const log = sqliteEventLog({ file });
    await log[Symbol.asyncDispose]();
    await expect(log[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });
});

describe('several processes at once', () => {
  it('lose nothing and share one order', { timeout: 60_000 }, async () => {
    const writers = ['a', 'b', 'c', 'd'].map((name) => writer(name, 200));
    await Promise.all(writers.map(({ child }) => once(child, 'exit')));
    await using log = sqliteEventLog({ file });
    const events = await log.events({});
    expect(events).toHaveLength(800);
    expect(new Set(events.map((event) => event.seq)).size).toBe(800);
    for (const run of ['a', 'b', 'c', 'd']) {
      const messages = events.flatMap((event) =>
        event.type === 'warned' && event.run === run ? [Number(event.message)] : [],
      );
      expect(messages).toEqual(Array.from({ length: 200 }, (_, index) => index));
    }
    expect(await log.view('repo', 'shared')).toMatchObject({ doc: { warnings: 800 } });
  });

  it('keep what was acknowledged before a kill -9', { timeout: 60_000 }, async () => {
    const { child, lines } = writer('doomed', 1_000_000);
    let acknowledged = -1;
    for await (const line of lines) {
      acknowledged = Number(line);
      if (acknowledged >= 25) break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    await using log = sqliteEventLog({ file });
    const events = await log.events({});
    expect(events.length).toBeGreaterThan(acknowledged);
    expect(await log.view('run', 'doomed')).toMatchObject({ doc: { warnings: events.length } });
    using db = new DatabaseSync(file);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  });

  /** A process that appends `count` warnings and says the number of each when it is durable. */
  function writer(name: string, count: number) {
    const here = import.meta.dirname;
    const code = `
      import { sqliteEventLog } from ${JSON.stringify(path.join(here, 'sqlite-event-log.ts'))};
      const views = {
        touches: (event) => [{ kind: 'run', key: event.run }, { kind: 'repo', key: 'shared' }],
        fold: (view, doc, event) => ({ warnings: (doc?.warnings ?? 0) + 1 }),
        columns: () => ({}),
      };
      const log = sqliteEventLog({ file: ${JSON.stringify(file)} });
      for (let n = 0; n < ${count}; n += 1) {
        await log.append([{ type: 'warned', message: String(n), run: '${name}' }], n, views);
        console.log(n);
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return { child, lines: createInterface({ input: child.stdout }) };
  }
});

describe('a file that cannot be used', () => {
  it.each<[what: string, code: string, prepare: () => Promise<void>]>([
    ['that is something else', 'corrupt', () => writeFile(file, 'not a database, '.repeat(500))],
    ['that is a folder', 'cannot-open', () => mkdir(file)],
    ['that a newer clone wrote', 'newer', fromTheFuture],
    ['that is damaged inside', 'corrupt', damaged],
  ])('%s is told with its name and a hint, and left as it is', async (_what, code, prepare) => {
    await mkdir(path.dirname(file), { recursive: true });
    await prepare();
    await using log = sqliteEventLog({ file, patienceMs: 50 });
    const failure = await log.append([warned('a')], 1, countWarnings).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'LedgerUnusable', code, file });
    expect((failure as LedgerUnusable).hint).not.toBe('');
    expect((failure as LedgerUnusable).message).toContain(file);
  });

  it('that another process keeps locked is told after the patience is over', async () => {
    await using log = sqliteEventLog({ file, patienceMs: 20 });
    await log.append([warned('a')], 1, countWarnings);
    using other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    await expect(log.append([warned('b')], 2, countWarnings)).rejects.toMatchObject({ code: 'busy' });
    expect(await log.events({})).toHaveLength(1);
    other.exec('ROLLBACK');
    await log.append([warned('c')], 3, countWarnings);
    expect(await log.events({})).toHaveLength(2);
  });

  it('that cannot grow is told as a full disk', () => {
    using db = new DatabaseSync(path.join(folder, 'small.db'));
    db.exec('PRAGMA max_page_count = 4; CREATE TABLE t (a)');
    const fill = () => {
      db.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000));
    };
    expect(() => {
      tellingFailures('small.db', fill);
    }).toThrow(expect.objectContaining({ code: 'disk-full', file: 'small.db' }));
  });

  it('that refuses a write is told as read-only', () => {
    new DatabaseSync(path.join(folder, 'kept.db')).close();
    using db = new DatabaseSync(path.join(folder, 'kept.db'), { readOnly: true });
    const write = () => {
      db.exec('CREATE TABLE t (a)');
    };
    expect(() => {
      tellingFailures('kept.db', write);
    }).toThrow(expect.objectContaining({ code: 'read-only', file: 'kept.db' }));
  });

  it('lets a bug fly as it is', () => {
    const bug = new TypeError('a bug');
    expect(() =>
      tellingFailures(file, () => {
        throw bug;
      }),
    ).toThrow(bug);
  });

  async function fromTheFuture(): Promise<void> {
    await using log = sqliteEventLog({ file });
    await log.append([warned('a')], 1, countWarnings);
    using db = new DatabaseSync(file);
    db.exec('UPDATE schema_version SET version = 99');
  }

  async function damaged(): Promise<void> {
    await writeFile(file, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(9000, 7)]));
  }
});

describe('a file of an older clone', () => {
  const next = [...migrations, 'ALTER TABLE event ADD COLUMN host TEXT'];

  async function older(): Promise<void> {
    await using log = sqliteEventLog({ file });
    await log.append([warned('a', { run: 'r1' })], 1, countWarnings);
  }

  it('is migrated, after a copy was put beside it', async () => {
    await older();
    using db = new DatabaseSync(file);
    migrate(db, file, next);
    expect(db.prepare('SELECT type, host FROM event').all()).toEqual([{ type: 'warned', host: null }]);
    expect(db.prepare('SELECT version FROM schema_version').all()).toEqual([{ version: next.length }]);
    using copy = new DatabaseSync(`${file}.v${migrations.length}.bak`);
    const ofCopy = copy.prepare('SELECT version FROM schema_version').all();
    expect(ofCopy).toEqual([{ version: migrations.length }]);
    expect(copy.prepare('SELECT type FROM event').all()).toEqual([{ type: 'warned' }]);
  });

  it('of the first schema says the same afterwards, without the indexes that nobody used', async () => {
    await mkdir(path.dirname(file), { recursive: true });
    using db = new DatabaseSync(file);
    migrate(db, file, migrations.slice(0, 1));
    const values = Array.from({ length: 5 }, (_, at) => `(${at}, 'warned', '{"type":"warned"}')`);
    db.exec(`INSERT INTO event (at, type, fact) VALUES ${values.join(', ')}`);
    migrate(db, file);
    const indexes = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'event'");
    expect(indexes.all().map(({ name }) => name)).toEqual(['event_run', 'event_session', 'event_at']);
    const { sql, values: asked } = eventQuery({ sinceAt: 3, types: ['warned'], newestFirst: true });
    expect(
      db
        .prepare(sql)
        .all(...asked)
        .map(({ at }) => at),
    ).toEqual([4, 3]);
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...asked);
    expect(plan[0]?.['detail']).toContain('event_at');
  });

  it('is not touched again when it is up to date', async () => {
    await older();
    using db = new DatabaseSync(file);
    migrate(db, file, next);
    migrate(db, file, next);
    expect((await readdir(path.dirname(file))).filter((name) => name.endsWith('.bak'))).toHaveLength(1);
  });

  it('stays as it was when a step fails', async () => {
    await older();
    using db = new DatabaseSync(file);
    expect(() => {
      migrate(db, file, [...migrations, 'ALTER TABLE event ADD COLUMN host TEXT', 'nonsense']);
    }).toThrow('nonsense');
    const versions = db.prepare('SELECT version FROM schema_version').all();
    expect(versions).toEqual([{ version: migrations.length }]);
    expect(() => db.prepare('SELECT host FROM event')).toThrow('host');
  });
});
