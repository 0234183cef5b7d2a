import type { BlockedBy } from '../domain/failure.ts';
import type { Repo } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RepoView } from '../ledger/views.ts';
import type { LocalState } from '../ports/discovery.ts';
import type { World } from '../ports/world.ts';
import { orderVisits } from '../rules/order-visits.ts';
import { redBranch } from '../rules/signals/branch-ci.ts';
import type { Leave } from '../rules/signals/judge-repo.ts';
import { gatherIssues } from './gather-issues.ts';
import { lookAtBranches } from './look-at-branches.ts';
import { lookAtAll, slugsOf } from './look-at-repos.ts';
import { outOfWindow } from './out-of-window.ts';
import type { RunOrder } from './run-world.ts';
import { type Gathered, gatherSignals } from './signals.ts';
import { type AroundWhat, lookAround, type Surroundings, type WithIssues } from './surroundings.ts';
import { twinsOf, twinWords } from './twins.ts';

/** A repository that is left alone, and why. */
export interface Left {
  readonly repo: string;
  readonly why: string;
  readonly nextDue?: Instant | undefined;
  /** What work that is done, or the visit itself, waits for. */
  readonly blockedBy?: BlockedBy | undefined;
}

/** The portfolio, sorted out by reading files. */
export interface Survey {
  /** What holds for all of them. */
  readonly around: WithIssues;
  /** What may be worth a visit, in the order of the cycle. */
  readonly worth: readonly Repo[];
  readonly left: readonly Left[];
  /** What the forge said of our token when it did not accept it, and one of them is there; undefined: it is accepted. */
  readonly tokenRefused: string | undefined;
}

type SurveyWorld = Pick<World, 'mirrors' | 'clock' | 'forge' | 'discovery' | 'prompts'> & {
  readonly ledger: Ledger;
};

/** Looks at the whole portfolio and sorts it out. Starts nothing. */
export async function survey(
  world: SurveyWorld,
  order: Pick<RunOrder, 'options' | 'optionsFor' | 'only'>,
  { repos, ...about }: { repos: readonly Repo[] } & Omit<AroundWhat, 'only'>,
): Promise<Survey> {
  const known = await lookAround(world, { ...about, only: order.only });
  const looked = await lookAtAll(world, known.views, repos);
  const slugs = slugsOf(world, looked);
  const issues = await gatherIssues(world, order, repos, slugs);
  const twins = twinsOf(looked.map(({ repo, state }) => ({ name: repo.name, gitDir: state?.gitDir })));
  const own = looked.filter(({ repo }) => !twins.has(repo.name));
  const views = await lookAtBranches(world, known, own, { slugs, options: order.options });
  const around = { ...known, views, issues };
  const worth: Repo[] = [];
  const left: Left[] = [];
  for (const { repo, state } of looked) {
    const leave = await whyLeave(world, order, around, { repo, state, twin: twins.get(repo.name) });
    if (leave === undefined) worth.push(repo);
    else left.push(leave);
  }
  const tokenRefused = slugs.size > 0 ? around.tokenRefused : undefined;
  return { around, worth: ranked(worth, around), left, tokenRefused };
}

async function whyLeave(
  world: SurveyWorld,
  order: Pick<RunOrder, 'options' | 'optionsFor'>,
  around: WithIssues,
  { repo, state, twin }: { repo: Repo; state: LocalState | undefined; twin: string | undefined },
): Promise<Left | undefined> {
  if (twin !== undefined) return { repo: repo.name, why: twinWords(twin) };
  // Nothing there, or nothing that can be used: whoever gets its turn finds out more.
  const view = around.views.get(repo.name);
  if (state === undefined || view?.refused) return undefined;
  const window = outOfWindow(world, around, { repo, state }, order.options);
  if (window !== undefined) return { repo: repo.name, why: window };
  const { judgement } = await judge(world, order, around, { repo, state, view });
  return judgement.verdict.is === 'leave' ? leftFor(repo, judgement.verdict) : undefined;
}

/** A repository that is left alone as it was judged. */
export function leftFor({ name: repo }: Repo, { why, nextDue, blockedBy }: Leave): Left {
  return { repo, why, nextDue, blockedBy };
}

function judge(
  world: SurveyWorld,
  order: Pick<RunOrder, 'options' | 'optionsFor'>,
  around: WithIssues,
  about: { repo: Repo; state: LocalState; view: RepoView | undefined },
): Promise<Gathered> {
  const { repo } = about;
  return gatherSignals(
    world,
    around,
    {
      ...about,
      asked: around.asked.get(repo.name) ?? [],
      issues: around.issues.get(repo.name),
      options: order.options,
      optionsOf: () => order.optionsFor(repo),
    },
    { mayAsk: false },
  );
}

/** The order of a cycle. */
export function ranked(
  repos: readonly Repo[],
  { views, asked }: Pick<Surroundings, 'views' | 'asked'>,
): readonly Repo[] {
  const candidates = repos.map((repo) => {
    const view = views.get(repo.name);
    return {
      repo,
      ciRed: view !== undefined && redBranch(view) !== undefined,
      operatorTasks: asked.get(repo.name)?.length ?? 0,
      lastVisit: view?.lastVisit,
    };
  });
  return orderVisits(candidates).map(({ repo }) => repo);
}
