import type { Repo } from '../domain/repo.ts';
import type { World } from '../ports/world.ts';
import { standingOf } from '../rules/standing.ts';

/**
 * Why an entry that nobody worked on for long is left alone, by the same rule that `clone repos why` tells;
 * undefined: it is not. Pinned ones never are.
 */
export async function outOfWindow(
  world: Pick<World, 'discovery' | 'clock'>,
  repo: Repo,
  days: number,
): Promise<string | undefined> {
  const found = repo.pinned ? undefined : await world.discovery.look(repo.path);
  if (!found) return undefined;
  const standing = standingOf(repo, found, { now: world.clock.now(), days });
  return standing.reason === 'quiet' ? standing.why : undefined;
}
