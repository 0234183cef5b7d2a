import path from 'node:path';
import type { Check } from '../domain/check.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { type CheckResult, type ChecksVerdict, judgeChecks } from '../rules/judge-checks.ts';
import { workspaceFailure } from './failure-words.ts';
import { endingNote, runCommandLine } from './run-command.ts';
import { mustEndNow, type OpenSession, type SessionWorld, type Stop } from './visit.ts';

/** What is known of the untouched base, filled the first time that a check fails and somebody must ask. */
export type BaseResults = Map<string, boolean>;

/**
 * Runs the checks on the workspace as it stands (its files are exactly `commit`). A red check is asked once of
 * the base too: what was red before us does not count. The workspace is at `commit` again afterwards.
 */
export async function verify(
  world: SessionWorld,
  session: OpenSession,
  what: { checks: readonly Check[]; commit: Sha; tree: string; base: BaseResults; label: string },
  stop: Stop,
): Promise<Result<ChecksVerdict, SessionFailure>> {
  const results: CheckResult[] = [];
  for (const check of what.checks) {
    const evidence = await runCheck(world, session, check, { tree: what.tree, label: what.label }, stop);
    if (mustEndNow(stop))
      return failed({ kind: 'interrupted', message: `stopped during the check ${check.name}` });
    const red = evidence.exitCode !== 0;
    const redBeforeUs = red && (await failsOnBase(world, session, check, what, stop));
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
  const left = await workspace.snapshot(commit);
  if (left.ok && !left.value.changed) return ok(undefined);
  const there = await workspace.resetTo(commit);
  return there.ok ? there : failed(workspaceFailure(there.failure));
}

async function failsOnBase(
  world: SessionWorld,
  session: OpenSession,
  check: Check,
  what: { commit: Sha; base: BaseResults; label: string },
  stop: Stop,
): Promise<boolean> {
  const known = what.base.get(check.name);
  if (known !== undefined) return known;
  const { workspace } = session;
  const there = await workspace.resetTo(workspace.base);
  if (!there.ok) return false;
  const evidence = await runCheck(world, session, check, { tree: workspace.base, label: 'base' }, stop);
  await workspace.resetTo(what.commit);
  const fails = evidence.exitCode !== 0;
  if (!mustEndNow(stop)) what.base.set(check.name, fails);
  return fails;
}

async function runCheck(
  world: SessionWorld,
  session: OpenSession,
  check: Check,
  on: { tree: string; label: string },
  stop: Stop,
): Promise<Evidence> {
  const { visit, workspace } = session;
  const file = `verify-${on.label}-${check.name.replace(/[^\w.-]+/g, '-')}.log`;
  const end = await runCommandLine(
    world,
    {
      line: check.run,
      cwd: workspace.folder,
      log: path.join(visit.folder, file),
      timeoutSeconds: check.timeoutSeconds,
      session: visit.session,
    },
    stop.now,
  );
  return {
    check: check.name,
    command: check.run,
    exitCode: end.ending === 'exited' ? (end.exitCode ?? 1) : undefined,
    seconds: end.seconds,
    label: 'local',
    tree: on.tree,
    at: world.clock.now(),
    note: endingNote(end, check.timeoutSeconds),
    log: `${visit.logs}/${file}`,
  };
}
