import type { Stop } from '../../session/visit.ts';
import { type FollowTools, followAgain } from '../follow-again.ts';
import type { RunOrder, RunWorld } from '../run-world.ts';
import type { FirstPush } from './ideas-of-cycle.ts';

/**
 * Follows the CI of what the ideas of a cycle pushed. Of each repository that this run follows: a promise that settles
 * when its verdict is known, or when the run is asked to end.
 */
export async function followFirstPushes(
  world: RunWorld,
  order: RunOrder,
  { pushes, ...tools }: FollowTools & { readonly pushes: readonly FirstPush[] },
  stop: Stop,
): Promise<ReadonlyMap<string, Promise<unknown>>> {
  const following = new Map<string, Promise<unknown>>();
  for (const { repo, session } of pushes) {
    const [verdict] = await followAgain(world, order, tools, stop, [session]);
    if (verdict) following.set(repo, verdict);
  }
  return following;
}
