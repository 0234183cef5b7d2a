import type { Repo } from '../domain/repo.ts';
import type { Result } from '../domain/result.ts';

/** A file of the user's that cannot be read as what it should be. Nothing was changed. */
export interface FileProblem {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly message: string;
  readonly hint: string;
}

/** `repos.yaml`: for people. Writes keep comments, order and unknown keys, under a lock and by atomic rename. */
export interface Portfolio {
  read(): Promise<Result<readonly Repo[], FileProblem>>;
  /** The folder of the user's repositories, as the head of the file names it; undefined: it names none. */
  codeRoot(): Promise<Result<string | undefined, FileProblem>>;
  /** Changes entries in place. The change is applied to the file as it is at that moment. */
  change(
    edit: (repos: readonly Repo[]) => readonly PortfolioEdit[],
  ): Promise<Result<readonly Repo[], FileProblem>>;
}

export type PortfolioEdit =
  | { readonly edit: 'add'; readonly repo: Repo }
  | { readonly edit: 'set'; readonly name: string; readonly values: Readonly<Record<string, unknown>> }
  | { readonly edit: 'unset'; readonly name: string; readonly keys: readonly string[] }
  | { readonly edit: 'remove'; readonly name: string }
  | { readonly edit: 'header'; readonly values: Readonly<Record<string, unknown>> };
