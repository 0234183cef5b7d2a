import { Command, Option } from 'commander';
import { didYouMean } from '../domain/nearest-name.ts';
import type { Repo } from '../domain/repo.ts';
import { candidates } from '../loops/candidates.ts';
import { isWaiting } from '../loops/ideas/process-ideas.ts';
import { run } from '../loops/run.ts';
import type { RunOrder } from '../loops/run-world.ts';
import type { World } from '../ports/world.ts';
import { checkTemplates } from '../session/check-templates.ts';
import { ownPrompts } from '../session/prompt.ts';
import { attachSeeing } from './attach-seeing.ts';
import { type CommonFlags, exitCodes, type Home } from './context.ts';
import type { FrontContext } from './front-context.ts';
import { addOptionFlags, overridesFrom } from './option-flags.ts';
import { fileProblem, usageProblem } from './problems.ts';
import { promptWarnings } from './prompt-warnings.ts';
import { refuseMissingAgent } from './refuse-missing-agent.ts';
import { reloading, runId } from './run-order.ts';
import { secondAgent } from './second-agent.ts';
import { look } from './seeing-context.ts';
import { tellCandidates } from './tell-candidates.ts';

interface RunFlags extends CommonFlags {
  readonly repo: readonly string[];
  readonly dryRun?: boolean;
}

/** `clone run`: the main job. */
export function runCommand(context: FrontContext): Command {
  const command = new Command('run')
    .summary('work through the portfolio: plan, code, verify, land, watch CI, repair')
    .description(
      'Visits each repository that has a reason: the agent plans and does a bounded set of tasks in an isolated clone, ' +
        'the repository’s own checks judge the result, green work is landed and its CI watched and repaired.',
    )
    .addOption(
      new Option('--repo <name>', 'only this repository (repeatable)')
        .argParser((name: string, names: readonly string[]) => [...names, name])
        .default([], 'the whole portfolio'),
    )
    .option('--dry-run', 'say what would be visited and why; start nothing')
    .option('--json', 'stream every event as one JSON line');
  addOptionFlags(command);
  return command
    .addHelpText(
      'after',
      '\nExample:\n  clone run --cycles 3 --parallel 3\n  clone run --repo jwt-workbench --land hold',
    )
    .action(look(context, (flags: RunFlags) => start(context, flags)));
}

async function start(context: FrontContext, flags: RunFlags): Promise<number> {
  const home = await context.home(flags, overridesFrom(flags as unknown as Record<string, unknown>));
  const world = await context.world(home);
  for (const warning of world.warnings) context.complain(`warning: ${warning}`);
  const repos = await choose(world, home, flags.repo);
  const { reviewers, promptFolders } = await refuseMistakes(world, home, repos);
  for (const warning of await promptWarnings(context, home, promptFolders))
    context.complain(`warning: ${warning}`);
  const id = runId(context.now(), world.randomId(4));
  await using ledger = world.ledger;
  const order: RunOrder = { run: id, options: home.options, only: flags.repo, ...reloading(home) };

  if (flags.dryRun) {
    // A run tells them with each visit.
    for (const repo of repos)
      for (const warning of await home.warningsFor(repo)) context.complain(`warning: ${warning}`);
    const rows = await candidates(world, order, repos);
    tellCandidates(context, rows, { json: flags.json ?? false, parallel: home.options.parallel_repos });
    return exitCodes.done;
  }
  await refuseMissingAgent(world, home);
  for (const reviewer of reviewers) await refuseMissingAgent(world, home, reviewer);
  const files = await world.runFiles(id);
  const seeing = await attachSeeing({
    ledger,
    home,
    run: id,
    runFolder: files.folder,
    mode: flags.json ? 'json' : context.terminal ? 'live' : 'plain',
    context,
    seeing: await context.seeingOf(home),
    redact: world.redact,
  });
  try {
    const stop = { drain: context.stop, now: context.stopNow };
    if (!world.forge)
      await ledger.record({ type: 'warned', run: id, message: 'no GitHub token: CI is not watched' });
    const result = await run({ ...world, files }, order, stop);
    return result.exitCode;
  } finally {
    await seeing.close();
  }
}

async function choose(world: World, home: Home, only: readonly string[]): Promise<readonly Repo[]> {
  const read = await world.portfolio.read();
  if (!read.ok) throw fileProblem(read.failure);
  const repos = read.value;
  if (repos.length === 0 && !(await hasIdeas(world, home)))
    throw usageProblem(
      'portfolio-empty',
      'the portfolio is empty',
      'clone discover ~/code finds your repositories; clone repos add PATH adds one',
    );
  for (const name of only) {
    const named = repos.find((repo) => repo.name === name);
    if (named?.ignored)
      throw usageProblem(
        'repo-ignored',
        `${name} is ignored, so it is never visited`,
        `clone repos unignore ${name}`,
      );
    if (named) continue;
    throw usageProblem(
      'repo-unknown',
      `there is no repository named ${name} in the portfolio`,
      didYouMean(
        name,
        repos.map((repo) => repo.name),
        'clone repos list shows them',
      ),
    );
  }
  return repos.filter((repo) => !repo.ignored && (only.length === 0 || only.includes(repo.name)));
}

/** A portfolio may begin with an idea. */
async function hasIdeas(world: World, home: Home): Promise<boolean> {
  const read = home.options.idea_bootstrap_enabled ? await world.ideas.read() : undefined;
  return read?.ok === true && read.value.some(isWaiting);
}

/**
 * The prompts of every repository that may be visited, and who is to review there, are looked at before any agent
 * starts. Answers the agents that are needed for reviews only, and the folders of the prompts.
 */
async function refuseMistakes(
  world: World,
  home: Home,
  repos: readonly Repo[],
): Promise<{ reviewers: ReadonlySet<string>; promptFolders: ReadonlySet<string> }> {
  const reviewers = new Set<string>();
  const promptFolders = new Set<string>();
  let isHomeChecked = false;
  for (const repo of repos) {
    const options = await home.optionsFor(repo);
    const second = await secondAgent(home, repo, options);
    if (second !== undefined && second !== home.options.agent) reviewers.add(second);
    const own = ownPrompts({ repo, options });
    promptFolders.add(own.folder);
    if (own.folder === '' && isHomeChecked) continue;
    isHomeChecked ||= own.folder === '';
    const [problem] = await checkTemplates(world, own);
    if (problem) throw usageProblem('prompt-invalid', `${problem.source}: ${problem.message}`, problem.hint);
  }
  return { reviewers, promptFolders };
}
