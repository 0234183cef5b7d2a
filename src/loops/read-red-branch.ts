import type { Identity } from '../domain/repo.ts';
import type { RepoView } from '../ledger/views.ts';
import { runsOfBranch } from '../rules/ci/judge-branch.ts';
import { meaningOf } from '../rules/ci/judge-runs.ts';
import { newestRuns } from '../rules/ci/newest-runs.ts';
import { redBranch } from '../rules/signals/branch-ci.ts';
import type { RedCi } from '../session/visit.ts';
import { readJobs } from './judge-red-ci.ts';
import { branchDue, lookAtBranch } from './look-at-branches.ts';
import { readCiFailure } from './read-ci-failure.ts';
import type { RunWorld } from './run-world.ts';
import type { Surroundings } from './surroundings.ts';

/** A prompt of a visit has more to say than the log: less of it than a fix pass is told. */
const mostBytes = 12 * 1024;

/**
 * Reads what is red on the branch of a repository, just before it is visited for that. `over`: it is red no longer, and
 * the ledger knows; undefined: it cannot be read, and the visit has to find out by itself.
 */
export async function readRedBranch(
  world: Pick<RunWorld, 'forge' | 'clock' | 'ledger' | 'redact'>,
  { pushed }: Pick<Surroundings, 'pushed'>,
  { view, identity }: { view: RepoView; identity: Identity },
  stop: AbortSignal,
): Promise<RedCi | 'over' | undefined> {
  const { forge } = world;
  const { remoteUrl, branch } = identity;
  const slug = remoteUrl === undefined ? undefined : forge?.slugOf(remoteUrl);
  const red = redBranch(view);
  if (!forge || slug === undefined || !red) return undefined;
  const found = await forge.runsOf(slug, red.sha, { searchHarder: false });
  if (!found.ok) return undefined;
  const runs = newestRuns(runsOfBranch(found.value, branch), branch);
  const failed = runs.filter((run) => run.status === 'completed' && meaningOf(run.conclusion) === 'red');
  if (runs.length > 0 && failed.length === 0) {
    const pushedAt = pushed?.get(slug.toLowerCase());
    const news = pushedAt === undefined ? { is: 'untold' as const } : { is: 'told' as const, pushedAt };
    await lookAtBranch({ ...world, forge }, branchDue(view, { branch, slug, news }));
    return 'over';
  }
  const jobs = await readJobs({ forge }, slug, failed);
  if (!jobs.ok || jobs.red.length === 0) return undefined;
  const what = { slug, red: jobs.red, mostBytes };
  const failures = await readCiFailure({ forge, redact: world.redact }, what, stop);
  return failures && { sha: red.sha, failures };
}
