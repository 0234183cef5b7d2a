import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './migrations.ts';
import { codeOf } from './sqlite-failures.ts';

const busy = 5;

/** Opens (and makes) the database so that what is committed survives a crash of the machine. */
export function openDatabase(file: string, patienceMs: number): DatabaseSync {
  mkdirSync(path.dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { timeout: patienceMs });
  try {
    patiently(patienceMs, () => {
      db.exec('PRAGMA journal_mode = WAL');
    });
    db.exec('PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216');
    patiently(patienceMs, () => {
      migrate(db, file);
    });
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Switching to WAL does not wait as other statements do: two processes that make the file at once collide. */
function patiently(patienceMs: number, work: () => void): void {
  for (const deadline = Date.now() + patienceMs; ; ) {
    try {
      work();
      return;
    } catch (error) {
      if ((codeOf(error) & 0xff) !== busy || Date.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
