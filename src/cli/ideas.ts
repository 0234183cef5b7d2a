import { Command } from 'commander';
import { type Idea, type IdeaStatus, ideaStatuses } from '../domain/idea.ts';
import type { IdeaEdit } from '../ports/ideas.ts';
import { checkRepoName, nameFromTitle, nameRule, sameName } from '../rules/ideas/repo-name.ts';
import { act } from './act.ts';
import { CliProblem, type CommonFlags, exitCodes } from './context.ts';
import { findIdea, readIdeas, unknownIdea } from './find-idea.ts';
import { readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { processCommand } from './ideas-process.ts';
import { fileProblem, usageProblem } from './problems.ts';
import { look } from './seeing-context.ts';
import { alignRows } from './table.ts';
import { reportOn, tellIdea } from './tell-idea.ts';

/** `clone ideas`: projects that have no repository yet, and their way to one. */
export function ideasCommand(context: FrontContext): Command {
  return new Command('ideas')
    .summary('projects without a repository yet; add, list, show, process, retry')
    .description(
      'Each idea becomes a folder with a first version that runs and is tested, a private repository on GitHub ' +
        '(with a token), and an entry in repos.yaml. `clone run` does that at the start of each cycle.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  clone ideas add "Incident diary" --summary "Turns alert history into a weekly report."\n  clone ideas process --dry-run',
    )
    .addCommand(addCommand(context))
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(processCommand(context))
    .addCommand(retryCommand(context));
}

interface AddFlags extends CommonFlags {
  readonly summary: string;
  readonly repoName?: string;
  readonly id?: string;
}

function addCommand(context: FrontContext): Command {
  return new Command('add')
    .summary('put an idea into ideas.yaml')
    .argument('<title...>', 'what it is called, in one line')
    .option('-s, --summary <text>', 'what it does and for whom: the agent builds from these words', '')
    .option('--repo-name <name>', 'name of its folder and repository (made of the title)')
    .option('--id <id>', 'name to speak of it here (made of the title)')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  clone ideas add "Voice Notes Assistant" --summary "Capture voice notes, summarize and tag them." --repo-name voice-notes',
    )
    .action(act(context, (words: string[], flags: AddFlags) => add(context, words.join(' '), flags)));
}

async function add(context: FrontContext, words: string, flags: AddFlags): Promise<number> {
  const title = words.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (title === '')
    throw usageProblem('idea-title', 'an idea needs a title', 'clone ideas add "Incident diary"');
  const repoName = flags.repoName ?? nameFromTitle(title);
  refuseName(repoName, flags.repoName === undefined);
  const wanted = flags.id;
  if (wanted !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(wanted))
    throw usageProblem(
      'idea-id',
      `the id ${JSON.stringify(wanted.slice(0, 80))} cannot be used`,
      'letters, digits, "-", "_" and ".", beginning with a letter or digit, at most 80',
    );
  const home = await context.home(flags);
  const repos = await readRepos(context, home);
  const taken = repos.find(({ name }) => sameName(name, repoName));
  if (taken)
    throw usageProblem(
      'name-taken',
      `the portfolio has a repository ${taken.name} already (${taken.path})`,
      `clone tasks add "${title.replaceAll('"', "'")}" --repo ${taken.name} asks for work on it; --repo-name makes another`,
    );
  let idea: Pick<Idea, 'id' | 'title' | 'summary' | 'repoName'> | undefined;
  const changed = await (await context.ideas(home)).change((ideas): readonly IdeaEdit[] => {
    refuseTwins(ideas, repoName, wanted);
    idea = { id: wanted ?? freeId(ideas, title, repoName), title, summary: flags.summary.trim(), repoName };
    return [{ edit: 'add', idea }];
  });
  if (!changed.ok) throw fileProblem(changed.failure);
  const added = changed.value.find(({ id }) => id === idea?.id);
  if (flags.json && added) context.print(JSON.stringify({ schema_version: 1, ...asJson(added) }));
  else
    context.print(`${idea?.id ?? title} is in ideas.yaml. clone run takes it up, or clone ideas process now`);
  return exitCodes.done;
}

function refuseName(name: string, made: boolean): void {
  const valid = checkRepoName(name);
  if (valid.ok) return;
  const message = made ? `no name can be made of this title: ${valid.failure}` : valid.failure;
  throw usageProblem('idea-name', message, `--repo-name NAME: ${nameRule}`);
}

function refuseTwins(ideas: readonly Idea[], repoName: string, id: string | undefined): void {
  const sameRepo = ideas.find((one) => sameName(one.repoName, repoName));
  if (sameRepo)
    throw usageProblem(
      'idea-twice',
      `the idea ${sameRepo.id} has the name ${sameRepo.repoName} already (${sameRepo.status})`,
      'choose another --repo-name; clone ideas list shows them all',
    );
  const sameId = id === undefined ? undefined : ideas.find((one) => sameName(one.id, id));
  if (sameId)
    throw usageProblem(
      'idea-twice',
      `there is an idea ${sameId.id} already: "${sameId.title}"`,
      'choose another --id; clone ideas list shows them all',
    );
}

