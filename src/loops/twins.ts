import type { Repo } from '../domain/repo.ts';
import type { World } from '../ports/world.ts';

/**
 * Entries that reach a repository which an entry before them in the portfolio reaches too, with that entry's name.
 * The order of the portfolio decides, not that of the cycle: else the history would wander from name to name.
 */
export async function twinsOf(
  world: Pick<World, 'mirrors'>,
  repos: readonly Repo[],
): Promise<ReadonlyMap<string, string>> {
  const identified = await Promise.all(repos.map((repo) => world.mirrors.identify(repo)));
  const first = new Map<string, string>();
  const twins = new Map<string, string>();
  for (const [at, repo] of repos.entries()) {
    const identity = identified[at];
    if (!identity?.ok) continue;
    const { gitDir } = identity.value;
    const before = first.get(gitDir);
    if (before === undefined) first.set(gitDir, repo.name);
    else twins.set(repo.name, before);
  }
  return twins;
}

/** Why a twin is left alone, in words. */
export function twinWords(first: string): string {
  return `the same repository as ${first}, reached by another path`;
}
