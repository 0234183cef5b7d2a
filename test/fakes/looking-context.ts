import { Command } from 'commander';
import type { CliContext, Home } from '../../src/cli/context.ts';
import type { SeeingContext } from '../../src/cli/seeing-context.ts';
import { type OptionName, type Options, optionTable } from '../../src/config/options.ts';
import type { Repo } from '../../src/domain/repo.ts';
import { failed, ok } from '../../src/domain/result.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { RepoHistory } from '../../src/ports/history.ts';
import type { FileProblem } from '../../src/ports/portfolio.ts';
import type { RunPages, Seeing } from '../../src/ports/seeing.ts';
import { memoryEventLog } from './memory-event-log.ts';
import { type SteppingClock, steppingClock } from './stepping-clock.ts';

/** The outside of a command that looks, in memory: what it was told, and what it said. */
export interface LookingWorld {
  readonly context: SeeingContext;
  readonly seeing: Seeing;
  readonly ledger: Ledger;
  readonly clock: SteppingClock;
  readonly home: Home;
  /** Everything on standard output. */
  out(): string;
  /** Everything on standard error. */
  complaints(): string;
  portfolio: readonly Repo[];
  portfolioProblem: FileProblem | undefined;
  histories: readonly RepoHistory[];
  lastLook: number | undefined;
  alive: boolean;
  /** Log files by path. */
  readonly files: Map<string, string>;
  readonly pruned: string[][];
  readonly stop: AbortController;
}

export function lookingWorld(
  options: Partial<Pick<CliContext, 'terminal' | 'columns' | 'rows' | 'colour'>> = {},
): LookingWorld {
  let out = '';
  let complaints = '';
  const clock = steppingClock(Date.UTC(2026, 10, 20, 21));
  const ledger = openLedger(memoryEventLog(), clock);
  const stop = new AbortController();
  const home: Home = {
    folder: '/home/me',
    options: defaults(),
    optionsFor: () => Promise.resolve(defaults()),
    settingsFor: () => Promise.resolve({}),
    reload: () => Promise.resolve(home),
  };
  const files = new Map<string, string>();
  const seeing: Seeing = {
    clock,
    processes: { alive: () => world.alive },
    looks: {
      last: () => Promise.resolve(world.lastLook),
      mark(at) {
        world.lastLook = at;
        return Promise.resolve();
      },
    },
    logs: {
      read(file, from) {
        const text = files.get(file);
        if (text === undefined) return Promise.resolve(undefined);
        return Promise.resolve({ text: text.slice(from), next: text.length });
      },
      prune({ spare }) {
        world.pruned.push([...spare]);
        return Promise.resolve([]);
      },
    },
    history: { since: () => Promise.resolve(world.histories) },
    pages: (folder) => Promise.resolve(memoryPages(folder, files)),
    screen: (write) => ({
      draw(lines) {
        write(`[draw]\n${lines.join('\n')}\n`);
      },
      above(line) {
        write(`[above] ${line}\n`);
      },
      close() {
        write('[close]\n');
      },
    }),
  };
  const context: SeeingContext = {
    cwd: '/home/me',
    env: {},
    version: '0.0.0',
    terminal: false,
    interactive: false,
    colour: false,
    columns: 100,
    rows: 40,
    ...options,
    now: () => clock.now(),
    print: (line) => (out += `${line}\n`),
    write: (text) => (out += text),
    complain: (line) => (complaints += `${line}\n`),
    stop: stop.signal,
    stopNow: new AbortController().signal,
    home: () => Promise.resolve(home),
    portfolio: () =>
      Promise.resolve({
        read: () =>
          Promise.resolve(
            world.portfolioProblem === undefined ? ok(world.portfolio) : failed(world.portfolioProblem),
          ),
        codeRoot: () => Promise.resolve(ok(undefined)),
        change: () => Promise.reject(new Error('looking changes nothing')),
      }),
    discovery: () => Promise.reject(new Error('looking discovers nothing')),
    ledger: () => Promise.resolve(ledger),
    world: () => Promise.reject(new Error('looking runs nothing')),
    seeingOf: () => Promise.resolve(seeing),
  };
  const world: LookingWorld = {
    context,
    seeing,
    ledger,
    clock,
    home,
    out: () => out,
    complaints: () => complaints,
    portfolio: [],
    portfolioProblem: undefined,
    histories: [],
    lastLook: undefined,
    alive: true,
    files,
    pruned: [],
    stop,
  };
  return world;
}

/** Runs a command as the front door does. */
export async function perform(command: Command, args: readonly string[]): Promise<void> {
  const root = new Command('clone').exitOverride();
  command.exitOverride().configureOutput({ outputError: () => undefined });
  await root.addCommand(command).parseAsync([command.name(), ...args], { from: 'user' });
}

export function repo(name: string, more: Partial<Repo> = {}): Repo {
  return {
    name,
    path: `/code/${name}`,
    branch: 'main',
    objective: '',
    lastCommit: undefined,
    pinned: false,
    ignored: false,
    missing: false,
    options: {},
    ...more,
  };
}

function memoryPages(folder: string, files: Map<string, string>): RunPages {
  return {
    append(file, text) {
      files.set(`${folder}/${file}`, `${files.get(`${folder}/${file}`) ?? ''}${text}`);
    },
    replace(file, text) {
      files.set(`${folder}/${file}`, text);
      return Promise.resolve();
    },
    settled: () => Promise.resolve(),
    problem: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function defaults(): Options {
  const names = Object.keys(optionTable) as OptionName[];
  return Object.fromEntries(names.map((name) => [name, optionTable[name].default])) as Options;
}
