import type { Sha } from '../domain/repo.ts';
import { failed } from '../domain/result.ts';
import type { SessionView } from '../ledger/views.ts';
import type { Lease } from '../ports/leases.ts';
import type { Mirror, Workspace } from '../ports/mirrors.ts';
import { tasksLeft } from '../rules/may-resume.ts';
import type { Part } from '../rules/prompt/segment.ts';
import { findChecks } from './checks.ts';
import { workspaceFailure } from './failure-words.ts';
import { knowledgeOf, nothingKnown } from './knowledge.ts';
import { memoryBefore } from './remember-edits.ts';
import { salvage, salvageFiles, salvageStrays } from './salvage.ts';
import { closeVisit, type Visited, workOn } from './session.ts';
import type { OpenSession, SessionWorld, Stop, Visit } from './visit.ts';

/** A session that was cut off, with what the run that takes it up holds of it. */
export interface CutOffSession {
  readonly view: SessionView;
  readonly lease: Lease;
  readonly mirror: Mirror;
  readonly workspace: Workspace;
}

/**
 * Goes on with a session whose run died: what was verified stays, the task that was cut off goes on with the files it
 * had, on its thread, and the tasks that are left follow. No plan is paid for again.
 */
export async function resumeVisit(
  world: SessionWorld,
  visit: Visit,
  { view, lease, mirror, workspace }: CutOffSession,
  stop: Stop,
): Promise<Visited> {
  const { run, cycle, session: id } = visit;
  const ledger = world.ledger.within({ run, cycle, repo: visit.repo.name, session: id });
  const tasks = tasksLeft(view);
  const done = view.tasks.filter(({ state }) => state === 'done').length;
  await ledger.record({ type: 'session-resumed', done, left: tasks.length, logs: visit.logs });

  const here = { ...world, ledger };
  const bare: OpenSession = { visit, knowledge: nothingKnown, mirror, workspace, ledger };
  const tip = view.commits.at(-1)?.sha ?? workspace.base;
  const unfinished = await keepUnfinished(bare, tip, view.resumed);
  const there = await workspace.resetTo(tip);
  if (!there.ok) {
    if (tip !== workspace.base) await salvage(bare, 'verified', tip, there.failure.message);
    return closeVisit(ledger, visit, failed(workspaceFailure(there.failure)));
  }
  const knowledge = await knowledgeOf(here, workspace.folder, visit);
  const before = await memoryBefore(workspace);
  const checks = await findChecks(here, visit, workspace.folder);
  const isCutOff = view.tasks.some(({ state }) => state === 'active');
  const back = isCutOff && unfinished !== undefined && (await workspace.bringBack(unfinished)).ok;

  const order = {
    ...{ tasks, checks, lease },
    // Another agent does not know the thread.
    thread: visit.options.agent === view.agent ? view.thread : undefined,
    from: { tip, worked: view.tasks.length - tasks.length, soFar: soFar(view, { isCutOff, back }) },
    isComplete: view.state === 'completed_unreviewed',
  };
  const session: OpenSession = { visit, knowledge, before, mirror, workspace, ledger };
  return closeVisit(ledger, visit, await workOn(here, session, order, stop));
}

/** Whatever comes of it, what was there is kept by name. Files of the base show only that a check was asked of it. */
async function keepUnfinished(session: OpenSession, tip: Sha, resumed: number): Promise<Sha | undefined> {
  const { workspace } = session;
  const snapshot = await workspace.snapshot(workspace.base);
  const isBase = snapshot.ok && !snapshot.value.changed;
  const name = resumed === 0 ? 'unfinished' : `unfinished-${resumed + 1}`;
  const kept = isBase
    ? undefined
    : await salvageFiles(session, name, tip, 'the run died while it was worked on');
  await salvageStrays(session);
  return kept;
}

/** What the next turn has to know, as the thread may be gone and the files are not what its last words say. */
function soFar(view: SessionView, { isCutOff, back }: { isCutOff: boolean; back: boolean }): readonly Part[] {
  const done = view.tasks.filter(({ state }) => state === 'done');
  const files = back
    ? 'Its unfinished files are in the workspace: look at `git status` and `git diff` first, keep what is good, and finish it.'
    : 'The workspace is at the last verified commit; edits after it are not there.';
  const cut = `This task was begun before and cut off: our program died. ${files}`;
  const lead = 'These tasks of the session are done, verified and committed:';
  const text = done.map(({ title, why }) => `- ${title}: ${why}`).join('\n');
  return [
    ...(isCutOff ? [{ source: 'the ledger', trust: 'trusted' as const, text: cut }] : []),
    ...(text === '' ? [] : [{ source: 'handoffs', trust: 'untrusted' as const, lead, text }]),
  ];
}
