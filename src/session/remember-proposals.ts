import type { Finding } from '../domain/change.ts';
import type { CiFailure } from '../domain/ci.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Remembering } from '../domain/remembering.ts';
import type { Sha } from '../domain/repo.ts';
import type { Handoff, Task } from '../domain/task.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SessionView } from '../ledger/views.ts';
import { proposedBy, rejectedByPerson } from '../rules/propose-memory.ts';
import {
  exhaustedRepair,
  type Lesson,
  overClaimed,
  redCi,
  redCiId,
  refusedByGates,
  takenBack,
} from '../rules/tell-incident.ts';
import type { OpenSession, SessionWorld } from './visit.ts';

/** The one task of a session that plans and works in one turn. */
const wholeTask = 'session';

type Here = Pick<OpenSession, 'visit' | 'ledger'>;
type Time = Pick<SessionWorld, 'clock'>;

/** A task held: its line of the backlog, and what the agent proposes. All of it waits for the landing. */
export async function proposeDone(
  world: Time,
  { visit, ledger }: Here,
  done: { task: Task; kind: 'task' | 'cleanup'; handoffs: readonly Handoff[]; subject: string; tree: string },
): Promise<void> {
  const { task, kind, subject, tree } = done;
  const handoff = together(done.handoffs);
  if (handoff === undefined) return;
  const seen = (await ledger.session(visit.session))?.evidence.filter((one) => one.tree === tree) ?? [];
  // A whole session as one task has no title of its own; tidying is no feature.
  const title = kind === 'cleanup' ? undefined : task.id === wholeTask ? subject : task.title;
  const isTainted =
    task.issue !== undefined ||
    visit.redCi !== undefined ||
    visit.signals.some(({ trust }) => trust === 'untrusted');
  const items = proposedBy(handoff, {
    session: visit.session,
    task,
    title,
    at: world.clock.now(),
    evidence: evidenceWords(seen),
    isTainted,
  });
  await propose(ledger.within({ task: task.id }), items);
}

/** What a task said in all its turns; the last word on everything but what is to be remembered. */
function together(handoffs: readonly Handoff[]): Handoff | undefined {
  const last = handoffs.at(-1);
  return last && { ...last, memory: handoffs.flatMap(({ memory }) => memory).slice(-5) };
}

export async function proposeExhausted(
  world: Time,
  { visit, ledger }: Here,
  told: { task: Task; failing: readonly Evidence[]; repairs: number; handoff: Handoff },
): Promise<void> {
  const place = { session: visit.session, at: world.clock.now() };
  await propose(ledger, [exhaustedRepair(place, { ...told, lesson: told.handoff })]);
}

/** Told at once, and again with what was learned when the repair after it held. */
export async function proposeOverClaim(
  world: Time,
  { visit, ledger }: Here,
  told: {
    task: Task;
    claims: readonly { claim: string; saw: string }[];
    command: string;
    mended?: { lesson: Lesson } | undefined;
  },
): Promise<void> {
  if (told.claims.length === 0) return;
  const place = { session: visit.session, at: world.clock.now() };
  const item = overClaimed(place, { mended: undefined, ...told });
  const before = (await ledger.memory(visit.repo.name))?.pending.some(({ id }) => id === item.id);
  await propose(ledger, [item], before ? [item.id] : []);
}

export async function proposeRefused(
  world: Time,
  { visit, ledger }: Here,
  told: { findings: readonly Finding[]; repairs: number; lesson: Lesson },
): Promise<void> {
  await propose(ledger, [refusedByGates({ session: visit.session, at: world.clock.now() }, told)]);
}

/** A landing turned CI red. What an earlier telling of it knew of cause and rule is kept. */
export async function proposeRedCi(
  world: Time,
  { visit, ledger }: Here,
  told: {
    sha: Sha;
    jobs: readonly string[];
    url: string | undefined;
    fix?: string | undefined;
    lesson?: Lesson | undefined;
  },
): Promise<void> {
  const view = await ledger.memory(visit.repo.name);
  const isIt = ({ id }: Remembering): boolean => id === redCiId(told.sha);
  const known = view?.pending.find(isIt);
  const last = view?.lastRedCi;
  const isTold = known !== undefined || (last !== undefined && isIt(last));
  const lesson = told.lesson ?? lessonOf(known);
  const place = { session: visit.session, at: atOf(known) ?? world.clock.now() };
  const item = redCi(place, { fix: undefined, ...told, lesson });
  await propose(ledger, [item], isTold ? [item.id] : []);
}

