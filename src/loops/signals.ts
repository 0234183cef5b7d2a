import type { Options } from '../config/options.ts';
import type { Identity, Repo } from '../domain/repo.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OperatorTaskView, RepoView } from '../ledger/views.ts';
import type { World } from '../ports/world.ts';
import { callForVisit } from '../rules/call-for-visit.ts';
import { currentFingerprint } from '../session/current-fingerprint.ts';

/** What people asked for and nobody works on yet, by repository; the most urgent first. */
export async function whatPeopleAsked(
  ledger: Pick<Ledger, 'operatorTasks'>,
): Promise<ReadonlyMap<string, readonly OperatorTaskView[]>> {
  return Map.groupBy(await ledger.operatorTasks({ states: ['queued'] }), (task) => task.repo);
}

/** Why a repository is worth a visit now, found by plain code. Nothing found: no token is spent. */
export interface Signals {
  readonly signals: readonly string[];
  /** True: people asked for work, and nothing else calls for the visit. */
  readonly onlyAsked: boolean;
}

export async function gatherSignals(
  world: Pick<World, 'mirrors' | 'prompts'>,
  due: { repo: Repo; identity: Identity; options: Options },
  known: { view: RepoView | undefined; asked: readonly OperatorTaskView[] },
): Promise<Signals> {
  const { view, asked } = known;
  const quiet = view?.lastState === 'no_work';
  const found = callForVisit({
    lastState: view?.lastState,
    ci: view?.ci,
    failures: view?.failures ?? 0,
    quietFingerprint: view?.quietFingerprint,
    fingerprint: quiet ? await currentFingerprint(world, due) : undefined,
  });
  const signals = [...asked.map((task) => `a person asks: ${task.title}`), ...found];
  return { signals, onlyAsked: asked.length > 0 && found.length === 0 };
}
