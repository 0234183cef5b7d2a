import type { CiFailure } from '../domain/ci.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Handoff } from '../domain/task.ts';
import type { Mirror } from '../ports/mirrors.ts';
import { commitMessage } from '../rules/commit-message.ts';
import { listChecks } from '../rules/list-checks.ts';
import { mendingSchema } from '../rules/read-answer.ts';
import { fenced } from '../rules/untrusted.ts';
import { acceptReviewed } from './accept-reviewed.ts';
import { findChecks } from './checks.ts';
import { describeFailing } from './failing-checks.ts';
import { wordsOf, workspaceFailure } from './failure-words.ts';
import { knowledgeOf, nothingKnown } from './knowledge.ts';
import { asCommit, type Landed, land } from './land.ts';
import { prepare } from './prepare.ts';
import { writePrompt } from './prompt.ts';
import { harvest, memoryBefore } from './remember-edits.ts';
import { proposeRedCi, redJobs } from './remember-proposals.ts';
import { mostReviewTurns } from './review.ts';
import { salvageFiles, salvageStrays } from './salvage.ts';
import { syncPatiently } from './sync-patiently.ts';
import { tellOverClaims } from './tell-over-claims.ts';
import { takeTurn } from './turn.ts';
import { verifiedAt } from './verified-at.ts';
import { type BaseResults, verify } from './verify.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop, type Visit } from './visit.ts';
import { handoffOf } from './work-task.ts';

export interface FixOrder {
  readonly sha: Sha;
  /** 1 is the first fix of the landing. */
  readonly attempt: number;
  readonly failures: readonly CiFailure[];
  readonly thread: string | undefined;
}

/**
 * A fix pass: a turn on the session's own thread, in a fresh workspace at the pushed commit, verified, gated and
 * landed like any task. Answers what was landed; the caller watches it.
 */
export async function fixCi(
  world: SessionWorld,
  visit: Visit,
  order: FixOrder,
  stop: Stop,
): Promise<Result<Landed, SessionFailure>> {
  return inFreshWorkspace(
    world,
    visit,
    { name: `fix-${order.attempt}`, at: order.sha, left: passesBefore(order.attempt) },
    stop,
    async (session, lease) => {
      const pushed = await pushedBefore(session, order.sha);
      if (pushed) {
        await tellQuietly(session, pushed);
        return ok(pushed);
      }
      const gone = await takenAway(session, order.sha);
      if (gone) return failed(gone);
      const checks = await findChecks(world, visit, session.workspace.folder);
      const prepared = await prepare(world, session, checks, stop);
      if (!prepared.ok) return prepared;
      const base: BaseResults = new Map();
      const fixed = await fixTurns(world, session, { ...order, checks, base }, stop);
      if (!fixed.ok) return fixed;
      const { tip, thread, subject: fix, handoff: lesson } = fixed.value;
      const jobs = order.failures.map(({ job }) => job.name).join(', ');
      const landing = {
        from: order.sha,
        tip,
        checks,
        base,
        lease,
        thread,
        aside: true,
        reviews: { left: mostReviewTurns },
        about: `Mend CI, which is red on ${order.sha} (${jobs}): ${fix}`,
      };
      const accepted = await acceptReviewed(world, session, landing, stop);
      if (!accepted.ok) return accepted;
      if (accepted.value.held)
        return failed({ kind: 'tasks-rejected', message: accepted.value.held.message });
      const red = { sha: order.sha, ...redJobs(order.failures), fix, lesson };
      await proposeRedCi(world, session, red);
      return landQuietly(world, session, { ...landing, tip: accepted.value.tip }, stop);
    },
  );
}

/** Takes our own commits back, newest first, verified before it is pushed. A human's commit is never touched. */
export async function revertLanding(
  world: SessionWorld,
  visit: Visit,
  shas: readonly Sha[],
  stop: Stop,
): Promise<Result<Landed, SessionFailure>> {
  return inFreshWorkspace(
    world,
    visit,
    { name: 'revert', at: undefined, left: [] },
    stop,
    async (session, lease) => {
      const { mirror } = session;
      const before = await revertedBefore(session, shas);
      if (before) {
        await tellQuietly(session, before);
        return ok(before);
      }
      const gone = await takenAway(session, shas[0]);
      if (gone) return failed(gone);
      const message = (sha: Sha): string =>
        commitMessage(subjectOfRevert(sha), 'Revert', {
          run: visit.run,
          session: visit.session,
          turn: 'ci-fix',
        });
      const whole = await mirror.revert(shas, mirror.tip, message);
      const reverted = whole.ok
        ? whole
        : await mirror.revert(await workAmong(session, shas), mirror.tip, message);
      if (!reverted.ok) return failed(workspaceFailure(reverted.failure));
      const checks = await findChecks(world, visit, session.workspace.folder);
      const prepared = await prepare(world, session, checks, stop);
      if (!prepared.ok) return prepared;
      const landing = {
        from: mirror.tip,
        tip: reverted.value,
        checks,
        base: new Map() satisfies BaseResults,
        lease,
        thread: undefined,
        // The tree is to be what it was before us; what there is to say of it waits for the next landing.
        takesBack: true,
      };
      const verified = await verifiedAt(world, session, landing, 'revert', stop);
      if (!verified.ok) return verified;
      return landQuietly(world, session, landing, stop);
    },
  );
}

