import { boundPaths } from '../../domain/change.ts';
import type { SessionFailure } from '../../domain/failure.ts';
import type { Identity, Sha } from '../../domain/repo.ts';
import { failed, ok } from '../../domain/result.ts';
import { mayFollow } from '../../domain/session-state.ts';
import { spoken } from '../../domain/time.ts';
import type { Mirror, Workspace } from '../../ports/mirrors.ts';
import { endAfter, parksAgent } from '../../rules/after-failure.ts';
import { bootstrap, bootstrapTask } from '../../session/bootstrap.ts';
import { wordsOf } from '../../session/failure-words.ts';
import { nothingKnown } from '../../session/knowledge.ts';
import { salvageFiles } from '../../session/salvage.ts';
import type { OpenSession, Stop, Visit } from '../../session/visit.ts';
import type { RunWorld } from '../run-world.ts';
import { begin, blocked, end, entryOf, factOf, type IdeaAtWork, type Stepped, stepOf } from './at-work.ts';

/** The first commit to be, in the mirror of the seed. */
export interface FilesMade {
  readonly seed: Identity;
  readonly sha: Sha;
  /** The empty commit that its session started from. */
  readonly base: Sha;
  readonly session: string;
  readonly subject: string;
  readonly files: number;
}

/** The step that costs something: a session of the agent in a workspace that begins empty, verified by us. */
export async function makeFiles(world: RunWorld, work: IdeaAtWork, stop: Stop): Promise<Stepped<FilesMade>> {
  const seeded = await world.incubator.seed(work.key);
  if (!seeded.ok) return blocked('files', seeded.failure.message, 'mend that');
  const { identity: seed, base } = seeded.value;
  const synced = await world.mirrors.sync(seed);
  if (!synced.ok) return blocked('files', synced.failure.message, 'mend that');
  const before = await stepOf(world, work, 'files');
  const made = before?.done ? madeBefore(before.facts, seed, base) : undefined;
  if (made) return ok(made);
  const parked = await whyParked(world, work);
  if (parked !== undefined) return failed({ is: 'left', why: parked });

  const earlier = factOf(before, 'session');
  if (earlier !== undefined) await takeAway(world, work, { mirror: synced.value, session: earlier, base });
  const visit = await visitFor(world, work, seed);
  const key = `files:${work.path}`;
  await begin(world, work, 'files', { key, facts: { session: visit.session, base } });
  const ledger = world.ledger.within({ repo: visit.repo.name, session: visit.session });
  const result = await inSession({ ...world, ledger }, work, { visit, mirror: synced.value, base }, stop);
  if (!result.ok) return stumbleOver(world, work, visit.session, result.failure);
  await end(world, work, 'files', { key, facts: { ...result.value } });
  return ok({ seed, ...result.value });
}

function madeBefore(
  facts: Readonly<Record<string, unknown>>,
  seed: Identity,
  base: Sha,
): FilesMade | undefined {
  const { sha, session, subject, files } = facts;
  if (typeof sha !== 'string' || typeof session !== 'string') return undefined;
  return { seed, sha, base, session, subject: String(subject), files: Number(files) };
}

/** A limit of the account is waited for by whoever comes next. */
async function whyParked(world: RunWorld, { order }: IdeaAtWork): Promise<string | undefined> {
  const { agent } = order.options;
  const now = world.clock.now();
  const parked = (await world.ledger.agents()).find((one) => one.agent === agent);
  if (parked?.until === undefined || parked.until <= now) return undefined;
  return `the agent ${agent} is parked for ${spoken(parked.until - now)}: ${parked.why}`;
}

async function visitFor(world: RunWorld, work: IdeaAtWork, seed: Identity): Promise<Visit> {
  const { idea, order, cycle, path } = work;
  const repo = entryOf(idea, path);
  const slug = idea.repoName.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const folder = await world.files.sessionFolder(`idea-${idea.repoName}`, cycle);
  return {
    session: `${slug.slice(0, 40).replace(/-+$/, '')}-${world.randomId(8)}`,
    repo,
    identity: seed,
    options: await order.optionsFor(repo),
    run: order.run,
    cycle,
    signals: [],
    issues: [],
    onlyAsked: false,
    landedSinceCleanup: 0,
    folder,
    logs: world.files.relative(folder),
  };
}

/** What a process that died left of the agent's work is kept under a name, and its folder goes. */
async function takeAway(
  world: RunWorld,
  work: IdeaAtWork,
  old: { mirror: Mirror; session: string; base: Sha },
): Promise<void> {
  const view = await world.ledger.session(old.session);
  const adopted = await old.mirror.adoptWorkspace(old.session, old.base);
  const ledger = world.ledger.within({ repo: work.idea.repoName, session: old.session });
  if (adopted.ok) {
    await using workspace = adopted.value;
    const visit = { ...(await visitFor(world, work, old.mirror.identity)), session: old.session };
    const open: OpenSession = { visit, knowledge: nothingKnown, mirror: old.mirror, workspace, ledger };
    await salvageFiles(open, 'unfinished', old.base, 'its process died while it was worked on');
  }
  if (view && mayFollow(view.state, 'interrupted'))
    await ledger.record({ type: 'session-moved', to: 'interrupted', why: 'its process died', facts: {} });
}

