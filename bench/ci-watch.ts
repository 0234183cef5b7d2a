import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';

import { tinyGithub } from './fixtures/github.ts';
import { type Benchmark, round } from './measure/report.ts';

const commits = 100;
const seconds = 20;
/** GitHub's hourly budget, less the share that we leave to the human. */
const budget = 5000 * 0.6;

/** A hundred pushed commits wait for CI, and nothing changes. */
export const ciWatch: Benchmark = {
  name: 'ci-watch',
  title: '100 commits that wait for CI while nothing changes',
  async run() {
    await using github = await tinyGithub({ logBytes: 0 });
    const file = path.join(import.meta.dirname, 'fixtures/watch-commits.ts');
    const child = spawn(process.execPath, [file, github.url, String(commits), String(seconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let first = { full: 0, notModified: 0 };
    let last = '';
    for await (const line of readline.createInterface({ input: child.stdout })) {
      if (line === 'steady') first = github.take();
      else last = line;
    }
    const { full, notModified } = github.take();
    const { cpuSeconds, pending } = JSON.parse(last) as { cpuSeconds: number; pending: number };
    if (pending !== commits) throw new Error(`${commits - pending} of the watches ended`);
    const share = cpuSeconds / seconds;
    const hourly = (full * 3600) / seconds;
    return {
      rows: [
        {
          what: 'CPU of the scheduler and its requests',
          ours: `${(100 * share).toFixed(2)} % of a core`,
          target: '< 2 %',
          held: share < 0.02,
        },
        {
          what: 'requests per hour that count against the budget (answered 200)',
          ours: hourly.toFixed(0),
          against: `5,000/h × 60 %`,
          target: `≤ ${budget}`,
          held: hourly <= budget,
        },
        {
          what: 'requests per hour answered 304, which are free',
          ours: ((notModified * 3600) / seconds).toFixed(0),
          against: `${round((notModified / seconds) * (60 / commits))} per commit and minute`,
        },
      ],
      remarks: [
        `the first ${first.full + first.notModified} requests, before it was steady: ${first.full} counted`,
      ],
    };
  },
};
