import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunFiles } from '../../ports/run-files.ts';

export interface RunFilesOptions {
  /** The `logs` folder of the home. */
  readonly logs: string;
  readonly run: string;
  readonly redact: (text: string) => string;
}

/** The folder `run-<id>` below `logs`, made when missing. */
export function runFiles({ logs, run, redact }: RunFilesOptions): Promise<RunFiles> {
  return promised(() => openFolder(path.join(logs, `run-${fileName(run)}`), redact));
}

function openFolder(folder: string, redact: RunFilesOptions['redact']): RunFiles {
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    sessionFolder: (repo, cycle) =>
      promised(() => {
        const session = path.join(folder, 'sessions', `${fileName(repo)}-${cycle}`);
        mkdirSync(session, { recursive: true });
        return session;
      }),
    write: (file, text) =>
      promised(() => {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, redact(text));
      }),
    relative: (file) => path.relative(folder, file).split(path.sep).join('/'),
  };
}

/** At once, for small files; what is thrown is a rejection. */
function promised<Value>(work: () => Value): Promise<Value> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

/** A name that is one safe part of a path; a name that had to be changed stays different from every other. */
function fileName(name: string): string {
  const safe = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 80);
  if (safe === name) return name;
  return `${safe === '' ? 'x' : safe}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}
