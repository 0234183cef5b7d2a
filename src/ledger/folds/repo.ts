import type { FactOf, LedgerEvent } from '../../domain/fact.ts';
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
  'session-queued',
  'session-moved',
  'landed',
  'turn-started',
  'watch-started',
  'fix-started',
  'watch-ended',
]);

function unknownRepo(name: string): RepoView {
  return {
    name,
    path: '',
    branch: '',
    lastSession: undefined,
    lastState: undefined,
    lastVisit: undefined,
    fingerprint: undefined,
    quietFingerprint: undefined,
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
      return { ...view, path: event.path, branch: event.branch, fingerprint: event.fingerprint };
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
        skippedWhy: undefined,
        skippedAt: undefined,
        nextDue: undefined,
      };
    case 'session-moved':
      return moved(view, event);
    case 'landed':
      return event.mode === 'hold' ? view : landedOn(view, event);
    case 'turn-started':
      return event.kind === 'cleanup' ? { ...view, landedSinceCleanup: 0 } : view;
    case 'watch-started':
      return { ...view, ci: 'pending', ciSha: event.sha };
    case 'fix-started':
      return { ...view, ci: 'fixing' };
    case 'watch-ended':
      return judged(view, event);
    default:
      return view;
  }
}

/** Commits that a cleanup came after, in the same landing, are tidied. */
function landedOn(view: RepoView, { commits }: FactOf<'landed'>): RepoView {
  const cleanup = commits.findLastIndex(({ task }) => task === 'cleanup');
  const untidied = cleanup < 0 ? view.landedSinceCleanup + commits.length : commits.length - 1 - cleanup;
  return { ...view, quietVisits: 0, failures: 0, landedSinceCleanup: untidied };
}

function moved(view: RepoView, event: FactOf<'session-moved'>): RepoView {
  const known = event.session === view.lastSession ? { ...view, lastState: event.to } : view;
  const quiet = { quietVisits: known.quietVisits + 1 };
  switch (event.to) {
    case 'no_work':
      return { ...known, ...quiet, failures: 0, quietFingerprint: known.fingerprint };
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

/** A limit, a budget or a person who has not answered yet says nothing about the repository. */
function blamesTheRepo({ blockedBy }: FactOf<'session-moved'>): boolean {
  return blockedBy !== 'human' && blockedBy !== 'limit' && blockedBy !== 'budget';
}

/** The verdict on the commit that is watched; that of an earlier one counts only when it settles the later one. */
function judged(view: RepoView, event: FactOf<'watch-ended'>): RepoView {
  const settled = event.verdict === 'fixed' || event.verdict === 'reverted';
  return event.sha === view.ciSha || settled ? { ...view, ci: event.verdict } : view;
}
