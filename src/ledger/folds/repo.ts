import { workOf } from '../../domain/change.ts';
import type { BranchCi } from '../../domain/ci.ts';
import type { FactOf, LedgerEvent } from '../../domain/fact.ts';
import { handOf, type RemoteLook } from '../../domain/fingerprint.ts';
import { isEnd, type SessionState } from '../../domain/session-state.ts';
import type { Instant } from '../../domain/time.ts';
import type { RepoView } from '../views.ts';
import { cut } from './bounds.ts';
import type { Fold } from './fold.ts';

/** What we know of a repository from its visits: when it is its turn again follows from this. */
export const repoFold: Fold<RepoView> = {
  touches(event) {
    if (event.type === 'repos-skipped') return event.skipped.map(({ repo }) => repo);
    return event.repo !== undefined && matters.has(event.type) ? [event.repo] : [];
  },
  fold(view, event, key) {
    const known = view ?? unknownRepo(key);
    const after = next(known, event, key);
    return after === known ? view : after;
  },
  columns: (view) => ({ repo: view.name, state: view.lastState }),
};

const matters: ReadonlySet<string> = new Set([
  'repo-seen',
  'remote-asked',
  'session-queued',
  'session-moved',
  'landed',
  'memory-compacted',
  'turn-started',
  'watch-started',
  'fix-started',
  'watch-ended',
  'branch-ci-seen',
]);

function unknownRepo(name: string): RepoView {
  return {
    name,
    path: '',
    branch: '',
    lastSession: undefined,
    lastState: undefined,
    lastVisit: undefined,
    seen: undefined,
    remote: undefined,
    quietVisits: 0,
    failures: 0,
    landedSinceCleanup: 0,
    ci: undefined,
    ciSha: undefined,
    skippedWhy: undefined,
    skippedAt: undefined,
    nextDue: undefined,
  };
}

function next(view: RepoView, event: LedgerEvent, key: string): RepoView {
  switch (event.type) {
    case 'repo-seen':
      return seen(view, event);
    case 'remote-asked':
      return { ...view, remote: asked(view, event) };
    case 'repos-skipped': {
      const skip = event.skipped.find(({ repo }) => repo === key);
      return {
        ...view,
        skippedWhy: skip && cut(skip.why, 500),
        skippedAt: event.at,
        nextDue: skip?.nextDue,
      };
    }
    case 'session-queued':
      return {
        ...view,
        path: event.path,
        lastSession: event.session,
        lastState: 'queued',
        lastVisit: event.at,
        lastWhy: undefined,
        blockedBy: undefined,
        skippedWhy: undefined,
        skippedAt: undefined,
        nextDue: undefined,
      };
    case 'session-moved':
      return moved(view, event);
    case 'landed':
      return event.mode === 'hold' ? view : landedOn(view, event);
    case 'memory-compacted':
      return { ...view, landed: event.commit, landedAt: event.at };
    case 'turn-started':
      return event.kind === 'cleanup' ? { ...view, landedSinceCleanup: 0 } : view;
    case 'watch-started':
      return { ...view, ci: 'pending', ciSha: event.sha };
    case 'fix-started':
      return { ...view, ci: 'fixing' };
    case 'watch-ended':
      return judged(view, event);
    case 'branch-ci-seen':
      return { ...view, branchCi: branchSeen(view, event) };
    default:
      return view;
  }
}

/** A visit asks the remote too. */
function seen(view: RepoView, event: FactOf<'repo-seen'> & { readonly at: Instant }): RepoView {
  const { path, branch, parts, pushedAt } = event;
  if (parts === undefined) return { ...view, path, branch };
  const remote = {
    tip: parts.commits,
    pushedAt,
    askedAt: event.at,
    asks: 0,
    hand: handOf(parts),
    problem: undefined,
  };
  return { ...view, path, branch, seen: parts, remote };
}

