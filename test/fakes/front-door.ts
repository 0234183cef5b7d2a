import path from 'node:path';

import { diskDiscovery } from '../../src/adapters/discovery/disk-discovery.ts';
import { gitMirrors } from '../../src/adapters/git/git-mirrors.ts';
import { homeFiles } from '../../src/adapters/home/home-files.ts';
import { yamlIdeas } from '../../src/adapters/ideas/yaml-ideas.ts';
import { yamlPortfolio } from '../../src/adapters/portfolio/yaml-portfolio.ts';
import type { CommandEntry } from '../../src/cli/command-entry.ts';
import { commandTable } from '../../src/cli/command-table.ts';
import type { Home } from '../../src/cli/context.ts';
import type { FrontContext, TokenForge } from '../../src/cli/front-context.ts';
import { openHome } from '../../src/cli/open-home.ts';
import { runProgram } from '../../src/cli/program.ts';
import { checkEntryOption } from '../../src/config/check-entry-option.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { OpenWorld } from '../../src/loops/run-world.ts';
import type { Portfolio } from '../../src/ports/portfolio.ts';
import { nameFromTitle } from '../../src/rules/ideas/repo-name.ts';
import { memoryEventLog } from './memory-event-log.ts';
import { steppingClock } from './stepping-clock.ts';

/** What a command said, and how it ended. */
interface Said {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** The front door in this process, on real files below `folder`; without a ledger and a world. */
export interface FrontDoor {
  clone(...args: readonly string[]): Promise<Said>;
  /** The whole answer of a command that reads. */
  json(...args: readonly string[]): Promise<unknown>;
}

export interface FrontDoorOptions {
  readonly cwd: string;
  /** What `~` stands for. */
  readonly userFolder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: number;
  readonly table?: readonly CommandEntry[] | undefined;
  /** GitHub, as a token sees it; undefined: there is no token. */
  readonly forge?: TokenForge | undefined;
}

export function frontDoor({
  cwd,
  userFolder,
  env = {},
  now = Date.now(),
  table = commandTable,
  forge,
}: FrontDoorOptions): FrontDoor {
  const clone = async (...args: readonly string[]): Promise<Said> => {
    let out = '';
    let err = '';
    const files = homeFiles({ cwd, env, userFolder });
    const portfolioOf = ({ folder }: Pick<Home, 'folder'>): Portfolio =>
      yamlPortfolio({ folder, userFolder, checkOption: checkEntryOption });
    const used: Partial<FrontContext> = {
      cwd,
      env,
      version: '1.2.3',
      terminal: false,
      interactive: false,
      colour: false,
      columns: 100,
      rows: 40,
      now: () => now,
      print: (line) => (out += `${line}\n`),
      write: (text) => (out += text),
      complain: (line) => (err += `${line}\n`),
      files: () => Promise.resolve(files),
      home: (flags, overrides, how) => openHome({ files, env, asked: flags.home, overrides, ...how }),
      portfolio: (home) => Promise.resolve(portfolioOf(home)),
      ideas: ({ folder }) => Promise.resolve(yamlIdeas({ folder, nameFromTitle })),
      discovery: () => Promise.resolve(diskDiscovery()),
      world: (home) => Promise.resolve({ ...onlyFiles(now), portfolio: portfolioOf(home) }),
      forge: () => Promise.resolve(forge),
      ledger: () => Promise.resolve(openLedger(memoryEventLog(), steppingClock(now))),
    };
    const exitCode = await runProgram(args, used as FrontContext, table);
    return { exitCode, out, err };
  };
  return {
    clone,
    async json(...args) {
      const { exitCode, out, err } = await clone(...args, '--json');
      if (exitCode !== 0) throw new Error(err);
      return JSON.parse(out) as unknown;
    },
  };
}

/** As much of a world as the files of repositories are: nothing is recorded before, and nobody is asked. */
function onlyFiles(now: number): OpenWorld {
  const clock = steppingClock(now);
  const author = { name: 'clone', email: 'clone@localhost' };
  const used: Partial<OpenWorld> = {
    clock,
    forge: undefined,
    discovery: diskDiscovery(),
    mirrors: gitMirrors({ folder: '/nowhere', environment: {}, tokenFor: () => undefined, author }),
    prompts: { template: (name) => Promise.resolve({ text: name, source: name }) },
    ledger: openLedger(memoryEventLog(), clock),
    warnings: [],
    randomId: () => 'abcd',
  };
  return used as OpenWorld;
}

/** A path below a folder, made plain in what a command said. */
export function without(folder: string, said: string): string {
  return said.replaceAll(folder + path.sep, '').replaceAll(folder, '.');
}
