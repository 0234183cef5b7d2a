import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { build } from 'esbuild';

import { bundleOptions } from '../scripts/bundle.ts';
import { temporaryFolder } from './fixtures/temporary.ts';
import type { Benchmark } from './measure/report.ts';
import { residentOf } from './measure/resident.ts';

const hour = 3_600_000;
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

function longMemory(lines: number): string {
  const parts = ['# Memory\n\n## Objective\n\nTo be long.\n\n## Recent Decisions\n'];
  const newest = Date.parse('2026-11-20T00:00:00Z');
  for (let entry = 0; entry * 10 < lines; entry++) {
    const at = `${new Date(newest - entry * hour).toISOString().slice(0, 19)}Z`;
    parts.push(`
### ${at}

- Decision: keep decision ${entry} for as long as anybody may ask for it
- Why: because it was made, and nobody remembers on what day that was
- Evidence: local: npm test exited 0 on the tree that landed
- Commit: ${entry.toString(16).padStart(40, '0')}
- Confidence: high
- Trust: trusted
- Follow-up: look whether decision ${entry} still holds
`);
  }
  return `${parts.join('')}\n## Historical Summary\n`;
}
