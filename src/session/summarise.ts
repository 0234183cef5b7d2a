import type { Sha } from '../domain/repo.ts';
import { askedOf, entryParts } from '../rules/memory/ask-summaries.ts';
import type { OldEntry } from '../rules/memory/compact-memory.ts';
import { judgeSummaries } from '../rules/memory/judge-summaries.ts';
import type { Words } from '../rules/memory/past-of.ts';
import { readSummaries, summariesSchema } from '../rules/memory/read-summaries.ts';
import { oneLine } from '../rules/memory/words.ts';
import { wordsOf } from './failure-words.ts';
import { writePrompt } from './prompt.ts';
import { takeTurn } from './turn.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop } from './visit.ts';

/** What came of asking an agent for the lines of old entries. */
export interface Summarised {
  readonly asked: number;
  readonly used: number;
  /** Why the other entries go by their own words. */
  readonly why: string | undefined;
  wordsFor(told: string): Words | undefined;
}

/** The files of the workspace as they are when the agent is asked: `tip` with what makes them `tree`. */
export interface FilesNow {
  readonly tip: Sha;
  readonly tree: string;
}

/** Has old entries said in one line each. Afterwards the workspace holds `tip`, or still `tree`. */
export type Summarise = (entries: readonly OldEntry[], files: FilesNow) => Promise<Summarised>;

const longestMinutes = 10;

/**
 * An agent that is asked at most once, however often a landing begins anew: later calls are answered from what it said.
 * Undefined where the options want no agent for it.
 */
export function summariserFor(world: SessionWorld, session: OpenSession, stop: Stop): Summarise | undefined {
  if (session.visit.options.memory_summaries !== 'agent') return undefined;
  let said: Promise<Summarised> | undefined;
  return (entries, files) => (said ??= summaryTurn(world, session, { entries, files }, stop));
}

/** The same for a landing. Where the last commit that remembers did not land, no turn is spent on the next. */
export function summariserOfLanding(
  world: SessionWorld,
  session: OpenSession,
  stop: Stop,
): Summarise | undefined {
  const summarise = summariserFor(world, session, stop);
  if (!summarise) return undefined;
  const { ledger, visit } = session;
  let view: ReturnType<typeof ledger.memory> | undefined;
  return async (entries, files) => {
    // Asked before this landing makes such a commit itself.
    view ??= ledger.memory(visit.repo.name);
    return (await view)?.writing ? nobodyAsked : summarise(entries, files);
  };
}

/**
 * One summary turn on a thread of its own. Whatever becomes of it, there is a line for each entry: what cannot be used
 * is left to the entry's own words, and the ledger is told why.
 */
async function summaryTurn(
  world: SessionWorld,
  session: OpenSession,
  { entries, files }: { entries: readonly OldEntry[]; files: FilesNow },
  stop: Stop,
): Promise<Summarised> {
  const asked = askedOf(entries);
  if (asked.length === 0 || isDraining(stop)) return nobodyAsked;
  const stem = 'summary';
  const prompt = await writePrompt(world, session, {
    template: 'summary',
    stem,
    values: { entries: entryParts(asked) },
  });
  const order = { kind: 'summary', prompt, schema: summariesSchema, thread: undefined, stem } as const;
  const taken = await takeTurn(world, briefly(session), order, stop);
  const isUntouched = await leftAlone(session, files);
  const read = taken.ok ? readSummaries(taken.value.answer) : undefined;
  const judged = read?.ok === true && isUntouched ? judgeSummaries(asked, read.value) : undefined;
  const words = judged?.words ?? new Map<string, Words>();
  const why = !isUntouched
    ? 'it changed files, which was taken back'
    : !taken.ok
      ? oneLine(wordsOf(taken.failure), 300)
      : read?.ok === false
        ? read.failure
        : judged?.refused.join('; ') || undefined;
  const used = asked.filter(({ told }) => words.has(told)).length;
  await session.ledger.record({ type: 'memory-summarised', asked: asked.length, used, why });
  return { asked: asked.length, used, why, wordsFor: (told) => words.get(told) };
}

const nobodyAsked: Summarised = { asked: 0, used: 0, why: undefined, wordsFor: () => undefined };

/** A landing waits for it: one start, and not for long. */
function briefly(session: OpenSession): OpenSession {
  const { options } = session.visit;
  const turn_minutes = Math.min(options.turn_minutes, longestMinutes);
  return {
    ...session,
    visit: { ...session.visit, options: { ...options, agent_attempts: 1, turn_minutes } },
  };
}

/** An agent that changes files here is not believed, and its changes go. */
async function leftAlone({ workspace }: OpenSession, { tip, tree }: FilesNow): Promise<boolean> {
  const now = await workspace.snapshot(tip);
  if (now.ok && now.value.tree === tree) return true;
  // Where this fails, the next step finds the workspace unusable and says so.
  await workspace.resetTo(tip);
  return false;
}
