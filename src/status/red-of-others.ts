import type { BranchCi } from '../domain/ci.ts';
import type { RepoView } from '../ledger/views.ts';
import { redBranch } from '../rules/signals/branch-ci.ts';
import { oneLine } from './one-line.ts';

/** What CI says of a branch that somebody else pushed to, when that is red and nothing of ours is on its way. */
export function redOfOthers(view: RepoView): BranchCi | undefined {
  const { ci, branchCi } = view;
  if (branchCi === undefined || ci === 'pending' || ci === 'fixing') return undefined;
  return redBranch(view) === undefined ? undefined : branchCi;
}

/** The names of jobs are anybody's words. */
export function redOfOthersWords({ sha, why, url }: BranchCi): string {
  const where = url === undefined ? '' : ` (${url})`;
  return oneLine(
    `CI is red on ${sha?.slice(0, 12) ?? 'the branch'}, which somebody else pushed: ${why}${where}`,
  );
}

/** The last visit knew that this very commit is red and found nothing to do: the next comes with the next push. */
export function wasLeftRed({ lastState, seen, branchCi }: RepoView): boolean {
  return lastState === 'no_work' && branchCi?.sha !== undefined && seen?.ci === `red ${branchCi.sha}`;
}
