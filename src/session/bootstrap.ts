import path from 'node:path';
import type { Finding } from '../domain/change.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { SessionFailure } from '../domain/failure.ts';
import { firstVersionTask } from '../domain/idea.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Handoff } from '../domain/task.ts';
import { commitMessage } from '../rules/commit-message.ts';
import { missingFiles } from '../rules/ideas/missing-files.ts';
import { handoffSchema } from '../rules/read-answer.ts';
import { type Checks, findChecks } from './checks.ts';
import { describeFailing } from './failing-checks.ts';
import { wordsOf, workspaceFailure } from './failure-words.ts';
import { askGates } from './gates.ts';
import { setAside } from './prepare.ts';
import { writePrompt } from './prompt.ts';
import { endingNote, runCommandLine } from './run-command.ts';
import { salvage, salvageFiles, salvageStrays } from './salvage.ts';
import { tellOverClaims } from './tell-over-claims.ts';
import { takeTurn } from './turn.ts';
import { type BaseResults, verify } from './verify.ts';
import { isDraining, mustEndNow, type OpenSession, type SessionWorld, type Stop } from './visit.ts';
import { handoffOf } from './work-task.ts';

/** The task under which the agent makes the first files. */
export const bootstrapTask = firstVersionTask;

/** The first files of a project: a tree that we verified and the gates allow, and how its commit is called. */
export interface FirstFiles {
  readonly tree: string;
  readonly message: string;
  /** How the project is checked, in words. */
  readonly checks: readonly string[];
  /** Paths. */
  readonly files: readonly string[];
}

/** What is wrong with the files as they are: words for people, and the same as the agent is told it. */
interface Flaw {
  readonly why: string;
  readonly findings: string;
  /** Set when a gate refused. */
  readonly refused?: readonly Finding[] | undefined;
}

/**
 * The first files of a project in a workspace that begins empty: a turn, then our own checks and gates, and repair
 * turns while something is wrong. A project that brings no check of its own is not done.
 */
export async function bootstrap(
  world: SessionWorld,
  session: OpenSession,
  idea: { readonly title: string; readonly summary: string },
  stop: Stop,
): Promise<Result<FirstFiles, SessionFailure>> {
  const { visit, workspace } = session;
  const attempts = visit.options.verify_fix_attempts;
  let thread: string | undefined;
  let flaw: Flaw | undefined;
  for (let repair = 0; ; repair += 1) {
    const stem = repair === 0 ? '1-idea' : `1-idea-repair-${repair}`;
    const prompt = await writePrompt(world, session, { stem, ...promptFor(idea, repair, attempts, flaw) });
    const kind = repair === 0 ? 'task' : 'repair';
    const order = { kind, task: bootstrapTask, prompt, schema: handoffSchema, thread, stem } as const;
    const taken = await takeTurn(world, session, order, stop);
    if (!taken.ok) {
      await salvageFiles(session, bootstrapTask, workspace.base, wordsOf(taken.failure));
      await salvageStrays(session);
      return taken;
    }
    thread = taken.value.thread;
    const handoff = handoffOf(taken.value.answer);

    const snapshot = await workspace.snapshot(workspace.base);
    if (!snapshot.ok) return failed(workspaceFailure(snapshot.failure));
    if (!snapshot.value.changed) return failed(nothingMade(taken.value.nothing, handoff));
    const message = commitMessage(handoff.commitMessage, `First version of ${idea.title}`, {
      run: visit.run,
      session: visit.session,
      task: bootstrapTask,
    });
    const { tree } = snapshot.value;
    const commit = await workspace.commit(tree, workspace.base, message);
    if (!commit.ok) return failed(workspaceFailure(commit.failure));
    if (handoff.status === 'blocked') {
      const why = `the agent gave it up: ${handoff.summary || 'it did not say why'}`;
      await salvage(session, bootstrapTask, commit.value, why);
      return failed({ kind: 'tasks-rejected', message: why });
    }

    const judged = await judge(world, session, { commit: commit.value, tree, stem, handoff }, stop);
    if (!judged.ok) {
      await salvage(session, bootstrapTask, commit.value, wordsOf(judged.failure));
      return judged;
    }
    if ('checks' in judged.value) return ok({ tree, message, ...judged.value });
    flaw = judged.value;
    if (repair >= attempts || isDraining(stop)) {
      await salvage(session, bootstrapTask, commit.value, flaw.why);
      return failed(giveUp(flaw, repair, stop));
    }
  }
}

function promptFor(
  idea: { readonly title: string; readonly summary: string },
  repair: number,
  attempts: number,
  flaw: Flaw | undefined,
): Pick<Parameters<typeof writePrompt>[2], 'template' | 'values'> {
  const task = { task_id: bootstrapTask, task_title: idea.title };
  if (flaw === undefined) return { template: 'idea', values: { ...task, task_why: idea.summary } };
  const values = { ...task, attempt: String(repair), attempts: String(attempts), findings: flaw.findings };
  return { template: 'repair', values };
}

