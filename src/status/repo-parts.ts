import type { CiState } from '../domain/ci.ts';
import type { Repo } from '../domain/repo.ts';
import { isEnd } from '../domain/session-state.ts';
import type { RepoView } from '../ledger/views.ts';
import { isoOrNull } from './instants.ts';
import { redOfOthers, redOfOthersWords } from './red-of-others.ts';
import type { RepoPart, WorkerPart } from './report.ts';
import type { Situation } from './situation.ts';

/** Every repository of the portfolio, in its order: where it stands, and why. */
export function repoParts(situation: Situation, workers: readonly WorkerPart[]): readonly RepoPart[] {
  const busy = new Set(workers.map(({ repo }) => repo));
  return situation.question.portfolio.map((repo) => {
    const view = situation.repos.get(repo.name);
    return {
      name: repo.name,
      path: repo.path,
      branch: repo.branch === '' ? (view?.branch ?? '') : repo.branch,
      state: stateOf(repo, view, busy),
      last_session: view?.lastSession ?? null,
      last_visit: isoOrNull(view?.lastVisit),
      ci: (view && newestCi(view)) ?? null,
      next_due: isoOrNull(view?.nextDue),
      why: [whyOf(repo, view, situation), redWords(repo, view)].filter((words) => words !== '').join('; '),
    };
  });
}

function stateOf(repo: Repo, view: RepoView | undefined, busy: ReadonlySet<string>): string {
  if (busy.has(repo.name)) return 'working';
  if (repo.ignored) return 'ignored';
  if (repo.missing) return 'missing';
  if (view?.lastState === undefined) return 'never_touched';
  if (view.ci === 'pending' || view.ci === 'fixing') return 'waiting_for_ci';
  if (view.lastState === 'cleaned' || view.lastState === 'pushed') return 'landed';
  return isEnd(view.lastState) ? view.lastState : 'left_open';
}

/** What is watched comes first; else the newest word on the branch, whoever pushed; a landing that nobody could watch says so. */
function newestCi({ ci, branchCi, landed }: RepoView): CiState | undefined {
  if (ci === 'pending' || ci === 'fixing') return ci;
  return branchCi?.state ?? ci ?? (landed === undefined ? undefined : 'not_watched');
}

function redWords(repo: Repo, view: RepoView | undefined): string {
  if (view === undefined || repo.ignored || repo.missing) return '';
  const red = redOfOthers(view);
  return red === undefined ? '' : redOfOthersWords(red);
}

function whyOf(repo: Repo, view: RepoView | undefined, { open, blocked }: Situation): string {
  if (repo.ignored) return 'ignored in repos.yaml';
  if (repo.missing) return `nothing was found at ${repo.path}`;
  if (view === undefined || view.lastSession === undefined) return view?.skippedWhy ?? 'never touched';
  if (view.skippedWhy !== undefined) return view.skippedWhy;
  const session = [...open, ...blocked].find(({ id }) => id === view.lastSession);
  if (session !== undefined) return session.why ?? session.calledBy;
  if (view.failures > 0)
    return `${view.failures} failed ${view.failures === 1 ? 'visit' : 'visits'} in a row`;
  if (view.quietVisits > 0) return 'nothing to do at the last visit';
  return '';
}
