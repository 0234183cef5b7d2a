import { Command, InvalidArgumentError } from 'commander';
import { didYouMean } from '../domain/nearest-name.ts';
import { type OperatorTaskState, operatorTaskStates, taskMayGo } from '../domain/operator-task.ts';
import { isoUtc } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OperatorTaskView } from '../ledger/views.ts';
import { parseRequest } from '../rules/parse-request.ts';
import { CliProblem, type CommonFlags, exitCodes } from './context.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { usageProblem } from './problems.ts';
import { look } from './seeing-context.ts';
import { alignRows } from './table.ts';

/** `clone tasks`: work that a person asks for. It comes before anything the agent would choose. */
export function tasksCommand(context: FrontContext): Command {
  return new Command('tasks')
    .summary('ask for a piece of work; list, show, cancel, retry')
    .description(
      'Work that you ask for. It comes first at the next visit of its repository, also while a run is going on.',
    )
    .addHelpText('after', '\nExample:\n  clone tasks add "Add CSV export" --repo jwt-workbench --priority 1')
    .addCommand(addCommand(context))
    .addCommand(listCommand(context))
    .addCommand(showCommand(context))
    .addCommand(
      moveCommand(context, {
        name: 'cancel',
        summary: 'take a task back',
        to: 'cancelled',
        why: 'cancelled by a person',
      }),
    )
    .addCommand(
      moveCommand(context, {
        name: 'retry',
        summary: 'put a blocked or cancelled task back into the queue',
        to: 'queued',
        why: 'tried again by a person',
      }),
    );
}

interface AddFlags extends CommonFlags {
  readonly repo?: string;
  readonly details: string;
  readonly priority: number;
  readonly now?: boolean;
  readonly paths: readonly string[];
}

function addCommand(context: FrontContext): Command {
  return new Command('add')
    .summary('ask for one piece of work on one repository')
    .argument('<text...>', 'the work in one line; "for NAME: ..." names the repository')
    .option('-r, --repo <name>', 'repository of the portfolio')
    .option('-d, --details <text>', 'what the one line does not say', '')
    .option('-p, --priority <1-5>', '1 is most urgent', parsePriority, 3)
    .option('--now', 'before anything else, also in a session that is going on')
    .option('--paths <paths...>', 'where it will be, as far as you know', [])
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone tasks add "for jwt-workbench: add CSV export" --now')
    .action(look(context, (words: string[], flags: AddFlags) => add(context, words.join(' '), flags)));
}

async function add(context: FrontContext, text: string, flags: AddFlags): Promise<number> {
  const home = await context.home(flags);
  const repos = await readRepos(context, home);
  const read = parseRequest(text, flags.repo);
  if (!read.ok)
    throw usageProblem('task-unreadable', read.failure, 'clone tasks add "Add CSV export" --repo NAME');
  const repo = findRepo(repos, read.value.repo);
  await using ledger = await context.ledger(home);
  const id = await freshId(ledger, read.value.title);
  const { details, priority, paths } = flags;
  const now = flags.now ?? false;
  await ledger.record({
    type: 'operator-task-added',
    repo: repo.name,
    id,
    title: read.value.title,
    details,
    priority,
    now,
    paths,
  });
  const task = await ledger.operatorTask(id);
  if (flags.json && task) context.print(JSON.stringify({ schema_version: 1, ...asJson(task) }));
  else
    context.print(
      `${id} is waiting for ${repo.name}${now ? ', before anything else' : ''}. clone tasks show ${id}`,
    );
  return exitCodes.done;
}

/** `add-csv-export`, `add-csv-export-2`: an id that a person can type. */
async function freshId(ledger: Ledger, title: string): Promise<string> {
  const slug = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  const stem = slug || 'task';
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? stem : `${stem}-${number}`;
    if (!(await ledger.operatorTask(id))) return id;
  }
}

interface ListFlags extends CommonFlags {
  readonly repo?: string;
  readonly state?: OperatorTaskState;
  readonly all?: boolean;
}

function listCommand(context: FrontContext): Command {
  return new Command('list')
    .summary('what waits, what is worked on, what is blocked')
    .option('-r, --repo <name>', 'only this repository')
    .option('--state <state>', `only in this state (${operatorTaskStates.join(', ')})`, parseState)
    .option('--all', 'the finished ones too')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone tasks list --repo jwt-workbench')
    .action(look(context, (flags: ListFlags) => list(context, flags)));
}

async function list(context: FrontContext, flags: ListFlags): Promise<number> {
  const home = await context.home(flags);
  await using ledger = await context.ledger(home);
  const open: readonly OperatorTaskState[] = ['queued', 'claimed', 'blocked'];
  const states = flags.state ? [flags.state] : flags.all ? operatorTaskStates : open;
  const tasks = await ledger.operatorTasks({
    states,
    ...(flags.repo === undefined ? {} : { repo: flags.repo }),
  });
  if (flags.json) {
    context.print(JSON.stringify({ schema_version: 1, tasks: tasks.map(asJson) }));
    return exitCodes.done;
  }
  if (tasks.length === 0)
    context.print('No task. clone tasks add "Add CSV export" --repo NAME asks for one.');
  const rows = tasks.map((task) => [
    task.id,
    task.state,
    `p${task.priority}${task.now ? '!' : ''}`,
    task.repo,
    task.title,
  ]);
  const width = context.terminal ? context.columns : undefined;
  for (const line of alignRows(rows, width)) context.print(line);
  return exitCodes.done;
}

