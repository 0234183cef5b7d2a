import { repoOptionNames } from '../config/option-places.ts';
import type { Options } from '../config/options.ts';
import type { Fingerprint, RemoteLook } from '../domain/fingerprint.ts';
import type { TrustedIssue } from '../domain/issue.ts';
import type { Repo } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OperatorTaskView, RepoView } from '../ledger/views.ts';
import type { LocalState } from '../ports/discovery.ts';
import type { World } from '../ports/world.ts';
import { digestOf } from '../rules/fingerprint.ts';
import { asksBranchCi, redBranch } from '../rules/signals/branch-ci.ts';
import { type Judgement, judgeRepo } from '../rules/signals/judge-repo.ts';
import type { Known, Observed, RedBranch, RemoteNews } from '../rules/signals/observed.ts';
import type { LastVisit } from '../rules/standing.ts';
import { askRemote } from './ask-remote.ts';
import { isHeld } from './land-accepted.ts';
import { waitsToLand } from './land-waiting.ts';
import { branchDue, lookAtBranch } from './look-at-branches.ts';
import { ownSettings } from './memory-files.ts';
import type { Surroundings } from './surroundings.ts';

/** One repository, with what is known of it before plain code looks for reasons to work on it. */
export interface SignalsAbout {
  readonly repo: Repo;
  readonly state: LocalState;
  readonly view: RepoView | undefined;
  readonly asked: readonly OperatorTaskView[];
  /** Undefined: nobody could look at them. */
  readonly issues: readonly TrustedIssue[] | undefined;
  /** The options of the run, and on demand those of this repository: reading them costs more than all the rest. */
  readonly options: Options;
  optionsOf(): Promise<Options>;
}

/** Why a repository is worth a visit now, or not. */
export interface Gathered {
  readonly judgement: Judgement;
  /** What it looks like now; kept with the visit, if there is one. */
  readonly seen: Fingerprint;
  readonly pushedAt: Instant | undefined;
  readonly memoryTooLong: boolean;
}

type SignalWorld = Pick<World, 'mirrors' | 'clock' | 'forge'> & {
  readonly ledger: Pick<Ledger, 'session' | 'record' | 'repo'>;
};

/**
 * Looks for reasons by reading files; nothing found: no token is spent. `mayAsk`: a remote that has to be asked is
 * asked, which starts a git process; otherwise the verdict says that it has to.
 */
export async function gatherSignals(
  world: SignalWorld,
  around: Surroundings,
  about: SignalsAbout,
  { mayAsk }: { mayAsk: boolean },
): Promise<Gathered> {
  const known = await knownOf(world, around, about);
  const observed = await observe(world, around, about);
  const judgement = judgeRepo(known, observed);
  const aside = {
    pushedAt: observed.remote.is === 'told' ? observed.remote.pushedAt : undefined,
    memoryTooLong: observed.memoryLines > observed.memoryLimit,
  };
  const tip = known.remote?.tip;
  const seen = { ...(tip === undefined ? {} : { commits: tip }), ...observed.parts };
  if (judgement.verdict.is !== 'ask' || !mayAsk) return { judgement, seen, ...aside };

  const { refused, ...remote } = await askRemote(world, about.repo, { observed, before: known.remote });
  const commits = remote.problem === undefined && remote.tip !== undefined ? { commits: remote.tip } : {};
  const news = { is: 'asked' as const, problem: remote.problem, refused };
  const red = await redAt(world, about, { remote, news });
  const parts = { ...observed.parts, ...commits, ci: redPart(red) };
  const asked: Observed = { ...observed, parts, remote: news };
  const now = { ...seen, ...commits, ci: parts.ci };
  return { judgement: judgeRepo({ ...known, red, remote }, asked), seen: now, ...aside };
}

/** The branch as CI sees it at a tip that was just learned; asked about only where nobody has yet. */
async function redAt(
  { forge, clock, ledger }: SignalWorld,
  { repo, state, view }: SignalsAbout,
  { remote, news }: { remote: RemoteLook; news: RemoteNews },
): Promise<RedBranch | undefined> {
  const slug = state.remoteUrl === undefined ? undefined : forge?.slugOf(state.remoteUrl);
  if (!view || !forge || slug === undefined) return view && redBranch(view);
  const known = { ...view, remote };
  const { state: is, tip, pushedAt } = view.branchCi ?? {};
  // What waits is asked about once in a cycle.
  const isWaiting = is === 'pending' && (tip === remote.tip || pushedAt === remote.pushedAt);
  if (isWaiting || !asksBranchCi(known, news)) return redBranch(view);
  await lookAtBranch({ forge, clock, ledger }, branchDue(known, { branch: repo.branch, slug, news }));
  return redBranch((await ledger.repo(repo.name)) ?? view);
}

