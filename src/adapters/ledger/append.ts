import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Fact, LedgerEvent } from '../../domain/fact.ts';
import type { Folding } from '../../ports/event-log.ts';

interface Touched {
  readonly kind: string;
  readonly key: string;
  readonly before: unknown;
  doc: unknown;
  seq: number;
}

/** Appends facts and folds what they touch, in one transaction: all of it is durable, or none of it happened. */
export function appender(
  db: DatabaseSync,
): (facts: readonly Fact[], at: number, folding: Folding) => LedgerEvent[] {
  const insert = db.prepare(
    'INSERT INTO event (at, type, run, repo, session, fact) VALUES (?, ?, ?, ?, ?, ?) RETURNING seq',
  );
  const read = db.prepare('SELECT doc FROM view WHERE kind = ? AND key = ?');
  const upsert = db.prepare(
    `INSERT INTO view (kind, key, run, repo, state, seq, doc) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind, key) DO UPDATE SET
       run = excluded.run, repo = excluded.repo, state = excluded.state, seq = excluded.seq, doc = excluded.doc`,
  );

  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const known = knownDocs(db);

  return (facts, at, folding) => {
    begin.run();
    try {
      known.check();
      const events = facts.map((fact) => add(insert, fact, at));
      const views = fold((kind, key) => known.get(kind, key) ?? load(read, kind, key), events, folding);
      for (const view of views) save(upsert, view, folding);
      commit.run();
      known.keep(views);
      return events;
    } catch (error) {
      known.forget();
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}

function add(insert: StatementSync, fact: Fact, at: number): LedgerEvent {
  const { type, run = null, repo = null, session = null } = fact;
  const row = insert.get(at, type, run, repo, session, JSON.stringify(fact));
  return { ...fact, at, seq: Number(row?.['seq']) };
}

function fold(
  get: (kind: string, key: string) => Touched,
  events: readonly LedgerEvent[],
  folding: Folding,
): readonly Touched[] {
  const touched = new Map<string, Touched>();
  for (const event of events) {
    for (const { kind, key } of folding.touches(event)) {
      const name = nameOf(kind, key);
      const view = touched.get(name) ?? get(kind, key);
      touched.set(name, view);
      const doc = folding.fold({ kind, key }, view.doc, event);
      if (doc === view.doc) continue;
      view.doc = doc;
      view.seq = event.seq;
    }
  }
  return [...touched.values()];
}

function nameOf(kind: string, key: string): string {
  return `${kind}\n${key}`;
}

const mostKnown = 64;

/**
 * Documents that this connection wrote last, so that they need not be read and parsed for every fact. Good until
 * another connection has committed, which SQLite tells once we hold the right to write.
 */
function knownDocs(db: DatabaseSync) {
  const docs = new Map<string, unknown>();
  const version = db.prepare('PRAGMA data_version');
  let seen: unknown;
  return {
    check(): void {
      const now = version.get()?.['data_version'];
      if (now !== seen) docs.clear();
      seen = now;
    },
    get(kind: string, key: string): Touched | undefined {
      const name = nameOf(kind, key);
      if (!docs.has(name)) return undefined;
      const doc = docs.get(name);
      return { kind, key, before: doc, doc, seq: 0 };
    },
    keep(views: readonly Touched[]): void {
      for (const { kind, key, doc } of views) {
        const name = nameOf(kind, key);
        docs.delete(name);
        docs.set(name, doc);
      }
      for (const name of docs.keys()) {
        if (docs.size <= mostKnown) break;
        docs.delete(name);
      }
    },
    forget(): void {
      docs.clear();
    },
  };
}

function load(read: StatementSync, kind: string, key: string): Touched {
  const row = read.get(kind, key);
  const doc: unknown = row === undefined ? undefined : JSON.parse(String(row['doc']));
  return { kind, key, before: doc, doc, seq: 0 };
}

function save(upsert: StatementSync, view: Touched, folding: Folding): void {
  if (view.doc === view.before) return;
  const { run = null, repo = null, state = null } = folding.columns(view.kind, view.doc);
  upsert.run(view.kind, view.key, run, repo, state, view.seq, JSON.stringify(view.doc));
}
