import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunFiles } from '../../ports/run-files.ts';

export interface RunFilesOptions {
  /** The `logs` folder of the home. */
  readonly logs: string;
  readonly run: string;
  readonly redact: (text: string) => string;
}

/** The folder `run-<id>` below `logs`, made when missing. */
export async function runFiles({ logs, run, redact }: RunFilesOptions): Promise<RunFiles> {
  const folder = path.join(logs, `run-${fileName(run)}`);
  await mkdir(folder, { recursive: true });
  return {
    folder,
    async sessionFolder(repo, cycle) {
      const session = path.join(folder, 'sessions', `${fileName(repo)}-${cycle}`);
      await mkdir(session, { recursive: true });
      return session;
    },
    async write(file, text) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, redact(text));
    },
    relative: (file) => path.relative(folder, file).split(path.sep).join('/'),
  };
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
