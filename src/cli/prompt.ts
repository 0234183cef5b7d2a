import { Command, InvalidArgumentError } from 'commander';
import type { Options } from '../config/options.ts';
import { didYouMean } from '../domain/nearest-name.ts';
import type { Signal } from '../domain/signal.ts';
import { estimateTokens } from '../rules/prompt/estimate-tokens.ts';
import { type Segment, textOf } from '../rules/prompt/segment.ts';
import { asTask } from '../session/claim.ts';
import { waitingIncidents } from '../session/knowledge.ts';
import { type PreviewTurn, previewPrompt, previewTurns } from '../session/preview-prompt.ts';
import { usablePrompts } from '../session/prompt.ts';
import { type CommonFlags, exitCodes } from './context.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { usageProblem } from './problems.ts';
import { filesOf, repoProblem, signalsOf } from './prompt-sources.ts';
import { promptWarnings } from './prompt-warnings.ts';
import { look } from './seeing-context.ts';
import { alignRows } from './table.ts';

interface PromptFlags extends CommonFlags {
  readonly turn?: PreviewTurn;
  readonly task?: string;
}

const ofTask: readonly PreviewTurn[] = ['task', 'first-task', 'repair', 'cleanup'];

/** `clone prompt`: what the next session would tell the agent, and what each part of it costs. */
export function promptCommand(context: FrontContext): Command {
  return new Command('prompt')
    .summary('what the agent would be told, part by part, with its cost')
    .description(
      'Prints the prompt that the next session would send for a turn, then its parts: where each comes from, whether it ' +
        'may tell the agent what to do (trusted) or is data between fences (untrusted), and about how many tokens it costs. ' +
        'Starts nothing and fetches nothing.',
    )
    .argument('<repo>', 'a repository of the portfolio')
    .option(
      '--turn <kind>',
      `one of ${previewTurns.join(', ')} (default: the first turn of a session)`,
      parseTurn,
    )
    .option('--task <title>', 'the task of a task turn')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  clone prompt jwt-workbench\n  clone prompt jwt-workbench --turn first-task --task "Add CSV export"',
    )
    .action(look(context, (name: string, flags: PromptFlags) => tell(context, name, flags)));
}

async function tell(context: FrontContext, name: string, flags: PromptFlags): Promise<number> {
  const home = await context.home(flags);
  const repo = findRepo(await readRepos(context, home), name);
  const options = await home.optionsFor(repo);
  const wanted = turnOf(flags);
  const world = await context.world(home);
  await using ledger = world.ledger;
  const usable = await usablePrompts(world, { repo, options });
  if (!usable.ok) throw usageProblem('prompt-invalid', usable.failure.message, usable.failure.hint);

  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) throw repoProblem(`${name}: ${identified.failure.message}`, `clone repos why ${name}`);
  const identity = identified.value;
  const asked = (await ledger.operatorTasks({ repo: name, states: ['queued'] })).map(asTask);
  const { files, folder, from } = await filesOf(world, repo, identity);
  const signals = await signalsOf(world, home, { repo, options });
  const visit = { repo, options, identity, signals, issues: [] };
  const turn = wanted ?? firstTurn(options, asked.length, signals);
  const { segments, warnings, notes } = await previewPrompt(world, files, folder, {
    visit,
    turn,
    asked,
    waiting: await waitingIncidents(world, visit),
    title: flags.task,
  });
  const strays = await promptWarnings(context, home, [options.prompts_dir]);
  const measures = segments.map(measured);
  const told = {
    repo: name,
    turn,
    read_from: from,
    notes,
    warnings: [...strays, ...warnings],
    segments: measures,
  };
  if (flags.json) tellJson(context, told, segments);
  else tellText(context, told, segments);
  return exitCodes.done;
}

function parseTurn(text: string): PreviewTurn {
  const turn = previewTurns.find((one) => one === text);
  if (turn) return turn;
  throw new InvalidArgumentError(didYouMean(text, previewTurns, `It is one of ${previewTurns.join(', ')}.`));
}

function turnOf({ turn, task }: PromptFlags): PreviewTurn | undefined {
  if (task !== undefined && turn !== undefined && !ofTask.includes(turn))
    throw usageProblem(
      'no-task',
      `a ${turn} turn has no task of its own`,
      `--task goes with --turn ${ofTask.join(', ')}`,
    );
  return turn ?? (task === undefined ? undefined : 'first-task');
}

/** A session that is called by people alone, or that they have filled, spends no plan turn. */
function firstTurn(options: Options, asked: number, signals: readonly Signal[]): PreviewTurn {
  const onlyAsked = asked > 0 && signals.every(({ kind }) => kind === 'operator-task');
  if (onlyAsked || asked >= options.tasks_per_repo) return 'first-task';
  if (options.session_mode === 'steps') return 'plan';
  return asked > 0 ? 'first-task' : 'single';
}

interface Measured {
  readonly name: string;
  readonly source: string;
  readonly trust: Segment['trust'];
  readonly characters: number;
  readonly tokens: number;
}

interface Told {
  readonly repo: string;
  readonly turn: PreviewTurn;
  readonly read_from: string;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly segments: readonly Measured[];
}

function measured({ name, source, trust, text }: Segment): Measured {
  return { name, source, trust, characters: text.length, tokens: estimateTokens(text) };
}

const method = 'estimated by classes of characters, about a tenth off o200k';

function tellJson(context: FrontContext, told: Told, segments: readonly Segment[]): void {
  const prompt = textOf(segments);
  const total = { characters: prompt.length, tokens: estimateTokens(prompt) };
  context.print(
    JSON.stringify({ schema_version: 1, ...told, total, token_method: method, prompt }, undefined, 2),
  );
}

function tellText(context: FrontContext, told: Told, segments: readonly Segment[]): void {
  for (const warning of told.warnings) context.complain(`warning: ${warning}`);
  const prompt = textOf(segments);
  context.write(prompt);
  const number = (count: number): string => count.toLocaleString('en');
  const rows = told.segments.map(({ name, source, trust, characters, tokens }) => [
    name,
    source,
    trust,
    number(characters),
    `~${number(tokens)}`,
  ]);
  const total = ['total', '', '', number(prompt.length), `~${number(estimateTokens(prompt))}`];
  context.print('');
  for (const line of alignRows([['segment', 'source', 'trust', 'characters', 'tokens'], ...rows, total]))
    context.print(line);
  context.print(`Read from ${told.read_from}. Tokens are ${method}; the agent adds words of its own.`);
  for (const note of told.notes) context.print(`Note: ${note}.`);
}