function asked(view: RepoView, event: FactOf<'remote-asked'> & { readonly at: Instant }): RemoteLook {
  return {
    tip: event.tip ?? view.remote?.tip,
    pushedAt: event.tip === undefined ? view.remote?.pushedAt : event.pushedAt,
    askedAt: event.at,
    asks: (view.remote?.asks ?? 0) + 1,
    hand: event.hand,
    problem: event.problem,
  };
}

/** Commits that a cleanup came after, in the same landing, are tidied. */
function landedOn(
  view: RepoView,
  { sha, commits: all, at }: FactOf<'landed'> & { readonly at: Instant },
): RepoView {
  const commits = workOf(all);
  const cleanup = commits.findLastIndex(({ task }) => task === 'cleanup');
  const untidied = cleanup < 0 ? view.landedSinceCleanup + commits.length : commits.length - 1 - cleanup;
  const landed = { landed: sha, landedAt: at };
  return { ...view, ...landed, quietVisits: 0, failures: 0, landedSinceCleanup: untidied };
}

function moved(view: RepoView, event: FactOf<'session-moved'>): RepoView {
  const { to, blockedBy } = event;
  const last = event.session === view.lastSession;
  const lastWhy = event.why === undefined ? undefined : cut(event.why, 500);
  const refused = to === 'blocked' && view.lastState === 'queued';
  const known = withoutOldSkip(last ? { ...view, lastState: to, lastWhy, blockedBy, refused } : view, to);
  // A person's no is a decision, not a failure.
  if (last && to === 'rejected' && view.blockedBy === 'human') return known;
  const quiet = { quietVisits: known.quietVisits + 1 };
  switch (event.to) {
    case 'no_work':
      return { ...known, ...quiet, failures: 0 };
    case 'rejected':
    case 'failed':
      return { ...known, ...quiet, failures: known.failures + 1 };
    case 'blocked':
      return blamesTheRepo(event) ? { ...known, ...quiet, failures: known.failures + 1 } : known;
    case 'queued':
    case 'setup':
    case 'active':
    case 'completed_unreviewed':
    case 'accepted':
    case 'merged':
    case 'pushed':
    case 'cleaned':
    case 'skipped':
    case 'interrupted':
    case 'abandoned':
      return known;
  }
}

/** Why it was left out is over when the visit ends, or the decision comes, that stood in the way. */
function withoutOldSkip(view: RepoView, to: SessionState): RepoView {
  return isEnd(to) ? { ...view, skippedWhy: undefined } : view;
}

/** A limit, a budget or a person who has not answered yet says nothing about the repository. */
function blamesTheRepo({ blockedBy }: FactOf<'session-moved'>): boolean {
  return blockedBy !== 'human' && blockedBy !== 'limit' && blockedBy !== 'budget';
}

/** The verdict on the commit that is watched; that of an earlier one counts only when it settles the later one. */
function judged(view: RepoView, event: FactOf<'watch-ended'>): RepoView {
  // Red even with our commits taken back is still red.
  const settled = event.verdict === 'fixed' || (event.verdict === 'reverted' && view.ci !== 'red');
  if (event.sha !== view.ciSha && !settled) return view;
  // What CI says of our commit, on top of what somebody else pushed, is the newer word on the branch.
  const branchCi = tested.has(event.verdict) ? undefined : view.branchCi;
  return { ...view, ci: event.verdict, branchCi, skippedWhy: undefined };
}

const tested: ReadonlySet<string> = new Set(['green', 'fixed', 'red', 'reverted']);

/** The waiting for one verdict goes on as long as nobody pushes. */
function branchSeen(
  { branchCi: before }: RepoView,
  event: FactOf<'branch-ci-seen'> & { readonly at: Instant },
): BranchCi {
  const { sha, verdict: state, jobs, url, why, tip, pushedAt } = event;
  const goesOn = before?.state === 'pending' && before.pushedAt === pushedAt && before.tip === tip;
  const named = jobs.slice(0, mostJobs).map((job) => cut(job, 200));
  const since = goesOn ? before.since : event.at;
  return { sha, state, jobs: named, url, why: cut(why), since, tip, pushedAt };
}

const mostJobs = 10;
