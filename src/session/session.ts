import type { SessionFailure } from '../domain/failure.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { SessionEnd } from '../domain/session-state.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Lease } from '../ports/leases.ts';
import type { GitFailure } from '../ports/mirrors.ts';
import { endAfter } from '../rules/after-failure.ts';
import { acceptReviewed, type Held, waitsForYou } from './accept-reviewed.ts';
import { type Checks, findChecks } from './checks.ts';
import { settleClaims } from './claim.ts';
import { fingerprintAt } from './current-fingerprint.ts';
import { wordsOf, workspaceFailure } from './failure-words.ts';
import { knowledgeOf } from './knowledge.ts';
import { type Landed, land } from './land.ts';
import { plan } from './plan.ts';
import { prepare } from './prepare.ts';
import { recheckIssues } from './recheck-issues.ts';
import { memoryBefore } from './remember-edits.ts';
import { reviewerFor, reviewTurnsOf } from './review.ts';
import { salvage } from './salvage.ts';
import { syncPatiently } from './sync-patiently.ts';
import type { BaseResults } from './verify.ts';
import {
  isDraining,
  mustEndNow,
  type OpenSession,
  type SessionWorld,
  type Stop,
  type Visit,
} from './visit.ts';
import { type Work, type Worked, work } from './work.ts';

/** What one visit came to: its end state, and what was pushed and now waits for CI. */
export interface Visited {
  readonly end: SessionEnd;
  readonly failure: SessionFailure | undefined;
  readonly landed: Landed | undefined;
}

/** One visit to one repository, lock to unlock: each step moves on or ends the session. */
export async function visitRepository(world: SessionWorld, visit: Visit, stop: Stop): Promise<Visited> {
  const ledger = world.ledger.within({
    run: visit.run,
    cycle: visit.cycle,
    repo: visit.repo.name,
    session: visit.session,
  });
  // Taken first: a visit to a repository that somebody else works on leaves no trace of a session.
  const holder = `run ${visit.run}, session ${visit.session}`;
  const context = { run: visit.run, cycle: visit.cycle, repo: visit.repo.name };
  const taken = await world.leases.acquire(visit.identity.key, holder, context);
  if (!taken.ok) return notOurs(taken.failure.holder);
  await using lease = taken.value;
  await ledger.record(
    {
      type: 'session-queued',
      agent: visit.options.agent,
      land: visit.options.land,
      why: visit.signals.map(({ text }) => text).join('; '),
      path: visit.repo.path,
      logs: visit.logs,
    },
    { type: 'session-moved', to: 'setup', facts: { fence: lease.fence, key: lease.key } },
  );
  return await closeVisit(ledger, visit, await go({ ...world, ledger }, visit, lease, stop));
}

/** Records how a visit ended, and gives what people asked for its outcome. */
export async function closeVisit(
  ledger: Ledger,
  visit: Visit,
  landed: Result<Visited, SessionFailure>,
): Promise<Visited> {
  if (!landed.ok) {
    const end = endAfter(landed.failure);
    await ledger.record({
      type: 'session-moved',
      to: end.state,
      why: end.why,
      blockedBy: end.blockedBy,
      facts: {},
    });
    await settleClaims(ledger, visit.session);
    return { end, failure: landed.failure, landed: undefined };
  }
  const { end, failure } = landed.value;
  if (end.state !== 'cleaned')
    await ledger.record({
      type: 'session-moved',
      to: end.state,
      why: end.why,
      blockedBy: end.blockedBy,
      facts: {},
    });
  await settleClaims(ledger, visit.session);
  return { end, failure, landed: landed.value.landed };
}

function notOurs(holder: string): Visited {
  const failure: SessionFailure = { kind: 'repo-busy', holder };
  return { end: endAfter(failure), failure, landed: undefined };
}

