import type { Repo } from '../domain/repo.ts';
import type { OperatorTaskView, RepoView } from '../ledger/views.ts';
import { orderVisits } from '../rules/order-visits.ts';
import { outOfWindow } from './out-of-window.ts';
import type { OpenWorld, RunOrder } from './run-world.ts';
import { gatherSignals, whatPeopleAsked } from './signals.ts';
import { twinsOf, twinWords } from './twins.ts';

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
  order: Pick<RunOrder, 'optionsFor' | 'only'>,
  repos: readonly Repo[],
): Promise<readonly CandidateRow[]> {
  const views = new Map((await world.ledger.repos()).map((view) => [view.name, view]));
  const twins = await twinsOf(world, repos);
  const rows: CandidateRow[] = [];
  const asked = await whatPeopleAsked(world.ledger);
  for (const repo of ranked(repos, views, asked)) {
    const options = await order.optionsFor(repo);
    const known: Known = {
      view: views.get(repo.name),
      twin: twins.get(repo.name),
      named: order.only.length > 0,
      wanted: asked.get(repo.name) ?? [],
    };
    const why = await judge(world, { repo, options }, known);
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
export function ranked(
  repos: readonly Repo[],
  views: ReadonlyMap<string, RepoView>,
  asked: ReadonlyMap<string, readonly OperatorTaskView[]>,
): readonly Repo[] {
  const known = repos.map((repo) => {
    const view = views.get(repo.name);
    return {
      repo,
      ciRed: view?.ci === 'red',
      operatorTasks: asked.get(repo.name)?.length ?? 0,
      lastVisit: view?.lastVisit,
    };
  });
  return orderVisits(known).map(({ repo }) => repo);
}

interface Known {
  readonly view: RepoView | undefined;
  readonly twin: string | undefined;
  /** The person named it on the command line. */
  readonly named: boolean;
  readonly wanted: readonly OperatorTaskView[];
}

async function judge(
  world: OpenWorld,
  due: { repo: Repo; options: Awaited<ReturnType<RunOrder['optionsFor']>> },
  { view, twin, named, wanted }: Known,
): Promise<{ visit: boolean; why: string }> {
  if (twin !== undefined) return { visit: false, why: twinWords(twin) };
  const identified = await world.mirrors.identify(due.repo);
  if (!identified.ok) return { visit: false, why: identified.failure.message };
  const identity = identified.value;
  const days = due.options.activity_window_days;
  const leftAlone = named ? undefined : await outOfWindow(world, due.repo, days);
  if (leftAlone !== undefined) return { visit: false, why: leftAlone };
  const { signals, whyNot } = await gatherSignals(world, { ...due, identity, view, asked: wanted });
  return { visit: signals.length > 0, why: signals.join('; ') || whyNot };
}