/** `incident-diary`, `incident-diary-2`: an id that a person can type. */
function freeId(ideas: readonly Idea[], title: string, repoName: string): string {
  const stem = nameFromTitle(title) || repoName.toLowerCase();
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? stem : `${stem}-${number}`;
    if (!ideas.some((one) => sameName(one.id, id))) return id;
  }
}

interface ListFlags extends CommonFlags {
  readonly status?: string;
}

function listCommand(context: FrontContext): Command {
  return new Command('list')
    .summary('every idea, where it stands, and what blocks it')
    .option('--status <status>', `only these (${ideaStatuses.join(', ')})`)
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone ideas list --status BLOCKED')
    .action(act(context, (flags: ListFlags) => list(context, flags)));
}

async function list(context: FrontContext, flags: ListFlags): Promise<number> {
  const wanted = flags.status === undefined ? undefined : statusOf(flags.status);
  const home = await context.home(flags);
  const all = await readIdeas(context, home);
  const ideas = all.filter(({ status }) => wanted === undefined || status === wanted);
  if (flags.json) {
    context.print(JSON.stringify({ schema_version: 1, ideas: ideas.map(asJson) }));
    return exitCodes.done;
  }
  if (ideas.length === 0)
    context.print(
      all.length === 0 ? 'No idea. clone ideas add "Incident diary" notes one.' : 'No such idea.',
    );
  const rows = ideas.map((idea) => [idea.id, idea.status, idea.repoName, idea.title]);
  const width = context.terminal ? context.columns : undefined;
  for (const [index, line] of alignRows(rows, width).entries()) {
    context.print(line);
    const why = ideas[index]?.lastError;
    if (why !== undefined) context.print(`    ${why}`);
  }
  return exitCodes.done;
}

function showCommand(context: FrontContext): Command {
  return new Command('show')
    .summary('one idea: its steps, where it is, what blocks it, what it cost')
    .argument('<id>', 'the idea')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone ideas show incident-diary')
    .action(
      look(context, async (id: string, flags: CommonFlags) => {
        const home = await context.home(flags);
        const ideas = await readIdeas(context, home);
        await using ledger = await context.ledger(home);
        const report = await reportOn(
          ledger,
          id,
          ideas.find((idea) => idea.id === id),
        );
        if (!report) throw unknownIdea(ideas, id);
        tellIdea(context, report, flags);
        return exitCodes.done;
      }),
    );
}

function statusOf(text: string): IdeaStatus {
  const status = ideaStatuses.find((one) => one === text.toUpperCase());
  if (status) return status;
  throw usageProblem(
    'idea-status',
    `${text} is no status of an idea`,
    `it is one of ${ideaStatuses.join(', ')}`,
  );
}

function retryCommand(context: FrontContext): Command {
  return new Command('retry')
    .summary('let a blocked idea go on where it stopped')
    .argument('<id>', 'the idea')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  clone ideas retry incident-diary && clone ideas process --id incident-diary',
    )
    .action(look(context, (id: string, flags: CommonFlags) => retry(context, id, flags)));
}

async function retry(context: FrontContext, id: string, flags: CommonFlags): Promise<number> {
  const home = await context.home(flags);
  const idea = findIdea(await readIdeas(context, home), id);
  if (idea.status !== 'BLOCKED')
    throw new CliProblem({
      code: 'idea-status',
      message: `${id} is ${idea.status}, not BLOCKED`,
      hint: idea.status === 'ACTIVE' ? 'it is a repository already' : `clone ideas process --id ${id}`,
      exitCode: exitCodes.usage,
    });
  await using ledger = await context.ledger(home);
  const changed = await (await context.ideas(home)).change(() => [
    { edit: 'mark', id, status: 'TRIAGED', lastError: undefined },
  ]);
  if (!changed.ok) throw fileProblem(changed.failure);
  await ledger.record({ type: 'idea-moved', idea: id, to: 'TRIAGED', why: 'tried again by a person' });
  const now = changed.value.find((one) => one.id === id);
  if (flags.json && now) context.print(JSON.stringify({ schema_version: 1, ...asJson(now) }));
  else context.print(`${id} goes on with the next clone run, or now: clone ideas process --id ${id}`);
  return exitCodes.done;
}

function asJson(idea: Idea): Record<string, unknown> {
  return {
    id: idea.id,
    title: idea.title,
    summary: idea.summary,
    status: idea.status,
    repo_name: idea.repoName,
    last_error: idea.lastError ?? null,
  };
}