function showCommand(context: FrontContext): Command {
  return new Command('show')
    .summary('one task: its words, its state and what it rests on')
    .argument('<id>', 'the task')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone tasks show add-csv-export')
    .action(look(context, (id: string, flags: CommonFlags) => show(context, id, flags)));
}

async function show(context: FrontContext, id: string, flags: CommonFlags): Promise<number> {
  const home = await context.home(flags);
  await using ledger = await context.ledger(home);
  const task = await find(ledger, id);
  if (flags.json) {
    context.print(JSON.stringify({ schema_version: 1, ...asJson(task) }));
    return exitCodes.done;
  }
  const rows = [
    ['task', task.id],
    ['title', task.title],
    ...(task.details ? [['details', task.details]] : []),
    ...(task.paths.length > 0 ? [['paths', task.paths.join(', ')]] : []),
    ['repo', task.repo],
    ['state', `${task.state} since ${isoUtc(task.movedAt)}${task.why ? `: ${task.why}` : ''}`],
    ['asked', `${isoUtc(task.addedAt)}, priority ${task.priority}${task.now ? ', now' : ''}`],
    ...(task.session ? [['session', `${task.session} (clone show ${task.session})`]] : []),
    ...(task.evidence ? [['commit', `${task.evidence.commit} (${task.evidence.files} files)`]] : []),
    ...(task.evidence?.checks ?? []).map(({ check, exitCode }) => [
      'check',
      `${check}: ${exitCode === undefined ? 'no exit' : `exit ${exitCode}`}`,
    ]),
  ];
  for (const line of alignRows(rows)) context.print(line);
  return exitCodes.done;
}

interface Move {
  readonly name: string;
  readonly summary: string;
  readonly to: OperatorTaskState;
  readonly why: string;
}

function moveCommand(context: FrontContext, move: Move): Command {
  return new Command(move.name)
    .summary(move.summary)
    .argument('<id>', 'the task')
    .option('--json', 'one JSON object')
    .addHelpText('after', `\nExample:\n  clone tasks ${move.name} add-csv-export`)
    .action(look(context, (id: string, flags: CommonFlags) => moveTask(context, id, move, flags)));
}

async function moveTask(context: FrontContext, id: string, move: Move, flags: CommonFlags): Promise<number> {
  const home = await context.home(flags);
  await using ledger = await context.ledger(home);
  const task = await find(ledger, id);
  if (!taskMayGo(task.state, move.to) || (move.to === 'queued' && task.state === 'claimed')) {
    const message = `${id} is ${task.state}; ${move.name} does not apply`;
    throw new CliProblem({
      code: 'task-state',
      message,
      hint: `clone tasks show ${id} tells more`,
      exitCode: exitCodes.usage,
    });
  }
  await ledger.record({ type: 'operator-task-moved', repo: task.repo, id, to: move.to, why: move.why });
  if (flags.json) context.print(JSON.stringify({ schema_version: 1, ...asJson(await find(ledger, id)) }));
  else context.print(`${id} is ${move.to}`);
  return exitCodes.done;
}

async function find(ledger: Ledger, id: string): Promise<OperatorTaskView> {
  const task = await ledger.operatorTask(id);
  if (task) return task;
  const ids = (await ledger.operatorTasks({})).map((one) => one.id);
  throw usageProblem(
    'task-unknown',
    `there is no task ${id}`,
    didYouMean(id, ids, 'clone tasks list --all shows them'),
  );
}

function asJson(task: OperatorTaskView): Record<string, unknown> {
  return {
    id: task.id,
    repo: task.repo,
    title: task.title,
    details: task.details,
    priority: task.priority,
    now: task.now,
    paths: task.paths,
    state: task.state,
    why: task.why,
    session: task.session ?? null,
    added_at: isoUtc(task.addedAt),
    moved_at: isoUtc(task.movedAt),
    evidence: task.evidence
      ? {
          commit: task.evidence.commit,
          files: task.evidence.files,
          checks: task.evidence.checks.map(({ check, exitCode }) => ({ check, exit_code: exitCode ?? null })),
        }
      : null,
  };
}

function parsePriority(text: string): number {
  const priority = Number(text);
  if (Number.isInteger(priority) && priority >= 1 && priority <= 5) return priority;
  throw new InvalidArgumentError('it is a whole number from 1 (most urgent) to 5');
}

function parseState(text: string): OperatorTaskState {
  const state = operatorTaskStates.find((one) => one === text);
  if (state) return state;
  throw new InvalidArgumentError(`it is one of ${operatorTaskStates.join(', ')}`);
}
