import { handOf, type RemoteLook } from '../domain/fingerprint.ts';
import type { Repo } from '../domain/repo.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { World } from '../ports/world.ts';
import type { Observed } from '../rules/signals/observed.ts';

/**
 * Asks a remote for the tip of the branch, by bringing our mirror up to date, and records what it said. `refused`: it
 * wants a right that we lack.
 */
export async function askRemote(
  world: Pick<World, 'mirrors' | 'clock'> & { readonly ledger: Pick<Ledger, 'record'> },
  repo: Repo,
  { observed, before }: { observed: Observed; before: RemoteLook | undefined },
): Promise<RemoteLook & { readonly refused: boolean }> {
  const identified = await world.mirrors.identify(repo);
  const synced = identified.ok ? await world.mirrors.sync(identified.value) : identified;
  const told = observed.remote.is === 'told' ? observed.remote.pushedAt : undefined;
  const hand = handOf(observed.parts);
  const tip = synced.ok ? synced.value.tip : undefined;
  const problem = synced.ok ? undefined : synced.failure.message;
  await world.ledger.record({ type: 'remote-asked', repo: repo.name, tip, pushedAt: told, hand, problem });
  return {
    tip: tip ?? before?.tip,
    pushedAt: synced.ok ? told : before?.pushedAt,
    askedAt: world.clock.now(),
    asks: (before?.asks ?? 0) + 1,
    hand,
    problem,
    refused: !synced.ok && synced.failure.kind === 'access',
  };
}
