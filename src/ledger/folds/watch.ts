import type { FactOf, LedgerEvent } from '../../domain/fact.ts';
import type { WatchView } from '../views.ts';
import { appended, cut } from './bounds.ts';
import { type Fold, missing } from './fold.ts';

const mostRuns = 50;
const mostSignatures = 20;

/** A pushed commit on its way to a verdict; its key is `repo@sha`. */
export const watchFold: Fold<WatchView> = {
  touches: (event) =>
    'sha' in event && event.repo !== undefined && matters.has(event.type)
      ? [`${event.repo}@${event.sha}`]
      : [],
  fold: (view, event) => (event.type === 'watch-started' ? started(event) : view && next(view, event)),
  columns: (view) => ({ run: view.run, repo: view.repo, state: view.state }),
};

const matters: ReadonlySet<string> = new Set([
  'watch-started',
  'watch-saw',
  'ci-rerun-asked',
  'ci-failure-read',
  'fix-started',
  'fix-failed',
  'watch-ended',
]);

/** The signatures of every failure read on a landing and its fixes; its key is the session. */
export const signaturesFold: Fold<readonly string[]> = {
  touches: (event) =>
    event.type === 'ci-failure-read' && event.session !== undefined ? [event.session] : [],
  fold: (view, event) =>
    event.type === 'ci-failure-read' ? appended(view ?? [], event.signature, mostSignatures) : view,
  columns: () => ({}),
};

function started(event: FactOf<'watch-started'> & { at: number; seq: number }): WatchView {
  return {
    repo: event.repo ?? missing(event, 'a repo'),
    sha: event.sha,
    parent: event.parent,
    branch: event.branch,
    slug: event.slug,
    session: event.session ?? missing(event, 'a session'),
    run: event.run ?? missing(event, 'a run'),
    cycle: event.cycle ?? 0,
    attempt: event.attempt,
    takesBack: event.takesBack,
    expected: event.expected,
    startedAt: event.at,
    state: 'pending',
    runs: [],
    rerunAsked: false,
    signatures: [],
    fixesBegun: 0,
    why: cut(event.expected.why),
    url: undefined,
    endedAt: undefined,
  };
}

function next(view: WatchView, event: LedgerEvent): WatchView {
  switch (event.type) {
    case 'watch-saw':
      return { ...view, runs: event.runs.slice(-mostRuns) };
    case 'ci-rerun-asked':
      return { ...view, rerunAsked: true };
    case 'ci-failure-read':
      return { ...view, signatures: appended(view.signatures, event.signature, mostSignatures) };
    case 'fix-started':
      return { ...view, state: 'fixing', fixesBegun: (view.fixesBegun ?? 0) + 1 };
    case 'fix-failed':
      return { ...view, why: cut(event.why) };
    case 'watch-ended':
      return { ...view, state: event.verdict, why: cut(event.why), url: event.url, endedAt: event.at };
    default:
      return view;
  }
}
