import type { World } from '../ports/world.ts';
import { keyOfCompaction } from '../rules/compaction-workspace.ts';

/**
 * Removes the workspaces of compactions that died. Nothing in them cannot be made again, and whoever is at work in one
 * holds the lease of its repository.
 */
export async function sweepCompactions(
  world: Pick<World, 'mirrors' | 'leases'>,
  order: { readonly run: string },
): Promise<void> {
  for (const name of world.mirrors.workspaces()) {
    const key = keyOfCompaction(name);
    if (key === undefined) continue;
    const holder = `run ${order.run}, clearing up after a compaction`;
    const taken = await world.leases.acquire(key, holder, { run: order.run });
    if (!taken.ok) continue;
    await using lease = taken.value;
    if (!lease.lost.aborted) await world.mirrors.discardWorkspace(name);
  }
}
