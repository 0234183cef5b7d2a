import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Looks } from '../../ports/seeing.ts';

/** When a person looked last, kept as a small file. Losing it loses nothing else. */
export function looksFile(file: string): Looks {
  return {
    last() {
      const at = Date.parse(textOf(file).trim());
      return Promise.resolve(Number.isNaN(at) ? undefined : at);
    },
    mark(at) {
      const unfinished = `${file}.${process.pid}.tmp`;
      try {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(unfinished, `${new Date(at).toISOString()}\n`);
        renameSync(unfinished, file);
      } catch {
        // A home that cannot be written can still be looked at.
      }
      return Promise.resolve();
    },
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