async function go(
  world: SessionWorld,
  visit: Visit,
  lease: Lease,
  stop: Stop,
): Promise<Result<Visited, SessionFailure>> {
  const { ledger } = world;
  const reviewer = reviewerFor(visit);
  if (!reviewer.ok) return reviewer;
  const synced = await syncPatiently(world, visit, stop);
  if (!synced.ok) return failed(syncFailure(synced.failure));
  const mirror = synced.value;
  await ledger.record({
    type: 'repo-seen',
    path: visit.repo.path,
    branch: mirror.identity.branch,
    ...fingerprintAt(visit, mirror.tip),
  });
  if (isDraining(stop)) return failed(nothingBegun);

  const opened = await mirror.openWorkspace(visit.session, mirror.tip);
  if (!opened.ok) return failed(workspaceFailure(opened.failure));
  await using workspace = opened.value;
  await ledger.record({
    type: 'workspace-opened',
    folder: workspace.folder,
    branch: workspace.branch,
    base: workspace.base,
    target: mirror.identity.branch,
  });

  const knowledge = await knowledgeOf(world, workspace.folder, visit);
  const before = await memoryBefore(workspace);
  const session: OpenSession = { visit, knowledge, before, mirror, workspace, ledger };
  const checks = await findChecks(world, visit, workspace.folder);
  const prepared = await prepare(world, session, checks, stop);
  if (!prepared.ok) return prepared;

  await ledger.record({ type: 'session-moved', to: 'active', facts: { base: workspace.base } });
  const issues = await recheckIssues(world, visit);
  return await workAndLand(world, { ...session, visit: { ...visit, issues } }, { checks, lease }, stop);
}

async function workAndLand(
  world: SessionWorld,
  session: OpenSession,
  { checks, lease }: { checks: Checks; lease: Lease },
  stop: Stop,
): Promise<Result<Visited, SessionFailure>> {
  // Setup may have taken minutes: no agent is started for a plan that nobody would work.
  if (isDraining(stop)) return failed(nothingBegun);
  const planned = await plan(world, session, checks, stop);
  if (!planned.ok) return planned;
  if (planned.value.tasks.length === 0)
    return ok(ended({ state: 'no_work', why: planned.value.noWork ?? 'the plan has no task' }));
  const { tasks, thread } = planned.value;
  return await workOn(world, session, { tasks, thread, checks, lease }, stop);
}

const nothingBegun = { kind: 'interrupted', message: 'the run is stopping; nothing was begun' } as const;

/** What is planned becomes verified commits, accepted and landed. */
export async function workOn(
  world: SessionWorld,
  session: OpenSession,
  order: Omit<Work, 'base'> & { readonly lease: Lease; readonly isComplete?: boolean | undefined },
  stop: Stop,
): Promise<Result<Visited, SessionFailure>> {
  const { ledger, workspace, visit } = session;
  const { checks, lease } = order;
  const base: BaseResults = new Map();
  const worked = await work(world, session, { ...order, base }, stop);
  if (worked.tip === workspace.base) return nothingToLand(worked);
  if (mustEndNow(stop)) {
    await salvage(session, 'verified', worked.tip, 'the run was stopped before it landed');
    return failed({ kind: 'interrupted', message: 'stopped before landing; the verified commits are kept' });
  }

  if (!order.isComplete)
    await ledger.record({ type: 'session-moved', to: 'completed_unreviewed', facts: { tip: worked.tip } });
  const reviews = await reviewTurnsOf(session);
  const landing = {
    from: workspace.base,
    tip: worked.tip,
    checks,
    base,
    lease,
    thread: worked.thread,
    reviews,
  };
  const accepted = await acceptReviewed(world, session, landing, stop);
  if (!accepted.ok) {
    await salvage(session, 'refused', worked.tip, wordsOf(accepted.failure));
    return accepted;
  }
  const { tip, held } = accepted.value;
  await session.mirror.keep(`refs/clone/accepted/${visit.session}`, tip);
  // In the same fact as the state: who takes the session up after a crash must not land it.
  const facts = held ? { tip, held: held.message } : { tip };
  await ledger.record({ type: 'session-moved', to: 'accepted', facts });
  if (visit.options.land !== 'push' || held) {
    await ledger.record({
      type: 'landed',
      sha: tip,
      branch: `refs/clone/accepted/${visit.session}`,
      mode: 'hold',
      commits: [],
    });
    const message = await offer(session, tip, held);
    return failed({ kind: 'held-for-review', message, stopped: held?.stopped });
  }

  const mayAsk = worked.failure === undefined;
  const landed = await land(world, session, { ...landing, tip, mayAsk }, stop);
  if (!landed.ok) {
    await keepUnlanded(session, tip, landed.failure);
    return landed;
  }
  const why = worked.failure && `landed what was verified before: ${wordsOf(worked.failure)}`;
  await tellLanded(session, landed.value, why);
  return ok({ end: { state: 'cleaned', why: why ?? '' }, failure: worked.failure, landed: landed.value });
}