function redPart(red: RedBranch | undefined): string {
  return red === undefined ? '' : `red ${red.sha}`;
}

async function knownOf(
  world: Pick<SignalWorld, 'ledger'>,
  around: Surroundings,
  { repo, view }: SignalsAbout,
): Promise<Known> {
  return {
    last: lastVisitOf(view),
    seen: view?.seen,
    remote: view?.remote,
    landed: view?.landed,
    red: view && redBranch(view),
    watched: around.watched.has(repo.name),
    ...(await waitingSession(world.ledger, view)),
  };
}

function lastVisitOf(view: RepoView | undefined): LastVisit | undefined {
  if (view?.lastState === undefined || view.lastVisit === undefined) return undefined;
  // There was no repository at its path, and now there is: what was held against it is over.
  const failures = view.refused ? 0 : view.failures;
  return { state: view.lastState, blockedBy: view.blockedBy, at: view.lastVisit, failures };
}

async function waitingSession(
  ledger: Pick<Ledger, 'session'>,
  view: RepoView | undefined,
): Promise<Pick<Known, 'held' | 'toLand'>> {
  const isBlocked = view?.lastState === 'blocked' && !view.refused;
  const session = isBlocked && view.lastSession ? await ledger.session(view.lastSession) : undefined;
  return {
    held: session && isHeld(session) ? session.id : undefined,
    toLand: session && waitsToLand(session) ? session.id : undefined,
  };
}

async function observe(
  world: Pick<SignalWorld, 'clock' | 'forge'>,
  around: Surroundings,
  about: SignalsAbout,
): Promise<Observed> {
  const { repo, state, view, issues } = about;
  const backlog = around.memory.backlogOf(repo.path, state);
  const memory = around.memory.memoryOf(repo.path, state);
  const rests = ['failed', 'rejected', 'blocked'].includes(view?.lastState ?? '');
  const asks = rests || memory.lines > shortestMemory || 'prompts_dir' in repo.options;
  const options = asks && hasOwnOptions(about) ? await about.optionsOf() : about.options;
  const remote = remoteNews(world, around, state);
  const prompts = await around.promptsOf(repo, options);
  return {
    at: world.clock.now(),
    runBegan: around.runBegan,
    named: around.only.includes(repo.name),
    tasks: about.asked,
    issues: issues ?? [],
    backlogItems: backlog.open,
    memoryLines: memory.lines,
    memoryLimit: options.memory_enabled ? options.project_memory_max_lines : Number.POSITIVE_INFINITY,
    remote,
    parts: {
      ...(remote.is === 'none' && state.tip !== undefined ? { commits: state.tip } : {}),
      ...(prompts === undefined ? {} : { prompts }),
      ...(rests ? { options: optionsDigest(options) } : {}),
      ...(issues === undefined ? {} : { issues: issuesDigest(issues) }),
      objective: digestOf([repo.objective]),
      backlog: backlog.digest,
      memory: memory.digest,
      ci: redPart(view && redBranch(view)),
      entry: digestOf([JSON.stringify([repo.pinned, repo.ignored, repo.path, repo.branch, repo.options])]),
      local: state.tip ?? '',
      tracked: state.tracked ?? '',
    },
  };
}

/** Below the lowest limit that can be set, nobody needs to know the limit. */
const shortestMemory = 50;

/** Without any, the options of the run hold. */
function hasOwnOptions({ repo, state }: SignalsAbout): boolean {
  return Object.keys(repo.options).length > 0 || state.marks[ownSettings] !== undefined;
}

function issuesDigest(issues: readonly TrustedIssue[]): string {
  const each = issues.map(({ number, snapshot }) => `${number} ${snapshot}`);
  return each.length === 0 ? '' : digestOf(each.toSorted());
}

/** A digest of the options that one repository can have. */
export function optionsDigest(options: Options): string {
  return digestOf([JSON.stringify(repoOptionNames().map((name) => options[name]))]);
}

function remoteNews(
  { forge }: Pick<SignalWorld, 'forge'>,
  { pushed }: Surroundings,
  { remoteUrl }: LocalState,
): RemoteNews {
  if (remoteUrl === undefined) return { is: 'none' };
  const slug = forge?.slugOf(remoteUrl)?.toLowerCase();
  const pushedAt = slug === undefined ? undefined : pushed?.get(slug);
  return pushedAt === undefined ? { is: 'untold' } : { is: 'told', pushedAt };
}
