import path from 'node:path';

import { diskDiscovery } from '../../src/adapters/discovery/disk-discovery.ts';
import { homeFiles } from '../../src/adapters/home/home-files.ts';
import { yamlPortfolio } from '../../src/adapters/portfolio/yaml-portfolio.ts';
import type { FrontContext } from '../../src/cli/front-context.ts';
import { openHome } from '../../src/cli/open-home.ts';
import { runProgram } from '../../src/cli/program.ts';
import { checkEntryOption } from '../../src/config/check-entry-option.ts';

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
  readonly table?: Parameters<typeof runProgram>[2];
}

export function frontDoor({
  cwd,
  userFolder,
  env = {},
  now = Date.now(),
  table,
}: FrontDoorOptions): FrontDoor {
  const clone = async (...args: readonly string[]): Promise<Said> => {
    let out = '';
    let err = '';
    const files = homeFiles({ cwd, env, userFolder });
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
      home: (flags, overrides) => openHome({ files, env, asked: flags.home, overrides }),
      portfolio: ({ folder }) =>
        Promise.resolve(yamlPortfolio({ folder, userFolder, checkOption: checkEntryOption })),
      discovery: () => Promise.resolve(diskDiscovery()),
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

/** A path below a folder, made plain in what a command said. */
export function without(folder: string, said: string): string {
  return said.replaceAll(folder + path.sep, '').replaceAll(folder, '.');
}
