import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { build } from 'esbuild';

import { bundleOptions } from '../scripts/bundle.ts';
import { longMemory } from './fixtures/long-memory.ts';
import { temporaryFolder } from './fixtures/temporary.ts';
import type { Benchmark } from './measure/report.ts';
import { residentOf } from './measure/resident.ts';

const longest = 1;
const largest = 100;

/** What a PROJECT_MEMORY.md costs that nobody looked after for years. */
export const compact: Benchmark = {
  name: 'compact',
  title: 'Compacting a PROJECT_MEMORY.md of 50,000 lines',
  async run() {
    await using temporary = await temporaryFolder('compact');
    const file = path.join(temporary.folder, 'PROJECT_MEMORY.md');
    const text = longMemory(50_000);
    await writeFile(file, text);
    let said = '';
    // As it is shipped: to strip types at the start costs more memory than the work.
    const program = path.join(temporary.folder, 'compact-file.mjs');
    await build({
      ...bundleOptions,
      entryPoints: [path.join(import.meta.dirname, 'fixtures/compact-file.ts')],
      outfile: program,
      format: 'esm',
    });
    const { peak } = await residentOf(
      { command: [process.execPath, program, file], cwd: temporary.folder, env: {} },
      (line) => {
        said = line;
        return undefined;
      },
    );
    const [, seconds = Number.NaN, before = 0, after = 0] = said.split(' ').map(Number);
    return {
      rows: [
        {
          what: 'time, from bytes to the new text',
          ours: `${seconds.toFixed(2)} s`,
          target: `< ${longest} s`,
          held: seconds < longest,
        },
        {
          what: 'peak memory of the whole process (VmRSS)',
          ours: `${peak.toFixed(0)} MB`,
          target: `< ${largest} MB`,
          held: peak < largest,
        },
      ],
      remarks: [
        `${before} lines (${(text.length / 1e6).toFixed(1)} MB) became ${after}, with every thousandth line a person's`,
      ],
    };
  },
};
