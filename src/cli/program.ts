import { Command } from 'commander';

import { didYouMean } from '../domain/nearest-name.ts';
import type { CommandEntry } from './command-entry.ts';
import { type CommonFlags, exitCodes } from './context.ts';
import type { FrontContext } from './front-context.ts';
import { usageProblem } from './problems.ts';
import { tellProblem } from './tell-problem.ts';

/** Runs what the arguments say and answers the exit code. Loads only the command that was asked for. */
export async function runProgram(
  args: readonly string[],
  context: FrontContext,
  table: readonly CommandEntry[],
): Promise<number> {
  const words = beforeDashes(args);
  try {
    await dispatch(readFront(args), context, table);
    return exitCodes.done;
  } catch (thrown) {
    return tellProblem(context, thrown, words.includes('--json'));
  }
}

/** What stands before the name of the command, the name, and what follows it. */
interface Front {
  readonly before: readonly string[];
  readonly name: string | undefined;
  readonly after: readonly string[];
}

async function dispatch(front: Front, context: FrontContext, table: readonly CommandEntry[]): Promise<void> {
  const { before, name, after } = front;
  if (name === undefined) {
    if (before.includes('--version') || before.includes('-V')) {
      context.print(context.version);
      return;
    }
    if (before.includes('--help') || before.includes('-h')) {
      context.write(helpText(context, table));
      return;
    }
    await withoutCommand(before, context, table);
    return;
  }
  if (name === 'help') {
    const [asked] = after;
    if (asked === undefined || asked.startsWith('-')) context.write(helpText(context, table));
    else await invoke(find(asked, table), [...after.slice(1), '--help'], context);
    return;
  }
  await invoke(find(name, table), insertFlags(after, before), context);
}

/** `clone` alone: the status of the home, or how to begin when there is none. */
async function withoutCommand(
  flags: readonly string[],
  context: FrontContext,
  table: readonly CommandEntry[],
): Promise<void> {
  const at = flags.indexOf('--home');
  const asked = at < 0 ? flags.find((flag) => flag.startsWith('--home='))?.slice(7) : flags[at + 1];
  const found = await (await context.files()).find(asked);
  const status = table.find(({ name }) => name === 'status');
  const begin = (command: Command): Command =>
    command.action(({ json }: CommonFlags) => {
      tellHowToBegin(context, json === true);
    });
  // The flags are those of status either way, so that a misspelt one is refused without a home too.
  if (status) await invoke(status, flags, context, found.exists ? undefined : begin);
}

function tellHowToBegin(context: FrontContext, json: boolean): void {
  const steps = [
    ['clone init', 'make a home here: settings, portfolio, ideas'],
    ['clone discover ~/code', 'find the repositories you work on'],
    ['clone run --dry-run', 'see what a cycle would do'],
    ['clone run', 'let it work'],
  ] as const;
  if (json) {
    const begin = steps.map(([command, does]) => ({ command, does }));
    context.print(JSON.stringify({ schema_version: 1, home: null, begin }));
    return;
  }
  context.print('clone looks after a portfolio of repositories. There is no home here yet. To begin:');
  for (const [command, does] of steps) context.print(`  ${command.padEnd(24)}${does}`);
  context.print('clone --help lists every command.');
}

async function invoke(
  entry: CommandEntry,
  args: readonly string[],
  context: FrontContext,
  instead: (command: Command) => Command = (command) => command,
): Promise<void> {
  const make = await entry.load();
  const command = instead(make(context));
  refuseUnknownPart(command, args);
  const root = new Command('clone').helpCommand(false);
  root.addCommand(command);
  settle(root, context);
  await root.parseAsync([entry.name, ...args], { from: 'user' });
}

/** `clone repos ignre x`: a word that names no part would be taken for an argument of the part that is the default. */
function refuseUnknownPart(command: Command, args: readonly string[]): void {
  const valued = command.commands.flatMap(({ options }) => options.filter(({ required }) => required));
  const { name } = readFront(args, [...flagsWithValue, ...valued.map(({ long }) => long ?? '')]);
  const parts = command.commands.map((part) => part.name());
  if (parts.length === 0 || name === undefined || [...parts, 'help'].includes(name)) return;
  throw usageProblem(
    'command-unknown',
    `clone ${command.name()} has no ${name}`,
    didYouMean(name, parts, `clone ${command.name()} --help lists what it has`),
  );
}

/** Gives a command and all below it the same manners: nobody exits the process, and every line goes through the context. */
function settle(command: Command, context: FrontContext): void {
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        context.write(text);
      },
      writeErr: (text) => {
        context.complain(text.replace(/\n$/, ''));
      },
      // Told by `tellProblem`, as JSON where that was asked for.
      outputError: () => undefined,
      getOutHelpWidth: () => context.columns,
      getErrHelpWidth: () => context.columns,
      getOutHasColors: () => context.colour,
      getErrHasColors: () => context.colour,
    })
    .allowExcessArguments(false);
  if (
    command.parent &&
    command.commands.length === 0 &&
    !command.options.some(({ long }) => long === '--home')
  )
    command.option('--home <dir>', 'home to use instead of the nearest one');
  for (const below of command.commands) settle(below, context);
}

function find(name: string, table: readonly CommandEntry[]): CommandEntry {
  const entry = table.find((candidate) => candidate.name === name);
  if (entry) return entry;
  const names = table.map((candidate) => candidate.name);
  throw usageProblem(
    'command-unknown',
    `${name} is not a command of clone`,
    didYouMean(name, names, 'clone --help lists every command'),
  );
}

function helpText(context: FrontContext, table: readonly CommandEntry[]): string {
  const root = new Command('clone')
    .usage('<command> [options]')
    .description('Hires an engineer for your whole portfolio of repositories.')
    .helpCommand(false)
    .option('--home <dir>', 'home to use instead of the nearest one')
    .option('--json', 'answer in JSON, where a command reads')
    .option('-V, --version', 'print the version')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText(
      'after',
      '\nExample:\n  clone discover ~/code && clone run --cycles 1\n\nclone <command> --help tells more.',
    );
  for (const { name, summary, group } of table) root.command(name).summary(summary).helpGroup(group);
  settle(root, context);
  return helpOf(root, context);
}

function helpOf(command: Command, context: FrontContext): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => context.columns });
  command.outputHelp();
  return text;
}

const flagsWithValue = ['--home'];

function readFront(args: readonly string[], valued: readonly string[] = flagsWithValue): Front {
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (valued.includes(word)) index++;
    else if (!word.startsWith('-'))
      return { before: args.slice(0, index), name: word, after: args.slice(index + 1) };
  }
  return { before: args, name: undefined, after: [] };
}

function beforeDashes(args: readonly string[]): readonly string[] {
  const dashes = args.indexOf('--');
  return dashes < 0 ? args : args.slice(0, dashes);
}

/** Flags that stood before the command are as good as flags after it. */
function insertFlags(args: readonly string[], flags: readonly string[]): readonly string[] {
  const own = beforeDashes(args);
  return [...own, ...flags, ...args.slice(own.length)];
}