/** A revert that an earlier process pushed and did not live to tell. */
async function revertedBefore(
  { visit, mirror }: OpenSession,
  shas: readonly Sha[],
): Promise<Landed | undefined> {
  const [newest] = shas;
  if (newest === undefined || mirror.tip === newest || !(await mirror.contains(mirror.tip, newest)))
    return undefined;
  const listed = await mirror.commits(newest, mirror.tip);
  const since = listed.ok ? listed.value : [];
  const subjects = new Set(shas.map(subjectOfRevert));
  const isOurs = ({ message, subject }: { message: string; subject: string }): boolean =>
    subjects.has(subject) && message.includes(`\nClone-Session: ${visit.session}\n`);
  const first = since.findIndex(isOurs);
  const last = since.findLast(isOurs);
  if (!last) return undefined;
  const parent = since[first - 1]?.sha ?? newest;
  return { sha: last.sha, parent, commits: since.filter(isOurs).map(asCommit), mode: 'push' };
}

function subjectOfRevert(sha: Sha): string {
  return `Revert ${sha.slice(0, 12)}: CI stayed red`;
}

/** Later sessions may have written beside what was remembered; that must not keep the work from being taken back. */
async function workAmong({ ledger, visit }: OpenSession, shas: readonly Sha[]): Promise<readonly Sha[]> {
  const commits = (await ledger.session(visit.session))?.commits ?? [];
  const memory = new Set(commits.filter((commit) => commit.memory === true).map(({ sha }) => sha));
  return shas.filter((sha) => !memory.has(sha));
}

type WithLease = Parameters<typeof land>[2]['lease'];

async function inFreshWorkspace(
  world: SessionWorld,
  visit: Visit,
  where: { name: string; at: Sha | undefined; left: readonly string[] },
  stop: Stop,
  steps: (session: OpenSession, lease: WithLease) => Promise<Result<Landed, SessionFailure>>,
): Promise<Result<Landed, SessionFailure>> {
  const taken = await world.leases.acquire(
    visit.identity.key,
    `run ${visit.run}, session ${visit.session} (${where.name})`,
    { run: visit.run, cycle: visit.cycle, repo: visit.repo.name },
  );
  if (!taken.ok) return failed({ kind: 'repo-busy', holder: taken.failure.holder });
  await using lease = taken.value;
  const synced = await syncPatiently(world, visit, stop);
  if (!synced.ok) return failed({ kind: 'remote-unreachable', message: synced.failure.message, hint: '' });
  const mirror: Mirror = synced.value;
  const at = where.at ?? mirror.tip;
  for (const name of [...where.left, where.name]) await clearAway(world, visit, mirror, { name, at });
  const opened = await mirror.openWorkspace(`${visit.session}-${where.name}`, at);
  if (!opened.ok) return failed(workspaceFailure(opened.failure));
  await using workspace = opened.value;
  const knowledge = await knowledgeOf(world, workspace.folder, visit);
  const before = await memoryBefore(workspace);
  const session: OpenSession = { visit, knowledge, before, mirror, workspace, ledger: world.ledger };
  const done = await steps(session, lease);
  if (!done.ok) await salvageFiles(session, where.name, workspace.base, wordsOf(done.failure));
  await salvageStrays(session);
  await workspace.remove();
  return done;
}

/** A pass that died with its run counts, so the next one has another number. */
function passesBefore(attempt: number): readonly string[] {
  return Array.from({ length: attempt - 1 }, (_, index) => `fix-${index + 1}`);
}

/** What a process that died left in the workspace of the same step is kept, and the place made free. */
async function clearAway(
  world: SessionWorld,
  visit: Visit,
  mirror: Mirror,
  { name, at }: { name: string; at: Sha },
): Promise<void> {
  const left = await mirror.adoptWorkspace(`${visit.session}-${name}`, at);
  if (!left.ok) return;
  await using workspace = left.value;
  const session: OpenSession = {
    visit,
    knowledge: nothingKnown,
    mirror,
    workspace,
    ledger: world.ledger,
  };
  await salvageFiles(session, `${name}-unfinished`, at, 'the run died during this step');
  await salvageStrays(session);
}

/** A fix of `sha` that an earlier process pushed and did not live to tell. */
async function pushedBefore({ visit, mirror }: OpenSession, sha: Sha): Promise<Landed | undefined> {
  if (mirror.tip === sha || !(await mirror.contains(mirror.tip, sha))) return undefined;
  const listed = await mirror.commits(sha, mirror.tip);
  const ours = (listed.ok ? listed.value : []).filter(
    ({ message }) =>
      message.includes(`\nClone-Session: ${visit.session}\n`) &&
      /^Clone-Turn: (?:ci-fix|memory)$/m.test(message),
  );
  const last = ours.at(-1);
  if (!last) return undefined;
  return { sha: last.sha, parent: sha, commits: ours.map(asCommit), mode: 'push' };
}

