import type { Instant } from '../domain/time.ts';
import type { Clock } from './clock.ts';
import type { History } from './history.ts';
import type { Processes } from './processes.ts';

/** When a person looked at the status last. */
export interface Looks {
  last(): Promise<Instant | undefined>;
  mark(at: Instant): Promise<void>;
}

/** The files of one run that are written while it goes on. A write that fails is told by `problem`, never thrown. */
export interface RunPages extends AsyncDisposable {
  /** Adds text to a file of the run folder, after everything that was added before. */
  append(file: string, text: string): void;
  /** Puts a whole file in place at once; readers see the old one or the new one. */
  replace(file: string, text: string): Promise<void>;
  /** Resolves when everything so far is on disk. */
  settled(): Promise<void>;
  /** The first thing that could not be written, in words. */
  problem(): string | undefined;
}

export interface RunLogs {
  /** Text of a file from a byte on, at most some 256 KiB of whole characters; undefined: no such file. */
  read(file: string, from: number): Promise<{ readonly text: string; readonly next: number } | undefined>;
  /** Removes the oldest run folders over a count or a size; those named in `spare` stay. Answers what went. */
  prune(keep: {
    readonly runs: number;
    readonly bytes: number;
    readonly spare: readonly string[];
  }): Promise<readonly string[]>;
}

/** The lower part of a terminal, redrawn in place, with lines that scroll away above it. */
export interface Screen {
  draw(lines: readonly string[]): void;
  above(line: string): void;
  /** Takes the drawn part away and gives the cursor back. */
  close(): void;
}

/** What the commands that look need from the world besides the ledger. */
export interface Seeing {
  readonly clock: Clock;
  readonly processes: Pick<Processes, 'alive'>;
  readonly looks: Looks;
  readonly logs: RunLogs;
  readonly history: History;
  /** The files of a run; its folder is made, and `logs/latest` points to it. */
  pages(runFolder: string): Promise<RunPages>;
  screen(write: (text: string) => void): Screen;
}
