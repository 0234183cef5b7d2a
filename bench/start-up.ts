import { performance } from 'node:perf_hooks';

import { instantAgent } from './fixtures/instant-agent.ts';
import { makePortfolio } from './fixtures/portfolio.ts';
import { shipped } from './fixtures/shipped.ts';
import { temporaryFolder } from './fixtures/temporary.ts';
import { inTurn, median } from './measure/numbers.ts';
import type { Benchmark, Row } from './measure/report.ts';
import { runToEnd } from './measure/timed.ts';

const rounds = 41;

/** How long one waits for `clone --version` and `clone status --json`, beside an empty program in the same Node. */
export const startUp: Benchmark = {
  name: 'start-up',
  title: 'Start-up, wall time, beside `node -e 0`',
  async run() {
    await using temporary = await temporaryFolder('start-up');
    const { folder } = temporary;
    const { clone, env } = await shipped(folder);
    const agent = await instantAgent(folder);
    const { home } = await makePortfolio({ folder, repos: 20, env, agent });
    await runToEnd({ command: [...clone, 'run', '--home', home], cwd: folder, env });

    const wallOf = async (...args: string[]): Promise<number> => {
      const start = performance.now();
      await runToEnd({ command: [process.execPath, ...args], cwd: folder, env });
      return performance.now() - start;
    };
    const [, main] = clone;
    const walls = await inTurn(rounds, {
      bare: () => wallOf('-e', '0'),
      version: () => wallOf(main, '--version'),
      status: () => wallOf(main, 'status', '--json', '--home', home),
    });
    // Pair by pair, since a busy moment meets the neighbours alike.
    const row = (what: string, ours: readonly number[], target: number): Row => {
      const ratio = median(ours.map((wall, round) => wall / (walls.bare[round] ?? Number.NaN)));
      return {
        what,
        ours: `${median(ours).toFixed(1)} ms`,
        against: `node -e 0 ${median(walls.bare).toFixed(1)} ms`,
        ratio,
        target: `≤ ${target}×`,
        held: ratio <= target,
      };
    };
    return {
      rows: [
        row('clone --version', walls.version, 1.5),
        row('clone status --json, 20 repositories, one run behind it', walls.status, 2.5),
      ],
    };
  },
};