/**
 * A landing was taken back. What its last fix pass said of the cause is said here. What the landing had written down for
 * others, and other lessons of its own, went with it and is to be written again.
 */
export async function proposeTakenBack(
  world: Time,
  { visit, ledger }: Here,
  told: {
    sha: Sha;
    revert: Sha;
    jobs: readonly string[];
    url: string | undefined;
    commits: readonly Sha[];
  },
): Promise<void> {
  const view = await ledger.memory(visit.repo.name);
  const last = view?.lastRedCi;
  const gone = (view?.written ?? []).filter(({ commit }) => told.commits.includes(commit));
  const again = gone.flatMap(({ items }) => items).filter((item) => outlives(item, visit.session));
  const lesson = last?.session === visit.session ? lessonOf(last) : lessonOf(undefined);
  const place = { session: visit.session, at: world.clock.now() };
  const item = takenBack(place, { ...told, lesson });
  await propose(
    ledger,
    [...again, item],
    again.map(({ id }) => id),
  );
}

function outlives({ session, what }: Remembering, takenBackSession: string): boolean {
  if (session !== takenBackSession) return true;
  return what.kind === 'incident' && what.incident.trigger !== 'red-ci';
}

/** A person said no, and why: the next sessions are to know. Nothing landed, so the next landing writes it down. */
export async function proposeAnswer(
  world: Time & Pick<Here, 'ledger'>,
  session: Pick<SessionView, 'id' | 'tasks' | 'commits'>,
  why: string,
): Promise<void> {
  const done = session.tasks.filter(({ state }) => state === 'done');
  const subject = (id: string): string | undefined =>
    session.commits.find(({ task }) => task === id)?.subject;
  const titles = done.map(({ id, title }) => `"${id === wholeTask ? (subject(id) ?? title) : title}"`);
  const what = titles.join(', ') || 'the work of a session';
  const item = rejectedByPerson({ session: session.id, at: world.clock.now() }, { what, why });
  await propose(world.ledger, [item]);
}

/** Jobs and address of a red CI, from what a fix pass is told of it. */
export function redJobs(failures: readonly CiFailure[]): {
  jobs: readonly string[];
  url: string | undefined;
} {
  const names = failures.map(({ job, run }) =>
    job.name === run.workflow ? job.name : `${run.workflow} / ${job.name}`,
  );
  return { jobs: [...new Set(names)], url: failures[0]?.run.url };
}

/** `again`: the ids of those that were told before. */
async function propose(
  ledger: Ledger,
  items: readonly Remembering[],
  again: readonly string[] = [],
): Promise<void> {
  if (items.length === 0) return;
  const told = again.length === 0 ? {} : { again };
  await ledger.record({ type: 'memory-proposed', items, ...told });
}

function lessonOf(known: Remembering | undefined): Lesson {
  if (known?.what.kind !== 'incident' || known.what.lesson !== true)
    return { rootCause: '', preventionRule: '' };
  const { rootCause, prevention } = known.what.incident;
  return { rootCause, preventionRule: prevention };
}

function atOf(known: Remembering | undefined): number | undefined {
  return known?.what.kind === 'incident' ? known.what.incident.at : undefined;
}

/** `local: test exited 0, lint exited 0` */
function evidenceWords(seen: readonly Evidence[]): string {
  if (seen.length === 0) return 'blocked: the repository has no check that could show it';
  return `local: ${seen.map(said).join(', ')}`;
}

function said({ check, exitCode, note }: Evidence): string {
  const how = exitCode === undefined ? (note ?? 'did not run to an exit') : `exited ${exitCode}`;
  return exitCode !== 0 && exitCode !== undefined && note !== undefined
    ? `${check} ${how} (${note})`
    : `${check} ${how}`;
}
