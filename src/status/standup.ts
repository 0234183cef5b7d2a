import { addUsage, noUsage, type Usage } from '../domain/agent.ts';
import { workOf } from '../domain/change.ts';
import { compareText } from '../domain/compare-text.ts';
import type { LedgerEvent } from '../domain/fact.ts';
import { type Instant, isoUtc } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SessionView } from '../ledger/views.ts';
import { blocking } from '../rules/review/judge-review.ts';
import { findingLine } from '../rules/review/tell-findings.ts';
import { isoOrNull } from './instants.ts';
import { needParts } from './need-parts.ts';
import type { NeedPart } from './report.ts';
import { readSituation, type Situation, type StatusQuestion } from './situation.ts';

/** The morning report: per repository what changed and why, what failed and what it taught, what is next. */
export interface StandupReport {
  readonly schema_version: 1;
  readonly generated_at: string;
  readonly since: string;
  /** `repos`: those with news; `repos_landed`: those in which something landed. */
  readonly totals: StandupCost & {
    readonly landed: number;
    readonly repos: number;
    readonly repos_landed: number;
  };
  readonly needs_you: readonly NeedPart[];
  readonly repos: readonly StandupRepo[];
}

export interface StandupRepo {
  readonly name: string;
  readonly landed: readonly {
    readonly sha: string;
    readonly subject: string;
    readonly why: string;
    readonly session: string;
  }[];
  readonly failed: readonly { readonly what: string; readonly why: string; readonly session: string }[];
  /** The rules that came of incidents: what is to prevent the next one. */
  readonly taught: readonly { readonly rule: string; readonly from: string; readonly session: string }[];
  /** What CI or a review found, and what was mended. */
  readonly mended: readonly { readonly what: string; readonly why: string; readonly session: string }[];
  readonly next: readonly string[];
  readonly next_due: string | null;
  readonly ci: string | null;
  readonly cost: StandupCost;
}

export interface StandupCost {
  readonly turns: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly agent_seconds: number;
}

export async function standupOf(
  ledger: Ledger,
  question: StatusQuestion,
  since: Instant,
): Promise<StandupReport> {
  const situation = await readSituation(ledger, question);
  const events = await ledger.events({
    sinceAt: since,
    types: ['landed', 'turn-ended', 'session-moved', 'watch-ended', 'session-queued', 'memory-proposed'],
  });
  const ids = [...new Set(events.flatMap(({ session }) => (session === undefined ? [] : [session])))];
  const sessions = (await Promise.all(ids.map((id) => ledger.session(id)))).filter(
    (one) => one !== undefined,
  );
  const byRepo = Map.groupBy(sessions, ({ repo }) => repo);
  const repos = [...byRepo]
    .map(([name, own]) =>
      repoOf(
        name,
        own,
        events.filter(({ repo }) => repo === name),
        situation,
      ),
    )
    .filter(isNews)
    .toSorted((a, b) => b.landed.length - a.landed.length || compareText(a.name, b.name));
  return {
    schema_version: 1,
    generated_at: isoUtc(question.now),
    since: isoUtc(since),
    totals: {
      repos: repos.length,
      repos_landed: repos.filter((repo) => repo.landed.length > 0).length,
      landed: repos.reduce((sum, repo) => sum + repo.landed.length, 0),
      ...costOf(events),
    },
    needs_you: needParts(situation),
    repos,
  };
}

function isNews({ landed, failed, taught, mended, cost }: StandupRepo): boolean {
  return landed.length + failed.length + taught.length + mended.length + cost.turns > 0;
}

function repoOf(
  name: string,
  sessions: readonly SessionView[],
  events: readonly LedgerEvent[],
  { repos }: Situation,
): StandupRepo {
  const view = repos.get(name);
  const byId = new Map(sessions.map((session) => [session.id, session]));
  return {
    name,
    landed: landings(events).flatMap((event, at, all) => {
      const again = all.slice(0, at).some(({ session }) => session === event.session);
      return landedOf(event, byId, again);
    }),
    failed: [...sessions.flatMap(failedTasks), ...events.flatMap(failedEnd)],
    taught: taughtBy(events),
    mended: [...events.flatMap(mendedCi), ...sessions.flatMap(mendedReview)],
    next: nextOf(sessions),
    next_due: isoOrNull(view?.nextDue),
    ci: view?.ci ?? null,
    cost: costOf(events),
  };
}

