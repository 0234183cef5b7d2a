import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Lease } from '../ports/leases.ts';
import type { Checks } from './checks.ts';
import { workspaceFailure } from './failure-words.ts';
import { askGates } from './gates.ts';
import { type BaseResults, verify } from './verify.ts';
import type { OpenSession, SessionWorld, Stop } from './visit.ts';

/** How often somebody may still look at one landing. Counts down. */
export interface ReviewTurns {
  left: number;
}

/** What is to land: the commits `from..tip`, with what it takes to judge them again. */
export interface Landing {
  readonly from: Sha;
  readonly tip: Sha;
  readonly checks: Checks;
  readonly base: BaseResults;
  readonly lease: Lease;
  readonly thread: string | undefined;
  /** Review turns that this landing may still take; left out: none. */
  readonly reviews?: ReviewTurns | undefined;
  /** True while the agent of the session is at work anyway: it may be asked to say old entries in fewer words. */
  readonly mayAsk?: boolean | undefined;
  /** True for a landing beside a session that is over (a fix, a revert): its state does not move. */
  readonly aside?: boolean | undefined;
  /** True for a revert: no agent wrote it, and nothing is written down on top of it. */
  readonly takesBack?: boolean | undefined;
}

/** Brings the workspace to a commit and answers it when checks and gates hold there. */
export async function verifiedAt(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing,
  label: string,
  stop: Stop,
): Promise<Result<Sha, SessionFailure>> {
  const there = await session.workspace.resetTo(landing.tip);
  if (!there.ok) return failed(workspaceFailure(there.failure));
  const snapshot = await session.workspace.snapshot(landing.tip);
  if (!snapshot.ok) return failed(workspaceFailure(snapshot.failure));
  const what = {
    checks: landing.checks.checks,
    commit: landing.tip,
    tree: snapshot.value.tree,
    below: landing.from,
    base: landing.base,
    label,
  };
  const checked = await verify(world, session, what, stop);
  if (!checked.ok) return checked;
  if (checked.value.kind === 'red') {
    const names = checked.value.failing.map((evidence) => evidence.check).join(', ');
    return failed({
      kind: 'tasks-rejected',
      message: `green alone, but ${names} is red together with what others pushed`,
    });
  }
  const allowed = await askGates(world, session, {
    from: landing.from,
    to: landing.tip,
    takesBack: landing.takesBack,
  });
  return allowed.ok ? ok(landing.tip) : allowed;
}