function nothingMade(nothing: boolean, handoff: Handoff): SessionFailure {
  if (nothing)
    return {
      kind: 'agent-failed',
      message: 'the agent ended without an event, a token or a change',
      retryable: true,
    };
  const said = handoff.summary || 'it did not say why';
  return { kind: 'tasks-rejected', message: `the agent made no files: ${said}` };
}

function giveUp(flaw: Flaw, repairs: number, stop: Stop): SessionFailure {
  if (isDraining(stop)) return { kind: 'interrupted', message: `stopped before a repair (${flaw.why})` };
  if (flaw.refused) return { kind: 'gate-refused', findings: flaw.refused };
  const turns = `${repairs} repair ${repairs === 1 ? 'turn' : 'turns'}`;
  return { kind: 'tasks-rejected', message: `${flaw.why}, also after ${turns}` };
}

type Judged = Flaw | Pick<FirstFiles, 'checks' | 'files'>;

/** Everything that must hold before the files are the first commit of anything. */
async function judge(
  world: SessionWorld,
  session: OpenSession,
  made: { commit: Sha; tree: string; stem: string; handoff: Handoff },
  stop: Stop,
): Promise<Result<Judged, SessionFailure>> {
  const { visit, workspace, mirror, ledger } = session;
  const change = await mirror.change(workspace.base, made.commit);
  if (!change.ok) return failed(workspaceFailure(change.failure));
  const files = change.value.files.map((file) => file.path);
  const missing = missingFiles(files);
  if (missing.length > 0) return ok(flawOf(missing));
  const checks = await findChecks(world, visit, workspace.folder);
  if (checks.checks.length === 0) return ok(flawOf([noCheck]));

  const prepared = await setUp(world, session, { checks, commit: made.commit, stem: made.stem }, stop);
  if (!prepared.ok) return prepared;
  if (prepared.value) return ok(prepared.value);
  // Nothing was there before us that could have been red.
  const below = workspace.base;
  const base: BaseResults = new Map([[below, new Map(checks.checks.map((check) => [check.name, false]))]]);
  const what = { checks: checks.checks, commit: made.commit, tree: made.tree, below, base, label: made.stem };
  const verified = await verify(world, session, what, stop);
  if (!verified.ok) return verified;
  await tellOverClaims({ ledger }, made.handoff, verified.value);
  if (verified.value.kind === 'red') {
    const { failing } = verified.value;
    const names = failing.map((evidence) => evidence.check).join(', ');
    return ok({ why: `${names} is red`, findings: await describeFailing(world, session, failing) });
  }
  const allowed = await askGates(world, session, { from: workspace.base, to: made.commit });
  if (allowed.ok) return ok({ checks: checks.checks.map(({ run }) => run), files });
  if (allowed.failure.kind !== 'gate-refused') return allowed;
  const { findings } = allowed.failure;
  const lines = findings.map((one) => `- ${one.gate}: ${one.message}. To do: ${one.hint}.`);
  return ok({
    why: findings.map((one) => `${one.gate}: ${one.message}`).join('; '),
    findings: lines.join('\n'),
    refused: findings,
  });
}

const noCheck =
  'a project must bring a check: no test, lint or build command could be found (a test script in package.json, pytest, cargo, go, a Makefile with a test target)';

function flawOf(lines: readonly string[]): Flaw {
  return { why: lines.join('; '), findings: lines.map((line) => `- ${line}`).join('\n') };
}

/** Setup runs on the files of the commit; what it leaves beside them is not the project's. */
async function setUp(
  world: SessionWorld,
  session: OpenSession,
  { checks, commit, stem }: { checks: Checks; commit: Sha; stem: string },
  stop: Stop,
): Promise<Result<Flaw | undefined, SessionFailure>> {
  const { visit, workspace } = session;
  const timeout = visit.options.setup_timeout_seconds;
  let flaw: Flaw | undefined;
  for (const [index, line] of checks.setup.entries()) {
    const log = `setup-${stem}-${index + 1}.log`;
    const file = path.join(visit.folder, log);
    const where = { line, cwd: workspace.folder, log: file, timeoutSeconds: timeout, session: visit.session };
    const end = await runCommandLine(world, where, stop.now);
    if (mustEndNow(stop)) return failed({ kind: 'interrupted', message: `stopped during setup (${line})` });
    if (end.ending === 'exited' && end.exitCode === 0) continue;
    const evidence: Evidence = {
      check: 'setup',
      command: line,
      exitCode: end.ending === 'exited' ? (end.exitCode ?? 1) : undefined,
      seconds: end.seconds,
      label: 'local',
      tree: commit,
      at: world.clock.now(),
      note: endingNote(end, timeout),
      log: `${visit.logs}/${log}`,
    };
    flaw = {
      why: `setup failed: ${line}`,
      findings: await describeFailing(world, session, [evidence]),
    };
    break;
  }
  if (checks.setup.length === 0) return ok(undefined);
  const aside = await setAside(session);
  if (!aside.ok) return aside;
  // Setting aside goes back to the beginning, which is empty.
  const back = await workspace.resetTo(commit);
  return back.ok ? ok(flaw) : failed(workspaceFailure(back.failure));
}