/** What somebody took off the branch by force is not for us to bring back, mended or not. */
async function takenAway({ mirror }: OpenSession, sha: Sha | undefined): Promise<SessionFailure | undefined> {
  if (sha === undefined || mirror.tip === sha || (await mirror.contains(mirror.tip, sha))) return undefined;
  const { branch } = mirror.identity;
  return { kind: 'tasks-rejected', message: `somebody took ${sha.slice(0, 7)} off ${branch}` };
}

interface Fixed {
  readonly tip: Sha;
  readonly thread: string | undefined;
  readonly subject: string;
  readonly handoff: Handoff;
}

async function fixTurns(
  world: SessionWorld,
  session: OpenSession,
  order: FixOrder & { checks: Awaited<ReturnType<typeof findChecks>>; base: BaseResults },
  stop: Stop,
): Promise<Result<Fixed, SessionFailure>> {
  const { visit, workspace, mirror } = session;
  const stem = `ci-fix-${order.attempt}`;
  const excerpts = order.failures.map((failure) =>
    [
      `Workflow \`${failure.run.workflow}\`, job \`${failure.job.name}\`${failure.step ? `, step \`${failure.step}\`` : ''}:`,
      fenced(failure.excerpt, { source: 'CI log', nonce: world.randomId(8) }),
    ].join('\n'),
  );
  const prompt = await writePrompt(world, session, {
    template: 'ci-fix',
    stem,
    values: {
      sha: order.sha,
      branch: mirror.identity.branch,
      attempt: String(order.attempt),
      attempts: String(visit.options.ci_max_fix_attempts),
      failure: excerpts.join('\n\n') || 'CI gave no log.',
      checks: listChecks(order.checks.checks),
    },
  });
  let thread = order.thread;
  let next = { kind: 'ci-fix' as 'ci-fix' | 'repair', prompt, stem };
  const repairs = visit.options.verify_fix_attempts;
  for (let repair = 0; repair <= repairs; repair += 1) {
    const taken = await takeTurn(world, session, { ...next, schema: mendingSchema, thread }, stop);
    if (!taken.ok) return taken;
    thread = taken.value.thread;
    const handoff = handoffOf(taken.value.answer);
    const snapshot = await harvest(session, order.sha);
    if (!snapshot.ok) return failed(workspaceFailure(snapshot.failure));
    if (!snapshot.value.changed)
      return failed({ kind: 'tasks-rejected', message: `the fix pass changed nothing: ${handoff.summary}` });
    const message = commitMessage(handoff.commitMessage, 'Mend the build', {
      run: visit.run,
      session: visit.session,
      turn: 'ci-fix',
    });
    const commit = await workspace.commit(snapshot.value.tree, order.sha, message);
    if (!commit.ok) return failed(workspaceFailure(commit.failure));
    const what = {
      checks: order.checks.checks,
      commit: commit.value,
      tree: snapshot.value.tree,
      below: order.sha,
      base: order.base,
      label: next.stem,
    };
    const checked = await verify(world, session, what, stop);
    if (!checked.ok) return checked;
    await tellOverClaims(session, handoff, checked.value);
    if (checked.value.kind === 'green') {
      const [subject = ''] = message.split('\n');
      return ok({ tip: commit.value, thread, subject, handoff });
    }
    if (repair === repairs || isDraining(stop)) break;
    const again = `${stem}-repair-${repair + 1}`;
    next = {
      kind: 'repair',
      stem: again,
      prompt: await writePrompt(world, session, {
        template: 'repair',
        stem: again,
        values: {
          task_id: 'ci-fix',
          task_title: 'the mending of CI',
          attempt: String(repair + 1),
          attempts: String(repairs),
          findings: await describeFailing(world, session, checked.value.failing),
        },
      }),
    };
  }
  return failed({ kind: 'tasks-rejected', message: 'the fix stayed red in the repository’s own checks' });
}

/** Lands without moving the session's own state, which stays `cleaned`: beside it runs the CI state. */
async function landQuietly(
  world: SessionWorld,
  session: OpenSession,
  landing: Parameters<typeof land>[2],
  stop: Stop,
): Promise<Result<Landed, SessionFailure>> {
  const landed = await land(world, session, { ...landing, aside: true }, stop);
  if (landed.ok) await tellQuietly(session, landed.value);
  return landed;
}

async function tellQuietly({ mirror, visit, ledger }: OpenSession, landed: Landed): Promise<void> {
  const { sha, mode, commits } = landed;
  await ledger.record({ type: 'landed', sha, branch: mirror.identity.branch, mode, commits });
  if (visit.options.update_checkout && mode === 'push') {
    await ledger.record({ type: 'checkout-updated', ...(await mirror.updateCheckout(sha)) });
  }
}
