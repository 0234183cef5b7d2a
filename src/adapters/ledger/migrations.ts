import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LedgerUnusable } from '../../ports/ledger-unusable.ts';

/** Each entry brings the schema from its index to the next. Entries are added, never edited. */
export const migrations: readonly string[] = [
  `CREATE TABLE event (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     type TEXT NOT NULL,
     run TEXT,
     repo TEXT,
     session TEXT,
     fact TEXT NOT NULL
   ) STRICT;
   CREATE INDEX event_type ON event (type, seq);
   CREATE INDEX event_run ON event (run, seq);
   CREATE INDEX event_repo ON event (repo, seq);
   CREATE INDEX event_session ON event (session, seq);
   CREATE INDEX event_at ON event (at);
   CREATE TABLE view (
     id INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     key TEXT NOT NULL,
     run TEXT,
     repo TEXT,
     state TEXT,
     seq INTEGER NOT NULL,
     doc TEXT NOT NULL,
     UNIQUE (kind, key)
   ) STRICT;
   CREATE INDEX view_seq ON view (kind, seq);
   CREATE INDEX view_run ON view (kind, run, seq);
   CREATE INDEX view_repo ON view (kind, repo, seq);
   CREATE INDEX view_state ON view (kind, state, seq);`,
  // Nobody asks by these alone, and each fact wrote two pages for them.
  'DROP INDEX event_type; DROP INDEX event_repo',
];

/**
 * Brings the schema up to date, in one transaction, after a copy of the file was put beside it. A file of a
 * newer `clone` is refused and left as it is.
 */
export function migrate(db: DatabaseSync, file: string, steps: readonly string[] = migrations): void {
  if (versionOf(db, file, steps) === steps.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(db, file, steps);
    if (version > 0 && version < steps.length) keepCopy(file, version);
    for (const step of steps.slice(version)) db.exec(step);
    db.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT');
    db.exec('DELETE FROM schema_version');
    db.prepare('INSERT INTO schema_version (version) VALUES (?)').run(steps.length);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(db: DatabaseSync, file: string, steps: readonly string[]): number {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'").get();
  if (table === undefined) return 0;
  const version = Number(db.prepare('SELECT version FROM schema_version').get()?.['version'] ?? 0);
  if (version <= steps.length) return version;
  throw new LedgerUnusable({
    code: 'newer',
    file,
    message: `The ledger ${file} was written by a newer clone (schema ${version}, this one knows ${steps.length}).`,
    hint: 'Use that newer version, or another --home.',
  });
}

/** Our transaction keeps writers out meanwhile; a second connection may read. */
function keepCopy(file: string, version: number): void {
  const copy = `${file}.v${version}.bak`;
  const unfinished = `${copy}.${process.pid}`;
  if (existsSync(copy)) return;
  const reader = new DatabaseSync(file);
  try {
    reader.prepare('VACUUM INTO ?').run(unfinished);
  } finally {
    reader.close();
  }
  renameSync(unfinished, copy);
}
