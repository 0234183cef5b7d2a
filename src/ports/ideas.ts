import type { Idea, IdeaPlace, IdeaStatus } from '../domain/idea.ts';
import type { Identity, Sha } from '../domain/repo.ts';
import type { Result } from '../domain/result.ts';
import type { GitFailure } from './mirrors.ts';
import type { FileProblem } from './portfolio.ts';

/** `ideas.yaml`: for people. Writes keep comments, order and unknown keys, under a lock and by atomic rename. */
export interface Ideas {
  read(): Promise<Result<readonly Idea[], FileProblem>>;
  /** The change is applied to the file as it is at that moment. */
  change(
    edit: (ideas: readonly Idea[]) => readonly IdeaEdit[],
  ): Promise<Result<readonly Idea[], FileProblem>>;
}

export type IdeaEdit =
  | {
      readonly edit: 'add';
      readonly idea: Pick<Idea, 'id' | 'title' | 'summary' | 'repoName'>;
    }
  | {
      readonly edit: 'mark';
      readonly id: string;
      readonly status: IdeaStatus;
      /** Undefined: taken out. */
      readonly lastError: string | undefined;
    };

/** The disk and git as far as an idea needs them before it is a repository like any other. */
export interface Incubator {
  /** `code_root` of repos.yaml; undefined: it names none. */
  codeRoot(): Promise<string | undefined>;
  /** True: a folder that we may make folders in. */
  isUsableFolder(path: string): Promise<boolean>;
  lookAt(path: string): Promise<{ readonly place: IdeaPlace; readonly neighbour: string | undefined }>;
  /** An empty folder; one that is there and empty is as good. Fails with the reason. */
  makeFolder(path: string): Promise<Result<void, string>>;
  /**
   * A repository of ours with one empty commit, the same whenever it is asked for: what the workspace of an idea is
   * opened from.
   */
  seed(key: string): Promise<Result<{ readonly identity: Identity; readonly base: Sha }, GitFailure>>;
  /** A commit without a parent, in the mirror of a seed. */
  firstCommit(seed: Identity, tree: string, message: string): Promise<Result<Sha, GitFailure>>;
  /**
   * Makes the user's repository of a commit of the mirror: built beside the folder under `staging`, and put in the
   * folder's place in one step, which must be empty or missing. Done before is done.
   */
  plant(order: PlantOrder): Promise<Result<void, GitFailure>>;
  /** Pushes a commit as the first of `main`, never by force, and reads it back. */
  pushFirst(seed: Identity, url: string, sha: Sha): Promise<Result<void, GitFailure>>;
  /** Makes `url` the origin of a repository, with its `main` as far as `sha`. Another origin stays, and is a failure. */
  connect(path: string, url: string, sha: Sha): Promise<Result<void, GitFailure>>;
  /** Removes what only served the making. */
  clear(key: string): Promise<void>;
}

export interface PlantOrder {
  readonly seed: Identity;
  readonly sha: Sha;
  readonly path: string;
  readonly staging: string;
}
