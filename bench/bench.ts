import { ciWatch } from './ci-watch.ts';
import { compact } from './compact.ts';
import { discovery } from './discovery.ts';
import { type Benchmark, table } from './measure/report.ts';
import { bulk, memory } from './memory.ts';
import { prompts } from './prompts.ts';
import { sessionCost } from './session-cost.ts';
import { signals } from './signals.ts';
import { startUp } from './start-up.ts';

const benchmarks: readonly Benchmark[] = [
  startUp,
  discovery,
  signals,
  ciWatch,
  sessionCost,
  bulk,
  memory,
  compact,
  prompts,
];

/**
 * `npm run bench [name...] [--repos=N]`: prints what was measured. A missed target is told; only a benchmark that
 * breaks fails.
 */
async function bench(words: readonly string[]): Promise<void> {
  const size = words.find((word) => /^--repos=\d+$/.test(word));
  const repos = size === undefined ? undefined : Number(size.slice('--repos='.length));
  const names = words.filter((word) => word !== size);
  const unknown = names.filter((name) => !benchmarks.some((one) => one.name === name));
  if (unknown.length > 0) {
    const known = benchmarks.map(({ name }) => name).join(', ');
    throw new Error(`no benchmark ${unknown.join(', ')}; there are ${known}`);
  }
  for (const { name, title, run } of benchmarks) {
    if (names.length > 0 && !names.includes(name)) continue;
    const { rows, remarks = [] } = await run(repos);
    process.stdout.write(`\n### ${title}\n\n${table(rows)}\n`);
    if (remarks.length > 0) process.stdout.write(`\n${remarks.map((remark) => `- ${remark}\n`).join('')}`);
  }
}

await bench(process.argv.slice(2));
