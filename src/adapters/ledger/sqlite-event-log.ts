import { existsSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventLog } from '../../ports/event-log.ts';
import { appender } from './append.ts';
import { openDatabase } from './open-database.ts';
import { eventQuery, type Query, viewQuery } from './queries.ts';
import { eventOf, viewOf } from './rows.ts';
import { tellingFailures } from './sqlite-failures.ts';

export interface SqliteEventLogOptions {
  readonly file: string;
  /** How long to wait for other processes that write. */
  readonly patienceMs?: number | undefined;
}

/**
 * The ledger in one SQLite file, shared by every process of the machine. The file is opened at the first use, and
 * made at the first append: asking a home that has none reads as empty and writes nothing. A file that cannot be
 * used is a `LedgerUnusable`.
 */
export function sqliteEventLog({ file, patienceMs = 15_000 }: SqliteEventLogOptions): EventLog {
  let opened: ReturnType<typeof connect> | undefined;
  let closed = false;

  function connection(): ReturnType<typeof connect> {
    if (closed) throw new Error(`The ledger ${file} was closed.`);
    opened ??= connect(file, patienceMs);
    return opened;
  }
  function all(query: Query) {
    if (opened === undefined && !existsSync(file)) return [];
    return connection().all(query);
  }
  function promised<Value>(work: () => Value): Promise<Value> {
    return new Promise((resolve) => {
      resolve(tellingFailures(file, work));
    });
  }

  return {
    append: (facts, at, folding) =>
      promised(() => (facts.length === 0 ? [] : connection().append(facts, at, folding))),
    events: (query) => promised(() => all(eventQuery(query)).map(eventOf)),
    view: (kind, key) => promised(() => all(oneView(kind, key)).map(viewOf)[0]),
    views: (query) => promised(() => all(viewQuery(query)).map(viewOf)),
    [Symbol.asyncDispose]: () =>
      promised(() => {
        closed = true;
        opened?.db.close();
        opened = undefined;
      }),
  };
}

function oneView(kind: string, key: string): Query {
  return {
    sql: 'SELECT kind, key, run, repo, state, seq, doc FROM view WHERE kind = ? AND key = ?',
    values: [kind, key],
  };
}

function connect(file: string, patienceMs: number) {
  const db: DatabaseSync = openDatabase(file, patienceMs);
  const prepared = new Map<string, StatementSync>();
  function prepare(sql: string): StatementSync {
    const statement = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  }
  return {
    db,
    append: appender(db),
    all: ({ sql, values }: Query) => prepare(sql).all(...values),
  };
}
