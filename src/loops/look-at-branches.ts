import type { Options } from '../config/options.ts';
import type { BranchCi, CiRun } from '../domain/ci.ts';
import type { FactOf } from '../domain/fact.ts';
import type { Sha } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RepoView } from '../ledger/views.ts';
import type { Forge, ForgeFailure, Slug } from '../ports/forge.ts';
import type { World } from '../ports/world.ts';
import { classifyFailure } from '../rules/ci/classify-failure.ts';
import { failingNames } from '../rules/ci/failure-signature.ts';
import { judgeBranch } from '../rules/ci/judge-branch.ts';
import { asksBranchCi, tipNow } from '../rules/signals/branch-ci.ts';
import type { RemoteNews } from '../rules/signals/observed.ts';
import { readJobs } from './judge-red-ci.ts';
import type { Looked } from './look-at-repos.ts';
import { outOfWindow } from './out-of-window.ts';
import type { Surroundings } from './surroundings.ts';

type BranchWorld = Pick<World, 'forge' | 'clock'> & { readonly ledger: Pick<Ledger, 'record' | 'repo'> };

/** So many branches are asked about in one cycle, and so many at once. */
const mostBranches = 200;
const atOnce = 4;

/**
 * Asks CI about the branches that somebody else pushed to, one request each, and again in every cycle until there is a
 * verdict; while nobody pushes nothing is asked. Answers what is known of all repositories afterwards.
 */
export async function lookAtBranches(
  world: BranchWorld,
  around: Surroundings,
  looked: readonly Looked[],
  about: { slugs: ReadonlyMap<string, Slug>; options: Options },
): Promise<Surroundings['views']> {
  const { forge, ledger } = world;
  if (!forge) return around.views;
  const due = dueBranches(world, around, looked, about).slice(0, mostBranches);
  if (due.length === 0) return around.views;
  const views = new Map(around.views);
  let isTired = false;
  const next = async (): Promise<void> => {
    for (let one = due.shift(); one && !isTired; one = due.shift()) {
      const seen = await lookAtBranch({ ...world, forge }, one);
      isTired ||= seen === 'later';
      const view = seen === 'told' ? await ledger.repo(one.repo) : undefined;
      if (view) views.set(one.repo, view);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return views;
}

/** One branch to be asked about, and what is known of it. */
export interface BranchDue {
  readonly repo: string;
  readonly slug: Slug;
  readonly branch: string;
  readonly known: BranchCi | undefined;
  readonly tip: Sha | undefined;
  readonly pushedAt: Instant | undefined;
}

/** Those that were pushed to come before those that only wait. */
function dueBranches(
  world: BranchWorld,
  around: Surroundings,
  looked: readonly Looked[],
  { slugs, options }: { slugs: ReadonlyMap<string, Slug>; options: Options },
): BranchDue[] {
  const due: BranchDue[] = [];
  for (const { repo, state } of looked) {
    const view = around.views.get(repo.name);
    const slug = slugs.get(repo.name);
    if (!view || !state || slug === undefined || view.refused || around.watched.has(repo.name)) continue;
    const pushedAt = around.pushed?.get(slug.toLowerCase());
    const news: RemoteNews = pushedAt === undefined ? { is: 'untold' } : { is: 'told', pushedAt };
    if (!asksBranchCi(view, news) || outOfWindow(world, around, { repo, state }, options)) continue;
    due.push(branchDue(view, { branch: repo.branch, slug, news }));
  }
  const isWaiting = ({ known }: BranchDue): number => Number(known?.state === 'pending');
  return due.sort((a, b) => isWaiting(a) - isWaiting(b));
}

/** What there is to ask about a branch. */
export function branchDue(
  view: RepoView,
  { branch, slug, news }: { branch: string; slug: Slug; news: RemoteNews },
): BranchDue {
  return {
    repo: view.name,
    slug,
    branch: branch || view.branch,
    known: view.branchCi,
    tip: tipNow(view.remote, news),
    pushedAt: news.is === 'told' ? news.pushedAt : view.remote?.pushedAt,
  };
}

/** Asks once, and tells the ledger what is new. `later`: the forge wants to be left alone; `blind`: no answer. */
export async function lookAtBranch(
  world: Pick<BranchWorld, 'clock' | 'ledger'> & { readonly forge: Forge },
  due: BranchDue,
): Promise<'told' | 'same' | 'blind' | 'later'> {
  const { repo, slug, branch, known, tip, pushedAt } = due;
  const found = await world.forge.runsOn(slug, branch);
  const seen = found.ok ? await judged(world, due, found.value) : unreadable(found.failure);
  if (typeof seen === 'string') return seen;
  const isSame =
    known?.state === seen.verdict &&
    known.sha === seen.sha &&
    known.tip === tip &&
    known.pushedAt === pushedAt;
  if (isSame) return 'same';
  await world.ledger.record({ type: 'branch-ci-seen', repo, tip, pushedAt, ...seen });
  return 'told';
}

type Seen = Pick<FactOf<'branch-ci-seen'>, 'sha' | 'verdict' | 'why' | 'jobs' | 'url'>;

async function judged(
  world: { readonly clock: World['clock']; readonly forge: Forge },
  { slug, branch, known, tip, pushedAt }: BranchDue,
  runs: readonly CiRun[],
): Promise<Seen | 'blind' | 'later'> {
  const at = world.clock.now();
  const since = known?.state === 'pending' ? known.since : at;
  const judgement = judgeBranch({ runs, branch, tip, pushedAt, since, at });
  const { sha } = judgement;
  if (judgement.kind === 'pending') return { sha, verdict: 'pending', why: judgement.why, jobs: [] };
  if (judgement.kind === 'verdict') {
    const { verdict, why, url } = judgement;
    return { sha, verdict, why, url, jobs: [] };
  }
  const read = await readJobs(world, slug, judgement.runs);
  if (!read.ok) return unreadable(read.failure);
  const [first] = read.red;
  const url = first?.run.url;
  const blamed = read.red.filter(({ run, jobs }) => classifyFailure(run, jobs) !== 'infra');
  if (blamed.length === 0)
    return { sha, verdict: 'infra', why: 'no machine worked on what failed', url, jobs: [] };
  const jobs = failingNames(blamed);
  return { sha, verdict: 'red', why: `${jobs.join(', ')} failed`, url: blamed[0]?.run.url, jobs };
}

/** What the token may not read is not asked for again before the next push. */
function unreadable({ kind, message }: ForgeFailure): Seen | 'blind' | 'later' {
  if (kind === 'later') return 'later';
  if (kind === 'unavailable') return 'blind';
  return { sha: undefined, verdict: 'infra', why: `CI cannot be read: ${message}`, jobs: [] };
}
