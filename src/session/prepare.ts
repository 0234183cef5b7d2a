import path from 'node:path';
import type { SessionFailure } from '../domain/failure.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Checks } from './checks.ts';
import { workspaceFailure } from './failure-words.ts';
import { endingNote, runCommandLine } from './run-command.ts';
import { mustEndNow, type OpenSession, type SessionWorld, type Stop } from './visit.ts';

/** Copies what the user lists and runs the setup commands, so that the checks can run in a fresh workspace. */
export async function prepare(
  world: SessionWorld,
  session: OpenSession,
  checks: Checks,
  stop: Stop,
): Promise<Result<void, SessionFailure>> {
  const { visit, workspace, ledger } = session;
  const { copy, setup_timeout_seconds: timeout } = visit.options;
  if (copy.length > 0 && visit.identity.checkout) {
    const missing = await world.workplace.copyInto(visit.identity.checkout, workspace.folder, copy);
    if (missing.length > 0)
      await ledger.record({
        type: 'warned',
        message: `not in your checkout, so not copied: ${missing.join(', ')}`,
      });
  }
  for (const [index, line] of checks.setup.entries()) {
    const log = `setup-${index + 1}.log`;
    const end = await runCommandLine(
      world,
      {
        line,
        cwd: workspace.folder,
        log: path.join(visit.folder, log),
        timeoutSeconds: timeout,
        session: visit.session,
      },
      stop.now,
    );
    if (mustEndNow(stop)) return failed({ kind: 'interrupted', message: `stopped during setup (${line})` });
    if (end.ending !== 'exited' || end.exitCode !== 0) {
      const what = endingNote(end, timeout) ?? `exit ${end.exitCode ?? 1}`;
      return failed({
        kind: 'workspace-unusable',
        message: `setup failed: \`${line}\`: ${what}.`,
        hint: `See ${visit.logs}/${log}; set \`setup\` if this repository needs another command.`,
      });
    }
  }
  if (checks.setup.length === 0) return ok(undefined);
  return setAside(session);
}

/** What setup made is nobody's work. People are told where that would hide work. */
export async function setAside({
  workspace,
  ledger,
}: Pick<OpenSession, 'workspace' | 'ledger'>): Promise<Result<void, SessionFailure>> {
  const aside = await workspace.setAside();
  if (!aside.ok) return failed(workspaceFailure(aside.failure));
  const { whole } = aside.value;
  if (whole.length > 0) {
    const message = `setup left too many files in ${whole.join(', ')} to tell them from work: whatever is written there is in no commit. Add what setup makes to .gitignore`;
    await ledger.record({ type: 'warned', message });
  }
  return ok(undefined);
}
