import type { Options } from '../config/options.ts';
import type { Repo } from '../domain/repo.ts';
import type { LocalState } from '../ports/discovery.ts';
import type { World } from '../ports/world.ts';
import { membershipOf } from '../rules/membership.ts';
import type { Surroundings } from './surroundings.ts';

/** Why an entry that nobody worked on for long is left alone, by the same rule that `clone repos why` tells. */
export function outOfWindow(
  world: Pick<World, 'clock' | 'forge'>,
  around: Pick<Surroundings, 'only' | 'asked' | 'pushed'>,
  { repo, state }: { repo: Repo; state: LocalState },
  { activity_window_days: days }: Pick<Options, 'activity_window_days'>,
): string | undefined {
  // Whoever names it, or asks for work on it, wants it.
  if (repo.pinned || around.only.length > 0 || around.asked.has(repo.name)) return undefined;
  const slug = state.remoteUrl === undefined ? undefined : world.forge?.slugOf(state.remoteUrl);
  const remotePushedAt = slug === undefined ? undefined : around.pushed?.get(slug.toLowerCase());
  const work = { lastActive: state.lastActive, remotePushedAt };
  const membership = membershipOf(repo, work, { now: world.clock.now(), days });
  return membership.reason === 'quiet' ? membership.why : undefined;
}