/** Leaves what a person is to decide on where they can decide: in the mirror, and for `pr` as a branch on the remote. */
async function offer(session: OpenSession, tip: string, held: Held | undefined): Promise<string> {
  const { visit, mirror, workspace } = session;
  if (held) return `${held.message}; ${waitsForYou(visit)}`;
  if (visit.options.land === 'hold') return waitsForYou(visit);
  const review = `clone review ${visit.session}`;
  const left = await mirror.leaveBranch(workspace.branch, tip);
  const where = left.ok
    ? `the branch ${workspace.branch} is on the remote: open a pull request, or`
    : `the branch could not be left (${left.failure.message}):`;
  return `waits for you: ${where} ${review}, then --accept or --reject "why"`;
}

/** The states from `pushed` to `cleaned`, with the user's checkout moved along if it may be. `why`: what did not land. */
export async function tellLanded(session: OpenSession, landed: Landed, why?: string): Promise<void> {
  const { ledger, mirror, visit, workspace } = session;
  await ledger.record(
    {
      type: 'landed',
      sha: landed.sha,
      branch: mirror.identity.branch,
      mode: landed.mode,
      commits: landed.commits,
    },
    {
      type: 'session-moved',
      to: 'pushed',
      facts: { sha: landed.sha, parent: landed.parent, mode: landed.mode },
    },
  );
  const updates = visit.options.update_checkout && landed.mode === 'push';
  const checkout = updates ? [await mirror.updateCheckout(landed.sha)] : [];
  await workspace.remove();
  await ledger.record(...checkout.map((updated) => ({ type: 'checkout-updated' as const, ...updated })), {
    type: 'session-moved',
    to: 'cleaned',
    why,
    facts: { removed: workspace.folder },
  });
}

async function keepUnlanded(session: OpenSession, tip: string, failure: SessionFailure): Promise<void> {
  await salvage(session, 'unlanded', tip, wordsOf(failure));
  if (failure.kind === 'checkout-in-the-way') await session.mirror.leaveBranch(session.workspace.branch, tip);
}

function nothingToLand(worked: Worked): Result<Visited, SessionFailure> {
  if (worked.failure) return failed(worked.failure);
  if (worked.rejected > 0)
    return failed({
      kind: 'tasks-rejected',
      message: `${worked.rejected} task(s) stayed red and were taken out; nothing was left to land`,
    });
  const [first, ...others] = worked.blocked;
  if (first === undefined) return ok(ended({ state: 'no_work', why: 'no task changed anything' }));
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return ok(ended({ state: 'no_work', why: `the agent could not do what it planned: ${first}${more}` }));
}

function ended(end: SessionEnd): Visited {
  return { end, failure: undefined, landed: undefined };
}

function syncFailure(failure: GitFailure): SessionFailure {
  switch (failure.kind) {
    case 'unreachable':
      return { kind: 'remote-unreachable', message: failure.message, hint: '' };
    case 'access':
      return {
        kind: 'access-refused',
        message: failure.message,
        hint: 'check the token (GITHUB_TOKEN, `gh auth login` or github_token_file), and that the repository still exists',
      };
    default:
      return { kind: 'repo-unusable', message: failure.message, hint: '' };
  }
}
