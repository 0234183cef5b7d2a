import type { Repo, User } from '../model.ts';
import { onMovedRefs } from '../runs/on-moved-refs.ts';
import type { World } from '../world.ts';
import { zeroSha } from './git.ts';

/** Moves a ref from inside the server and starts what a push would start. */
export async function moveRef(
  world: World,
  repo: Repo,
  { ref, to, by }: { ref: string; to: string; by: User },
): Promise<void> {
  const before = (await world.git.ask(repo.gitDir, ['rev-parse', '--verify', '-q', ref])) ?? zeroSha;
  await world.git.must(repo.gitDir, ['update-ref', ref, to]);
  onMovedRefs(world, repo, by, [{ ref, before, after: to }]);
}
