import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';

import { diskDiscovery } from '../src/adapters/discovery/disk-discovery.ts';
import { makeManyRepos } from './fixtures/many-repos.ts';
import { shipped } from './fixtures/shipped.ts';
import { temporaryFolder } from './fixtures/temporary.ts';
import { inTurn, median } from './measure/numbers.ts';
import type { Benchmark, Row } from './measure/report.ts';
import { countStarts, totalOf } from './measure/starts.ts';
import { type Call, runToEnd } from './measure/timed.ts';

const repos = 1000;
const rounds = 9;
const target = 2;

/** Finding and reading 1,000 repositories, beside a `find` that only lists them. */
export const discovery: Benchmark = {
  name: 'discovery',
  title: 'Discovery of 1,000 repositories, wall time, beside `find ROOT -name .git -prune`',
  async run() {
    await using temporary = await temporaryFolder('discovery');
    const { folder } = temporary;
    const { clone, env } = await shipped(folder);
    const root = await makeManyRepos(folder, repos, env);
    const home = path.join(folder, 'home');
    await mkdir(home);
    await writeFile(path.join(home, 'repos.yaml'), 'repos: []\n');
    const command: Call['command'] = [...clone, 'discover', root, '--home', home];

    const wallOf = async (call: Call['command']): Promise<number> => {
      const start = performance.now();
      await runToEnd({ command: call, cwd: folder, env });
      return performance.now() - start;
    };
    const walls = await inTurn(rounds, {
      find: () => wallOf(['find', root, '-name', '.git', '-prune']),
      walk: () => walk(root),
      command: () => wallOf(command),
    });
    const starts = await countStarts({ command, cwd: folder, env });
    const row = (what: string, ours: readonly number[]): Row => {
      const ratio = median(ours.map((wall, round) => wall / (walls.find[round] ?? Number.NaN)));
      return {
        what,
        ours: `${median(ours).toFixed(0)} ms`,
        against: `find ${median(walls.find).toFixed(0)} ms`,
        ratio,
        target: `≤ ${target}×`,
        held: ratio <= target,
      };
    };
    const started: Row[] = starts
      ? [
          {
            what: 'programs started by it',
            ours: String(totalOf(starts)),
            target: '1, itself',
            held: totalOf(starts) === 1,
          },
        ]
      : [];
    return {
      rows: [
        row('walk and look, in the process', walls.walk),
        row('clone discover, all of it', walls.command),
        ...started,
      ],
    };
  },
};

async function walk(root: string): Promise<number> {
  const start = performance.now();
  const found = await diskDiscovery().walk([root], { depth: 6 });
  if (found.length !== repos) throw new Error(`${found.length} repositories were found`);
  return performance.now() - start;
}
