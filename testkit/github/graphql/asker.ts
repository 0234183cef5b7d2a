import type { Issue, Repo, Token } from '../model.ts';
import type { World } from '../world.ts';
import type { Type } from './execute.ts';

/** Who asks, of which world, and how one kind of object leads to another. */
export interface Asker {
  readonly world: World;
  readonly token: Token;
  readonly repository: (repo: Repo) => Type;
  readonly issue: (issue: Issue) => Type;
}

/** A fine-grained token may not read checks, and GitHub fails the field that asks. */
export const refusedChecks = 'Resource not accessible by personal access token';
