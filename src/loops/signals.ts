import type { Options } from '../config/options.ts';
import type { Identity, Repo } from '../domain/repo.ts';
import { type Instant, isoUtc } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OperatorTaskView, RepoView } from '../ledger/views.ts';
import type { World } from '../ports/world.ts';
import { backOff } from '../rules/back-off.ts';
import { callForVisit, whyNoSignal } from '../rules/call-for-visit.ts';
import { currentFingerprint } from '../session/current-fingerprint.ts';
import { isHeld } from './land-accepted.ts';
import { waitsToLand } from './land-waiting.ts';

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
  /** Why it is left alone, when nothing calls for a visit. */
  readonly whyNot: string;
}

export interface SignalsAbout {
  readonly repo: Repo;
  readonly identity: Identity;
  readonly options: Options;
  readonly view: RepoView | undefined;
  readonly asked: readonly OperatorTaskView[];
  /** When the run began; undefined: nobody runs, a person only asks. A failed visit of this run is paused after. */
  readonly runBegan?: Instant | undefined;
}

export async function gatherSignals(
  world: Pick<World, 'mirrors' | 'prompts' | 'clock'> & { readonly ledger: Pick<Ledger, 'session'> },
  about: SignalsAbout,
): Promise<Signals> {
  const { view, asked } = about;
  const quiet = view?.lastState === 'no_work';
  const known = {
    lastState: view?.lastState,
    ci: view?.ci,
    failures: view?.failures ?? 0,
    quietFingerprint: view?.quietFingerprint,
    fingerprint: quiet ? await currentFingerprint(world, about) : undefined,
    held: await whatIsHeld(world.ledger, view),
    restsUntil: restOf(view, about.runBegan, world.clock.now()),
  };
  const found = callForVisit(known);
  const signals = [...asked.map((task) => `a person asks: ${task.title}`), ...found];
  return { signals, onlyAsked: asked.length > 0 && found.length === 0, whyNot: whyNoSignal(known) };
}

async function whatIsHeld(
  ledger: Pick<Ledger, 'session'>,
  view: RepoView | undefined,
): Promise<string | undefined> {
  if (view?.lastState !== 'blocked' || view.lastSession === undefined) return undefined;
  const session = await ledger.session(view.lastSession);
  if (!session) return undefined;
  if (isHeld(session)) return `waits for you: clone review ${session.id}`;
  return waitsToLand(session) ? `verified work waits to land: ${session.why}` : undefined;
}

/** Failed visits of one run are paused after, longer each time; a new run is a person's doing and starts afresh. */
function restOf(view: RepoView | undefined, runBegan: Instant | undefined, now: Instant): string | undefined {
  if (view?.lastVisit === undefined || runBegan === undefined || view.lastVisit < runBegan) return undefined;
  const until = view.lastVisit + backOff(view.failures);
  return view.failures > 0 && now < until ? isoUtc(until) : undefined;
}
