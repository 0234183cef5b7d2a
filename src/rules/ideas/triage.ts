import type { Idea, IdeaPlace } from '../../domain/idea.ts';
import type { Repo } from '../../domain/repo.ts';
import { checkRepoName, nameRule, sameName } from './repo-name.ts';

/** What is to become of an idea, from what is known before anything is made. */
export type Triaged =
  | { readonly is: 'build'; readonly path: string }
  /** There is a repository at its path, and it is nobody's in the portfolio yet. */
  | { readonly is: 'enrol'; readonly path: string }
  | { readonly is: 'enrolled'; readonly repo: Repo }
  | { readonly is: 'blocked'; readonly why: string; readonly hint: string };

export interface TriageFacts {
  readonly repos: readonly Repo[];
  /** Undefined: neither clone.yaml nor repos.yaml names one. */
  readonly codeRoot: { readonly path: string; readonly there: boolean } | undefined;
  /** Path of the folder to be. */
  readonly path: string;
  readonly place: IdeaPlace;
  /** Something beside it whose name differs by case only. */
  readonly neighbour: string | undefined;
}

/** Judges an idea. What exists is taken into the portfolio as it is; nothing of it is ever written over. */
export function triage(idea: Pick<Idea, 'repoName'>, known: TriageFacts): Triaged {
  const { repoName: name } = idea;
  const valid = checkRepoName(name);
  if (!valid.ok) return blocked(valid.failure, `give the idea another repo_name in ideas.yaml: ${nameRule}`);
  const same = known.repos.find((repo) => repo.name === name || repo.path === known.path);
  if (same) return { is: 'enrolled', repo: same };
  const alike = known.repos.find((repo) => sameName(repo.name, name));
  if (alike)
    return blocked(
      `the portfolio has a repository ${alike.name}, which differs from ${name} by case only`,
      'give the idea another repo_name in ideas.yaml',
    );
  const { codeRoot, path, place } = known;
  if (!codeRoot)
    return blocked(
      'no code_root says where its folder goes',
      'set code_root in clone.yaml to the folder of your repositories',
    );
  if (!codeRoot.there)
    return blocked(
      `the folder ${codeRoot.path} (code_root) is not there, or cannot be written to`,
      'make it, or set code_root in clone.yaml',
    );
  if (known.neighbour !== undefined)
    return blocked(
      `${known.neighbour} is in ${codeRoot.path}, and differs from ${name} by case only`,
      'give the idea another repo_name in ideas.yaml',
    );
  switch (place.is) {
    case 'nothing':
    case 'empty-folder':
      return { is: 'build', path };
    case 'repository':
      return { is: 'enrol', path };
    case 'files':
      return blocked(
        `${path} holds files that are not ours (${place.first}) and is no git repository`,
        'move it away, make it a repository with a commit, or give the idea another repo_name',
      );
    case 'no-folder':
      return blocked(`${path} is not a folder`, 'move it away, or give the idea another repo_name');
  }
}

function blocked(why: string, hint: string): Triaged {
  return { is: 'blocked', why, hint };
}
