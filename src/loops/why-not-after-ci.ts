import type { Repo } from '../domain/repo.ts';
import { isDraining, type Stop } from '../session/visit.ts';
import type { RunWorld } from './run-world.ts';

const later = 'its first visit waits for the next cycle';

/**
 * Waits for the verdict of the first push of a repository that this cycle made; holds no worker. Answers why it is not
 * visited now all the same, if it is not.
 */
export async function whyNotAfterCi(
  { ledger }: Pick<RunWorld, 'ledger'>,
  { repo, verdict }: { repo: Repo; verdict: Promise<unknown> },
  stop: Stop,
): Promise<string | undefined> {
  await Promise.allSettled([verdict]);
  if (isDraining(stop)) return `the run is stopping; ${later}`;
  const open = await ledger.watches({ repo: repo.name, open: true });
  if (open.length > 0) return `the verdict of its CI is not known yet; ${later}`;
  const ci = (await ledger.repo(repo.name))?.ci;
  return ci === 'timeout' ? `its CI gave no verdict in time; ${later}` : undefined;
}
