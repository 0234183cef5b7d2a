import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Looks } from '../../ports/seeing.ts';

/** When a person looked last, kept as a small file. Losing it loses nothing else. */
export function looksFile(file: string): Looks {
  return {
    async last() {
      const text = await readFile(file, 'utf8').catch(() => '');
      const at = Date.parse(text.trim());
      return Number.isNaN(at) ? undefined : at;
    },
    async mark(at) {
      const unfinished = `${file}.${process.pid}.tmp`;
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(unfinished, `${new Date(at).toISOString()}\n`);
        await rename(unfinished, file);
      } catch {
        // A home that cannot be written can still be looked at.
      }
    },
  };
}