type FirstCommit = Omit<FilesMade, 'seed'>;

/** The session as the ledger sees it: it ends here when it fails, and goes on to `cleaned` with the planting. */
async function inSession(
  world: RunWorld,
  work: IdeaAtWork,
  { visit, mirror, base }: { visit: Visit; mirror: Mirror; base: Sha },
  stop: Stop,
): Promise<{ ok: true; value: FirstCommit } | { ok: false; failure: SessionFailure }> {
  const { ledger } = world;
  const { idea } = work;
  const opened = await mirror.openWorkspace(visit.session, base);
  if (!opened.ok) return failed({ kind: 'workspace-unusable', message: opened.failure.message, hint: '' });
  await using workspace = opened.value;
  await tellBegun(world, work, visit, workspace);
  const session: OpenSession = { visit, knowledge: nothingKnown, mirror, workspace, ledger };
  const made = await bootstrap(world, session, { title: idea.title, summary: idea.summary }, stop);
  const first = made.ok
    ? await world.incubator.firstCommit(mirror.identity, made.value.tree, made.value.message)
    : made;
  if (!made.ok || !first.ok) {
    const failure = made.ok ? gitTrouble(first) : made.failure;
    const { state: to, why, blockedBy } = endAfter(failure);
    await ledger.record(
      { type: 'task-ended', task: bootstrapTask, state: 'rejected', why, claims: [] },
      { type: 'session-moved', to, why, blockedBy, facts: {} },
    );
    return failed(failure);
  }
  const sha = first.value;
  const subject = made.value.message.split('\n')[0] ?? idea.title;
  const files = made.value.files.length;
  const paths = boundPaths(made.value.files);
  await mirror.keep(`refs/clone/accepted/${visit.session}`, sha);
  const commit = { sha, subject, task: bootstrapTask, files, paths };
  await ledger.record(
    { type: 'task-committed', task: bootstrapTask, commit },
    { type: 'task-ended', task: bootstrapTask, state: 'done', why: subject, claims: [] },
    { type: 'session-moved', to: 'completed_unreviewed', facts: { tip: sha } },
  );
  return ok({ sha, base, session: visit.session, subject, files });
}

function gitTrouble(first: { ok: boolean; failure?: unknown }): SessionFailure {
  const message = (first.failure as { message?: string } | undefined)?.message ?? 'no first commit';
  return { kind: 'workspace-unusable', message, hint: '' };
}

async function tellBegun(
  { ledger }: RunWorld,
  { idea }: IdeaAtWork,
  visit: Visit,
  workspace: Workspace,
): Promise<void> {
  const { agent } = visit.options;
  const task = {
    id: bootstrapTask,
    title: `First version of ${idea.title}`,
    why: idea.summary,
    kind: 'feature',
    acceptance: [],
    paths: [],
    risk: 'low',
  } as const;
  await ledger.record(
    {
      type: 'session-queued',
      agent,
      land: 'push',
      why: `the idea "${idea.title}"`,
      path: visit.repo.path,
      logs: visit.logs,
    },
    { type: 'session-moved', to: 'setup', facts: {} },
    {
      type: 'workspace-opened',
      folder: workspace.folder,
      branch: workspace.branch,
      base: workspace.base,
      target: 'main',
    },
    { type: 'session-moved', to: 'active', facts: { base: workspace.base } },
    { type: 'plan-made', tasks: [task], dropped: 0, noWork: undefined },
    { type: 'task-started', task: bootstrapTask },
  );
}

/** What each failure means for the idea. Only a stop and a limit end by themselves. */
async function stumbleOver(
  world: RunWorld,
  { idea, order }: IdeaAtWork,
  session: string,
  failure: SessionFailure,
): Promise<Stepped<never>> {
  const why = world.redact(wordsOf(failure));
  if (parksAgent(failure)) {
    const until = failure.kind === 'agent-limited' ? failure.until : undefined;
    await world.ledger.record({ type: 'agent-parked', agent: order.options.agent, until, why });
  }
  if (failure.kind === 'interrupted') return failed({ is: 'left', why });
  if (failure.kind === 'agent-limited' && failure.until !== undefined) return failed({ is: 'left', why });
  if (failure.kind === 'agent-auth') return blocked('files', why, 'log the agent in');
  const hint =
    failure.kind === 'tasks-rejected'
      ? `clone show ${session} tells more; say more in its summary`
      : `clone show ${session} tells more`;
  return blocked('files', why || idea.title, hint);
}
