import { Command } from 'commander';
import type { Repo } from '../domain/repo.ts';
import { candidates } from '../loops/candidates.ts';
import type { CommonFlags } from './context.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { look } from './seeing-context.ts';
import { tellCandidates } from './tell-candidates.ts';

/** `clone next`: the ranked candidates of the next cycle, with their reasons. */
export function nextCommand(context: FrontContext): Command {
  return new Command('next')
    .summary('what the next cycle would visit, in order, and why')
    .description(
      'Ranks the repositories as a cycle would, with the signals that call for each, and says what is left alone and why. ' +
        '--json tells each signal with its source, its trust and its score, and what changed since the last visit.',
    )
    .argument('[repo]', 'only this repository')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone next jwt-workbench')
    .action(
      look(context, async (name: string | undefined, flags: CommonFlags) => {
        const home = await context.home(flags);
        const all = await readRepos(context, home);
        const repos = name === undefined ? all.filter((repo) => !repo.ignored) : [findRepo(all, name)];
        const world = await context.world(home);
        await using ledger = world.ledger;
        const order = {
          options: home.options,
          optionsFor: (repo: Repo) => home.optionsFor(repo),
          only: name === undefined ? [] : [name],
        };
        const portfolio = all.filter((repo) => !repo.ignored);
        const rows = await candidates({ ...world, ledger }, order, repos, { among: portfolio });
        tellCandidates(context, rows, { json: flags.json ?? false, parallel: home.options.parallel_repos });
        return undefined;
      }),
    );
}
