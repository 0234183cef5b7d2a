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

  return (facts, at, folding) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const events = facts.map((fact) => add(insert, fact, at));
      for (const view of fold(read, events, folding)) save(upsert, view, folding);
      db.exec('COMMIT');
      return events;
    } catch (error) {
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

function fold(read: StatementSync, events: readonly LedgerEvent[], folding: Folding): Iterable<Touched> {
  const touched = new Map<string, Touched>();
  for (const event of events) {
    for (const { kind, key } of folding.touches(event)) {
      const name = JSON.stringify([kind, key]);
      const view = touched.get(name) ?? load(read, kind, key);
      touched.set(name, view);
      const doc = folding.fold({ kind, key }, view.doc, event);
      if (doc === view.doc) continue;
      view.doc = doc;
      view.seq = event.seq;
    }
  }
  return touched.values();
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
