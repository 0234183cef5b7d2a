import type { Result } from '../domain/result.ts';
import type { FileProblem } from './portfolio.ts';

/** Where the home is, and by which rule it was found. */
export interface FoundHome {
  readonly folder: string;
  readonly by: '--home' | 'CLONE_HOME' | 'clone.yaml or repos.yaml' | '~/.clone';
  readonly exists: boolean;
}

/** What became of reading a file that a stranger may have written. */
export type GuardedRead =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'missing' }
  | { readonly is: 'refused'; readonly why: string };

/** The files of a home, as far as the front door reads and makes them. */
export interface HomeFiles {
  /** `--home`, else `CLONE_HOME`, else the nearest folder upwards with clone.yaml or repos.yaml, else `~/.clone`. */
  find(asked: string | undefined): Promise<FoundHome>;
  /** An absolute path; `~` is the user's own folder. */
  resolve(path: string): string;
  /** Text of a file of the user's; undefined: missing. */
  readText(file: string): Promise<Result<string | undefined, FileProblem>>;
  /** A file directly in `folder` that a stranger may have written: never through a link, never over `maxBytes`. */
  readGuarded(folder: string, name: string, maxBytes: number): Promise<GuardedRead>;
  isFolder(path: string): Promise<boolean>;
  /** Names of the files directly in a folder; none when it is missing or cannot be read. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes a new file and its folder. False: something is there already, and it was left alone. Fails with the reason. */
  writeNew(file: string, text: string): Promise<Result<boolean, string>>;
}
