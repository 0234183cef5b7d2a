import type { Idea, IdeaStatus, IdeaStep } from '../../domain/idea.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { FileProblem } from '../../ports/portfolio.ts';
import { isDraining, type Stop } from '../../session/visit.ts';
import type { RunOrder, RunWorld } from '../run-world.ts';
import type { WorkerPool } from '../worker-pool.ts';
import type { Stepped, Stumble } from './at-work.ts';
import { type Developed, developIdea } from './develop-idea.ts';
import { keyOf, pathOf } from './triage-idea.ts';

/** What became of one idea. */
export interface IdeaEnd {
  readonly idea: string;
  readonly title: string;
  /** `left`: nothing is wrong, it goes on next time. `busy`: another process is at it. */
  readonly is: 'ACTIVE' | 'BLOCKED' | 'left' | 'busy';
  readonly why: string;
  readonly step?: IdeaStep | undefined;
  readonly hint?: string | undefined;
  readonly repo?: string | undefined;
  /** The session whose landing CI is watched for. */
  readonly watched?: string | undefined;
}

export interface IdeasOrder extends RunOrder {
  readonly cycle: number;
  readonly pool: WorkerPool;
  /** Undefined: every idea that is NEW or TRIAGED. */
  readonly onlyIdea?: string | undefined;
}

/**
 * Takes each idea that is NEW or TRIAGED on its way to a repository, some at once. An idea that is ACTIVE or BLOCKED
 * costs nothing. A file that cannot be read is the answer, and nothing was done.
 */
export async function processIdeas(
  world: RunWorld,
  order: IdeasOrder,
  stop: Stop,
): Promise<Result<readonly IdeaEnd[], FileProblem>> {
  const read = await world.ideas.read();
  if (!read.ok) return read;
  await forgetGone(world, read.value);
  const here = { ...world, ledger: world.ledger.within({ run: order.run, cycle: order.cycle }) };
  const wanted = read.value
    .filter(isWaiting)
    .filter(({ id }) => order.onlyIdea === undefined || id === order.onlyIdea);
  const ends = wanted.map((idea) => order.pool.run(() => oneIdea(here, order, idea, stop)));
  return ok(await Promise.all(ends));
}

/** True for an idea that is taken up without a person's word. */
export function isWaiting({ status }: Pick<Idea, 'status'>): boolean {
  return status === 'NEW' || status === 'TRIAGED';
}

/** A blocked idea that a person took out of the file, or settled there, needs nobody any more. */
async function forgetGone(world: RunWorld, ideas: readonly Idea[]): Promise<void> {
  for (const view of await world.ledger.ideas({ states: ['BLOCKED'] })) {
    const status = ideas.find(({ id }) => id === view.id)?.status;
    if (status !== undefined && status !== 'ACTIVE') continue;
    const to = status ?? 'GONE';
    const why = status === undefined ? 'it is no longer in ideas.yaml' : 'set by a person';
    await world.ledger.record({ type: 'idea-moved', idea: view.id, to, why });
  }
}

async function oneIdea(world: RunWorld, order: IdeasOrder, listed: Idea, stop: Stop): Promise<IdeaEnd> {
  if (isDraining(stop)) return endOf(listed, { is: 'left', why: 'the run is stopping' });
  const { path } = await pathOf(world, order.options, listed);
  const holder = `run ${order.run}, idea ${listed.id}`;
  const taken = await world.leases.acquire(keyOf(listed, path), holder, { run: order.run });
  if (!taken.ok) {
    await world.ledger.record({
      type: 'warned',
      message: `idea ${listed.id} is left out: ${taken.failure.holder} is at it`,
    });
    return endOf(listed, { is: 'busy', why: `${taken.failure.holder} is at it` });
  }
  await using lease = taken.value;
  const held: Stop = {
    drain: AbortSignal.any([stop.drain, lease.lost]),
    now: AbortSignal.any([stop.now, lease.lost]),
  };
  // Whoever had it before us may have finished it between our look and our turn.
  const again = await world.ideas.read();
  const idea = again.ok ? again.value.find(({ id }) => id === listed.id) : listed;
  if (!idea || !isWaiting(idea)) return endOf(listed, { is: 'left', why: 'another process finished it' });
  const done = await developed(world, { idea, order, cycle: order.cycle }, held);
  if (!done.ok) return await stumbled(world, idea, done.failure);
  await mark(world, idea, 'ACTIVE', { why: done.value.why });
  return endOf(idea, { is: 'ACTIVE', ...done.value });
}

/** One catch per idea: a bug in one is its block, and keeps away from the others. */
async function developed(
  world: RunWorld,
  about: Parameters<typeof developIdea>[1],
  stop: Stop,
): Promise<Stepped<Developed>> {
  try {
    return await developIdea(world, about, stop);
  } catch (bug) {
    const why = bug instanceof Error ? bug.message : String(bug);
    const step = (await world.ledger.idea(about.idea.id))?.step ?? 'triage';
    return { ok: false, failure: { is: 'blocked', step, why, hint: 'mend that' } };
  }
}

async function stumbled(world: RunWorld, idea: Idea, stumble: Stumble): Promise<IdeaEnd> {
  if (stumble.is === 'blocked') {
    const { step, hint } = stumble;
    const why = world.redact(stumble.why);
    await mark(world, idea, 'BLOCKED', { step, why, hint });
    return endOf(idea, { is: 'BLOCKED', step, why, hint: withRetry(idea, hint) });
  }
  await world.ledger.record({ type: 'warned', message: `idea ${idea.id} waits: ${stumble.why}` });
  return endOf(idea, stumble);
}

/** In the ledger and in the file. When the file cannot be written now, the next look brings it up to date. */
async function mark(
  world: RunWorld,
  idea: Idea,
  status: IdeaStatus,
  told: { why: string; step?: IdeaStep; hint?: string },
): Promise<void> {
  const hint = told.hint === undefined ? undefined : withRetry(idea, told.hint);
  await world.ledger.record({ type: 'idea-moved', idea: idea.id, to: status, ...told, hint });
  const lastError =
    hint === undefined ? undefined : oneLine(`${told.step ?? 'triage'}: ${told.why}. To do: ${hint}`);
  const changed = await world.ideas.change(() => [{ edit: 'mark', id: idea.id, status, lastError }]);
  if (changed.ok) return;
  const message = `ideas.yaml could not be brought up to date: ${changed.failure.message}`;
  await world.ledger.record({ type: 'warned', message });
}

function withRetry(idea: Idea, hint: string): string {
  return `${hint}; then clone ideas retry ${idea.id}`;
}

function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length <= 1000 ? line : `${line.slice(0, 999)}…`;
}

function endOf({ id, title }: Idea, end: Omit<IdeaEnd, 'idea' | 'title'>): IdeaEnd {
  return { idea: id, title, ...end };
}
