import type { BranchCi, CiState } from '../../domain/ci.ts';
import type { RemoteLook } from '../../domain/fingerprint.ts';
import type { Sha } from '../../domain/repo.ts';
import { type Instant, minutes } from '../../domain/time.ts';
import type { RedBranch, RemoteNews } from './observed.ts';

/** What the ledger knows of a branch and its CI. */
export interface BranchKnown {
  readonly ci: CiState | undefined;
  /** The last commit of ours that was watched. */
  readonly ciSha: Sha | undefined;
  readonly branchCi?: BranchCi | undefined;
  readonly landed?: Sha | undefined;
  readonly landedAt?: Instant | undefined;
  readonly remote?: RemoteLook | undefined;
}

/** The newest word on the branch: that on somebody else's push, else that on our own landing. */
export function redBranch({ ci, ciSha, branchCi }: BranchKnown): RedBranch | undefined {
  if (branchCi === undefined)
    return ci === 'red' && ciSha !== undefined ? { sha: ciSha, jobs: [] } : undefined;
  const { state, sha, jobs } = branchCi;
  return state === 'red' && sha !== undefined ? { sha, jobs } : undefined;
}

/** The tip of the branch; undefined: somebody pushed since it was asked for. */
export function tipNow(look: RemoteLook | undefined, news: RemoteNews): Sha | undefined {
  return news.is === 'told' && news.pushedAt !== look?.pushedAt ? undefined : look?.tip;
}

/**
 * Whether CI has to be asked about the branch: somebody else pushed, and their verdict is not known yet. A repository
 * that was never visited has its reason already; a commit of ours is watched, and is not asked about twice.
 */
export function asksBranchCi(known: BranchKnown, news: RemoteNews): boolean {
  const { remote: look, branchCi, ciSha } = known;
  if (look === undefined || news.is === 'none') return false;
  const isOpen = branchCi === undefined || branchCi.state === 'pending';
  const tip = tipNow(look, news);
  if (tip === undefined) {
    if (news.is !== 'told' || isOurPush(known, look)) return false;
    return isOpen || branchCi.pushedAt !== news.pushedAt;
  }
  if (tip === ciSha) return false;
  if (isOpen) return true;
  if (branchCi.tip !== undefined) return branchCi.tip !== tip;
  const isAsOfThen = look.pushedAt !== undefined && branchCi.pushedAt === look.pushedAt;
  return branchCi.sha !== tip && !isAsOfThen;
}

/** A landing of ours is a push too; the next visit finds out whether there was another. */
function isOurPush({ landed, landedAt = 0 }: BranchKnown, look: RemoteLook): boolean {
  return landed !== undefined && landed !== look.tip && landedAt > look.askedAt - aroundLanding;
}

/** The shortening of a memory is told of before the look that ends it. */
const aroundLanding = minutes(1);
