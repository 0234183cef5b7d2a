import type { Repo } from '../domain/repo.ts';
import type { RepoView } from '../ledger/views.ts';
import { callForVisit } from '../rules/call-for-visit.ts';
import { orderVisits } from '../rules/order-visits.ts';
import { currentFingerprint } from '../session/current-fingerprint.ts';
import type { OpenWorld, RunOrder } from './run-world.ts';

/** One repository as the next cycle would treat it; keys as `--json` prints them. */
export interface CandidateRow {
  readonly repo: string;
  readonly visit: boolean;
  readonly why: string;
  readonly land: string;
  readonly task_cap: number;
  readonly agent: string;
}

/** The ranked candidates of a cycle: what it would visit and why, and what it would leave alone. Starts no agent. */
export async function candidates(
  world: OpenWorld,
  order: Pick<RunOrder, 'optionsFor'>,
  repos: readonly Repo[],
): Promise<readonly CandidateRow[]> {
  const views = new Map((await world.ledger.repos()).map((view) => [view.name, view]));
  const reached = new Map<string, string>();
  const rows: CandidateRow[] = [];
  for (const repo of ranked(repos, views)) {
    const options = await order.optionsFor(repo);
    const why = await judge(world, { repo, options }, views.get(repo.name), reached);
    rows.push({
      repo: repo.name,
      ...why,
      land: options.land,
      task_cap: options.tasks_per_repo,
      agent: options.agent,
    });
  }
  return rows;
}

/** The order of a cycle. */
export function ranked(repos: readonly Repo[], views: ReadonlyMap<string, RepoView>): readonly Repo[] {
  const known = repos.map((repo) => {
    const view = views.get(repo.name);
    return { repo, ciRed: view?.ci === 'red', operatorTasks: 0, lastVisit: view?.lastVisit };
  });
  return orderVisits(known).map(({ repo }) => repo);
}

async function judge(
  world: OpenWorld,
  due: { repo: Repo; options: Awaited<ReturnType<RunOrder['optionsFor']>> },
  view: RepoView | undefined,
  reached: Map<string, string>,
): Promise<{ visit: boolean; why: string }> {
  const identified = await world.mirrors.identify(due.repo);
  if (!identified.ok) return { visit: false, why: identified.failure.message };
  const identity = identified.value;
  const twin = reached.get(identity.gitDir);
  if (twin !== undefined)
    return { visit: false, why: `the same repository as ${twin}, reached by another path` };
  reached.set(identity.gitDir, due.repo.name);
  const quiet = view?.lastState === 'no_work';
  const signals = callForVisit({
    lastState: view?.lastState,
    ci: view?.ci,
    failures: view?.failures ?? 0,
    quietFingerprint: view?.quietFingerprint,
    fingerprint: quiet ? await currentFingerprint(world, { ...due, identity }) : undefined,
  });
  return { visit: signals.length > 0, why: signals.join('; ') || 'no signal' };
}
