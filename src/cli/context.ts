import type { Options } from '../config/options.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OpenWorld } from '../loops/run-world.ts';
import type { Discovery } from '../ports/discovery.ts';
import type { FileProblem, Portfolio } from '../ports/portfolio.ts';

/** Flags that every command has. */
export interface CommonFlags {
  readonly home?: string | undefined;
  readonly json?: boolean | undefined;
}

/** A setting with the layer it came from, for `config show`. */
export interface Setting {
  readonly value: unknown;
  /** `--tasks`, `TASKS_PER_REPO`, `repos.yaml (jwt-workbench)`, `.clone.yaml`, `clone.yaml`, `default`. */
  readonly from: string;
}

/** A home that was found and whose configuration was read. Opening one starts no process and writes nothing. */
export interface Home {
  readonly folder: string;
  /** What is wrong with `clone.yaml`, in a home that was opened to look: the defaults hold instead. */
  readonly problems?: readonly FileProblem[] | undefined;
  /** The options of the run as a whole. */
  readonly options: Options;
  /** The options in force for one repository: its entry and its own `.clone.yaml` included. */
  optionsFor(repo: {
    name: string;
    path: string;
    options: Readonly<Record<string, unknown>>;
  }): Promise<Options>;
  settingsFor(repo?: {
    name: string;
    path: string;
    options: Readonly<Record<string, unknown>>;
  }): Promise<Readonly<Record<string, Setting>>>;
  /** Reads `clone.yaml` again; a broken one is a CliProblem and this Home stays as it was. */
  reload(): Promise<Home>;
}

/** The outside of a command: where words come from and where lines go. */
export interface CliContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Standard output is a terminal. */
  readonly terminal: boolean;
  /** Standard input is a terminal: only then may we ask. */
  readonly interactive: boolean;
  readonly colour: boolean;
  readonly columns: number;
  readonly rows: number;
  now(): number;
  /** One line on standard output. */
  print(line: string): void;
  /** Raw text on standard output, as it is. */
  write(text: string): void;
  /** One line on standard error. */
  complain(line: string): void;
  /** Aborted by the first Ctrl-C or TERM; a second one aborts `stopNow`. */
  readonly stop: AbortSignal;
  readonly stopNow: AbortSignal;
  /**
   * Finds the home and reads its configuration. `overrides`: options from the command line. `tolerant`: a broken
   * `clone.yaml` is told by the home instead of thrown.
   */
  home(
    flags: CommonFlags,
    overrides?: Readonly<Record<string, unknown>>,
    how?: { readonly tolerant: boolean },
  ): Promise<Home>;
  portfolio(home: Home): Promise<Portfolio>;
  discovery(home: Home): Promise<Discovery>;
  /** The ledger of the home; made when missing. */
  ledger(home: Home): Promise<Ledger>;
  /** Everything a run needs, wired to real things. */
  world(home: Home): Promise<OpenWorld>;
}

/** The exit codes of every command (spec chapter 11). */
export const exitCodes = {
  done: 0,
  wrong: 1,
  usage: 2,
  budget: 3,
  human: 4,
  held: 5,
  interrupted: 130,
} as const;

/** An expected end of a command: what happened, where, what to do. Printed without a stack trace. */
export class CliProblem extends Error {
  readonly code: string;
  readonly hint: string;
  readonly exitCode: number;
  constructor(problem: { code: string; message: string; hint: string; exitCode: number }) {
    super(problem.message);
    this.code = problem.code;
    this.hint = problem.hint;
    this.exitCode = problem.exitCode;
  }
}
