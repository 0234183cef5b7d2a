import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { instantAgent } from './fixtures/instant-agent.ts';
import { longMemory } from './fixtures/long-memory.ts';
import { makePortfolio } from './fixtures/portfolio.ts';
import { shipped } from './fixtures/shipped.ts';
import { temporaryFolder } from './fixtures/temporary.ts';
import type { Benchmark } from './measure/report.ts';
import { runToEnd } from './measure/timed.ts';

const mostTokens = 2500;
const manyLines = 50_000;

interface Told {
  readonly total: { readonly tokens: number; readonly characters: number };
}

/** How much the agent is told before it looks at a repository: what `clone prompt --turn plan` says. */
export const prompts: Benchmark = {
  name: 'prompts',
  title: 'Size of the plan prompt, in estimated tokens',
  async run() {
    await using temporary = await temporaryFolder('prompts');
    const { folder } = temporary;
    const { clone, env } = await shipped(folder);
    const agent = await instantAgent(folder);
    const { home, repos } = await makePortfolio({ folder, repos: 3, env, agent });
    const [fresh, some, much] = repos;
    if (!fresh || !some || !much) throw new Error('there are three repositories');
    for (const [{ checkout }, lines] of [
      [some, manyLines / 10],
      [much, manyLines],
    ] as const) {
      const remembered = longMemory(lines);
      await writeFile(path.join(checkout, 'PROJECT_MEMORY.md'), remembered);
      await writeFile(path.join(checkout, 'CLONE_FEATURES.md'), backlog(lines));
    }
    const sizeOf = async (name: string): Promise<number> => {
      const args = ['prompt', name, '--turn', 'plan', '--json', '--home', home];
      const told = await runToEnd({ command: [...clone, ...args], cwd: folder, env });
      return (JSON.parse(told) as Told).total.tokens;
    };
    const [bare, usual, most] = [await sizeOf(fresh.name), await sizeOf(some.name), await sizeOf(much.name)];
    return {
      rows: [
        {
          what: 'a fresh repository',
          ours: `${bare}`,
          target: `≤ ${mostTokens}`,
          held: bare <= mostTokens,
        },
        {
          what: `memory of ${manyLines} lines, backlog of ${manyLines / 10} items`,
          ours: `${most}`,
          against: `of a tenth of that: ${usual}`,
          ratio: most / usual,
          target: '≤ 1.1×: bounded',
          held: most <= 1.1 * usual,
        },
      ],
    };
  },
};

function backlog(lines: number): string {
  const items = Array.from({ length: lines / 10 }, (_, index) => `- [ ] Candidate ${index} that may be done`);
  return `# Features\n\n## Candidate Features To Do\n\n${items.join('\n')}\n`;
}