type Landing = Extract<LedgerEvent, { type: 'landed' }>;

function landings(events: readonly LedgerEvent[]): readonly Landing[] {
  return events.filter((event) => event.type === 'landed').filter(({ mode }) => mode !== 'hold');
}

/** `again`: the session landed before, so this is what its CI asked for. */
function landedOf(
  { commits, session = '' }: Landing,
  sessions: ReadonlyMap<string, SessionView>,
  again: boolean,
): StandupRepo['landed'] {
  const view = sessions.get(session);
  return workOf(commits).map(({ sha, subject, task }) => {
    const planned = view?.tasks.find(({ id }) => id === task);
    const called = again ? 'CI was red on what landed before' : view?.calledBy;
    return { sha, subject, why: planned?.plan.why ?? called ?? '', session };
  });
}

function failedTasks({ id, tasks, overClaims }: SessionView): StandupRepo['failed'] {
  const bad = tasks.filter(({ state }) => state === 'rejected' || state === 'blocked');
  return [
    ...bad.map(({ title, state, why }) => ({ what: `task ${state}: ${title}`, why, session: id })),
    ...overClaims.map(({ claim, saw }) => ({ what: `over-claim: ${claim}`, why: saw, session: id })),
  ];
}

const badEnds: ReadonlySet<string> = new Set(['rejected', 'blocked', 'failed', 'interrupted']);
const goodVerdicts: ReadonlySet<string> = new Set(['green', 'no_ci', 'fixed']);

function failedEnd(event: LedgerEvent): StandupRepo['failed'] {
  const session = event.session ?? '';
  // What waits for a person is under *needs you*, and did not fail.
  if (event.type === 'session-moved' && badEnds.has(event.to) && event.blockedBy !== 'human') {
    const what = event.blockedBy === undefined ? event.to : `${event.to}: ${event.blockedBy}`;
    return [{ what, why: event.why ?? '', session }];
  }
  if (event.type === 'watch-ended' && !goodVerdicts.has(event.verdict)) {
    return [{ what: `ci ${event.verdict} on ${event.sha.slice(0, 7)}`, why: event.why, session }];
  }
  return [];
}

/** Of an incident that was told again, with more known by then, the last word counts. */
function taughtBy(events: readonly LedgerEvent[]): StandupRepo['taught'] {
  const told = events.flatMap((event) => (event.type === 'memory-proposed' ? event.items : []));
  const last = new Map(told.map((item) => [item.id, item]));
  return [...last.values()].flatMap(({ what, session }) =>
    what.kind === 'incident' && what.incident.prevention !== ''
      ? [{ rule: what.incident.prevention, from: what.incident.title, session: session ?? '' }]
      : [],
  );
}

function mendedCi(event: LedgerEvent): StandupRepo['mended'] {
  if (event.type !== 'watch-ended' || event.verdict !== 'fixed') return [];
  return [{ what: `ci on ${event.sha.slice(0, 7)}`, why: event.why, session: event.session ?? '' }];
}

function mendedReview({ id, review = [] }: SessionView): StandupRepo['mended'] {
  if (review.at(-1)?.outcome !== 'passed') return [];
  return review.flatMap(({ agent, findings }) =>
    blocking(findings).map((finding) => ({
      what: findingLine(finding),
      why: `found by the review of ${agent}, mended before it landed`,
      session: id,
    })),
  );
}

/** What the newest session left to do: tasks that it planned and did not come to. */
function nextOf(sessions: readonly SessionView[]): readonly string[] {
  const newest = sessions.toSorted((a, b) => b.startedAt - a.startedAt)[0];
  if (newest === undefined) return [];
  const open = newest.tasks.filter(
    ({ state }) => state === 'planned' || state === 'dropped' || state === 'active',
  );
  const over = newest.droppedTasks === 0 ? [] : [`${newest.droppedTasks} more that were over the cap`];
  return [...open.map(({ title }) => title), ...over];
}

function costOf(events: readonly LedgerEvent[]): StandupCost {
  let usage: Usage = noUsage;
  let turns = 0;
  let seconds = 0;
  for (const event of events) {
    if (event.type !== 'turn-ended') continue;
    usage = addUsage(usage, event.usage);
    turns += 1;
    seconds += event.seconds;
  }
  return {
    turns,
    input_tokens: usage.inputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    output_tokens: usage.outputTokens,
    agent_seconds: Math.round(seconds),
  };
}
