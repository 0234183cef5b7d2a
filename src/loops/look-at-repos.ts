import type { Repo } from '../domain/repo.ts';
import type { RepoView } from '../ledger/views.ts';
import type { LocalState } from '../ports/discovery.ts';
import type { Slug } from '../ports/forge.ts';
import type { World } from '../ports/world.ts';
import { filesThatMatter } from './memory-files.ts';

/** An entry of the portfolio, and what the files at its path say. */
export interface Looked {
  readonly repo: Repo;
  /** Undefined: there is no repository of its own. */
  readonly state: LocalState | undefined;
}

const atOnce = 64;

/** Reading `.git` files does not wait for anything, so that a long portfolio has to let others come to their turn. */
export async function lookAtAll(
  world: Pick<World, 'discovery' | 'clock'>,
  views: ReadonlyMap<string, RepoView>,
  repos: readonly Repo[],
): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (let start = 0; start < repos.length; start += atOnce) {
    if (start > 0) await world.clock.sleep(0);
    for (const repo of repos.slice(start, start + atOnce))
      looked.push({ repo, state: await lookAtOne(world, repo, views.get(repo.name)) });
  }
  return looked;
}

/** What the files of a repository say, about the branch that its sessions land on. */
export function lookAtOne(
  world: Pick<World, 'discovery'>,
  repo: Repo,
  view: RepoView | undefined,
): Promise<LocalState | undefined> {
  const branches = [repo.branch, view?.branch ?? ''];
  return world.discovery.state(repo.path, { branches, files: filesThatMatter });
}

/** Where repositories are on the forge, by name. */
export function slugsOf(
  { forge }: Pick<World, 'forge'>,
  looked: readonly Looked[],
): ReadonlyMap<string, Slug> {
  const slugs = new Map<string, Slug>();
  for (const { repo, state } of looked) {
    const slug = state?.remoteUrl === undefined ? undefined : forge?.slugOf(state.remoteUrl);
    if (slug !== undefined) slugs.set(repo.name, slug);
  }
  return slugs;
}
