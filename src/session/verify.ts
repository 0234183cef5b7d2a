import path from 'node:path';
import type { Check } from '../domain/check.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { CommandEnd } from '../ports/commands.ts';
import { type CheckResult, type ChecksVerdict, judgeChecks } from '../rules/judge-checks.ts';
import { workspaceFailure } from './failure-words.ts';
import { endingNote, runCommandLine } from './run-command.ts';
import { mustEndNow, type OpenSession, type SessionWorld, type Stop } from './visit.ts';

/**
 * What is known of untouched commits: which checks fail there and are not for the work to answer for. Filled the first
 * time that a check fails and somebody must ask; one that was green with the work on it is not asked about. The commit
 * that work stands on changes when the branch has moved.
 */
export type BaseResults = Map<Sha, Map<string, boolean>>;

/** What is judged: the files of a commit, and the commit below it, of which a red check is asked too. */
interface Judged {
  readonly checks: readonly Check[];
  readonly commit: Sha;
  readonly tree: string;
  /** Without the work: what is red here was red before us. */
  readonly below: Sha;
  readonly base: BaseResults;
  readonly label: string;
}

/**
 * Runs the checks on the workspace as it stands (its files are exactly `commit`). A red check is asked once of the
 * commit below too: what was red before us does not count. The workspace is at `commit` again afterwards.
 */
export async function verify(
  world: SessionWorld,
  session: OpenSession,
  what: Judged,
  stop: Stop,
): Promise<Result<ChecksVerdict, SessionFailure>> {
  const results: CheckResult[] = [];
  for (const check of what.checks) {
    const evidence = await runCheck(world, session, check, { tree: what.tree, label: what.label }, stop);
    if (mustEndNow(stop))
      return failed({ kind: 'interrupted', message: `stopped during the check ${check.name}` });
    const red = evidence.exitCode !== 0;
    // Green with this session's work, it is not red before us from here on: whoever breaks it answers for it.
    if (!red) know(what, check.name, false);
    const redBeforeUs = red && (await failsBelow(world, session, check, what, stop));
    if (mustEndNow(stop))
      return failed({ kind: 'interrupted', message: `stopped during the check ${check.name}` });
    const noted = redBeforeUs ? { ...evidence, note: 'red before us' } : evidence;
    await session.ledger.record({ type: 'check-ran', evidence: noted });
    results.push({ evidence: noted, required: check.required, redBeforeUs });
    if (red && check.required && !redBeforeUs) break;
  }
  // Nothing ran: the files are still what was committed.
  if (results.length === 0) return ok(judgeChecks(results));
  const left = await removeLeavings(session, what.commit);
  return left.ok ? ok(judgeChecks(results)) : left;
}

/** What checks write (caches, reports, reformatted files) is not the agent's work and must not become its commit. */
async function removeLeavings(
  { workspace }: OpenSession,
  commit: Sha,
): Promise<Result<void, SessionFailure>> {
  // What a check changed is not what an agent changes next.
  workspace.changedAside();
  const left = await workspace.snapshot(commit);
  if (left.ok && !left.value.changed) return ok(undefined);
  const there = await workspace.resetTo(commit);
  return there.ok ? there : failed(workspaceFailure(there.failure));
}

async function failsBelow(
  world: SessionWorld,
  session: OpenSession,
  check: Check,
  what: Judged,
  stop: Stop,
): Promise<boolean> {
  const { commit, below } = what;
  const known = what.base.get(below)?.get(check.name);
  if (known !== undefined) return known;
  const { workspace } = session;
  const there = await workspace.resetTo(below);
  if (!there.ok) return false;
  const { end } = await runOne(world, session, check, `base-${below.slice(0, 12)}`, stop);
  await workspace.resetTo(commit);
  const fails = exitCodeOf(end) !== 0;
  if (!mustEndNow(stop)) know(what, check.name, fails);
  return fails;
}

function know({ base, below }: Judged, name: string, fails: boolean): void {
  base.set(below, (base.get(below) ?? new Map<string, boolean>()).set(name, fails));
}

async function runCheck(
  world: SessionWorld,
  session: OpenSession,
  check: Check,
  on: { tree: string; label: string },
  stop: Stop,
): Promise<Evidence> {
  const { end, file } = await runOne(world, session, check, on.label, stop);
  return {
    check: check.name,
    command: check.run,
    exitCode: exitCodeOf(end),
    seconds: end.seconds,
    label: 'local',
    tree: on.tree,
    at: world.clock.now(),
    note: endingNote(end, check.timeoutSeconds),
    log: `${session.visit.logs}/${file}`,
  };
}

async function runOne(
  world: SessionWorld,
  { visit, workspace }: OpenSession,
  check: Check,
  label: string,
  stop: Stop,
): Promise<{ end: CommandEnd; file: string }> {
  const file = `verify-${label}-${check.name.replace(/[^\w.-]+/g, '-')}.log`;
  const order = {
    line: check.run,
    cwd: workspace.folder,
    log: path.join(visit.folder, file),
    timeoutSeconds: check.timeoutSeconds,
    session: visit.session,
  };
  return { end: await runCommandLine(world, order, stop.now), file };
}

function exitCodeOf(end: CommandEnd): number | undefined {
  return end.ending === 'exited' ? (end.exitCode ?? 1) : undefined;
}
