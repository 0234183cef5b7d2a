import type { Options } from '../config/options.ts';
import { type FingerprintPart, fingerprintParts } from '../domain/fingerprint.ts';
import type { Repo } from '../domain/repo.ts';
import type { Signal } from '../domain/signal.ts';
import { isoUtc } from '../domain/time.ts';
import type { RepoView } from '../ledger/views.ts';
import { gatherIssues } from './gather-issues.ts';
import { lookAtBranches } from './look-at-branches.ts';
import { type Looked, lookAtAll, slugsOf } from './look-at-repos.ts';
import { memoryFilesOf } from './memory-files.ts';
import { outOfWindow } from './out-of-window.ts';
import type { OpenWorld, RunOrder } from './run-world.ts';
import { type Gathered, gatherSignals } from './signals.ts';
import { lookAround, type WithIssues } from './surroundings.ts';
import { ranked } from './survey.ts';
import { twinsOf, twinWords } from './twins.ts';

/** One repository as the next cycle would treat it; keys as `--json` prints them. */
export interface CandidateRow {
  readonly repo: string;
  readonly visit: boolean;
  readonly why: string;
  readonly standing: string | null;
  readonly signals: readonly Signal[];
  /** What was compared with the last visit, part by part. */
  readonly compared: Readonly<Partial<Record<FingerprintPart, 'same' | 'changed'>>>;
  /** What CI says of the branch where somebody else pushed last; null: nobody asked. The names of jobs are anybody's words. */
  readonly branch_ci: {
    readonly state: string;
    readonly sha: string | null;
    readonly jobs: readonly string[];
    readonly url: string | null;
    readonly why: string;
  } | null;
  readonly next_due: string | null;
  /** What would make it sooner. */
  readonly sooner: string | null;
  readonly land: string;
  readonly task_cap: number;
  readonly agent: string;
}

type CandidateOrder = Pick<RunOrder, 'optionsFor' | 'only' | 'options'>;

/**
 * The ranked candidates of a cycle: what it would visit and why, and what it would leave alone. Starts no agent; a
 * remote that a cycle would ask is asked. `among`: the portfolio that they stand in; `mayAsk: false`: no remote is asked.
 */
export async function candidates(
  world: OpenWorld,
  order: CandidateOrder,
  repos: readonly Repo[],
  { among = repos, mayAsk = true }: { among?: readonly Repo[]; mayAsk?: boolean } = {},
): Promise<readonly CandidateRow[]> {
  const memory = memoryFilesOf(world.discovery);
  const known = await lookAround(world, { runBegan: undefined, only: order.only, memory });
  const looked = await lookAtAll(world, known.views, among);
  const twins = twinsOf(looked.map(({ repo, state }) => ({ name: repo.name, gitDir: state?.gitDir })));
  const slugs = slugsOf(world, looked);
  const issues = await gatherIssues(world, order, repos, slugs);
  const names = new Set(repos.map(({ name }) => name).filter((name) => !twins.has(name)));
  const own = looked.filter(({ repo }) => names.has(repo.name));
  const views = await lookAtBranches(world, known, own, { slugs, options: order.options });
  const around = { ...known, views, issues };
  const states = new Map(looked.map(({ repo, state }) => [repo.name, state]));
  const rows: CandidateRow[] = [];
  for (const repo of ranked(repos, around)) {
    const options = await order.optionsFor(repo);
    const twin = twins.get(repo.name);
    const judged =
      twin === undefined
        ? await judge(world, around, { repo, state: states.get(repo.name), options, mayAsk })
        : leftAlone(twinWords(twin));
    rows.push({
      ...judged,
      repo: repo.name,
      land: options.land,
      task_cap: options.tasks_per_repo,
      agent: options.agent,
    });
  }
  return rows.toSorted((a, b) => Number(b.visit) - Number(a.visit));
}

type Judged = Omit<CandidateRow, 'repo' | 'land' | 'task_cap' | 'agent'>;

async function judge(
  world: OpenWorld,
  around: WithIssues,
  { repo, state, options, mayAsk }: Looked & { options: Options; mayAsk: boolean },
): Promise<Judged> {
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return leftAlone(identified.failure.message);
  if (state === undefined) return { ...leftAlone('only a visit can tell'), visit: true };
  const window = outOfWindow(world, around, { repo, state }, options);
  if (window !== undefined) return leftAlone(window);
  const view = around.views.get(repo.name);
  const asked = around.asked.get(repo.name) ?? [];
  const issues = around.issues.get(repo.name);
  const about = { repo, state, view, asked, issues, options, optionsOf: () => Promise.resolve(options) };
  return told(view, await gatherSignals(world, around, about, { mayAsk }));
}

function leftAlone(why: string): Judged {
  const nothing = { standing: null, signals: [], compared: {}, branch_ci: null };
  return { visit: false, why, ...nothing, next_due: null, sooner: null };
}

function branchCiOf(view: RepoView | undefined): CandidateRow['branch_ci'] {
  if (view?.branchCi === undefined) return null;
  const { state, sha = null, jobs, url = null, why } = view.branchCi;
  return { state, sha, jobs, url, why };
}

function told(view: RepoView | undefined, { judgement, seen }: Gathered): Judged {
  const { verdict, standing, signals, changed } = judgement;
  const both = fingerprintParts.filter((part) => view?.seen?.[part] !== undefined && part in seen);
  const compared = Object.fromEntries(
    both.map((part) => [part, changed.includes(part) ? 'changed' : 'same'] as const),
  );
  const known = { standing, signals, compared, branch_ci: branchCiOf(view) };
  if (verdict.is === 'leave') {
    const { why, nextDue, sooner } = verdict;
    return { ...known, visit: false, why, next_due: nextDue === undefined ? null : isoUtc(nextDue), sooner };
  }
  if (verdict.is === 'ask')
    return { ...leftAlone('no signal here; its remote is asked at its turn in the next cycle'), ...known };
  const why = signals.map(({ text }) => text).join('; ');
  const tidied = verdict.is === 'tidy' ? ' (no agent is needed)' : '';
  return { ...known, visit: true, why: `${why}${tidied}`, next_due: null, sooner: null };
}
