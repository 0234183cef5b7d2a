import { workOf } from '../domain/change.ts';
import type { LedgerEvent } from '../domain/fact.ts';
import { hours, isoUtc } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SessionView } from '../ledger/views.ts';
import type { NewsPart } from './report.ts';
import type { StatusQuestion } from './situation.ts';

const mostNews = 200;
const otherEnds = ['rejected', 'blocked', 'failed', 'interrupted', 'abandoned'];

/** What a person missed since they looked last, newest first: landings, and everything that went otherwise. */
export async function newsParts(
  ledger: Ledger,
  { lastLook, now }: Pick<StatusQuestion, 'lastLook' | 'now'>,
): Promise<readonly NewsPart[]> {
  const since = lastLook === undefined ? now - hours(24) : lastLook + 1;
  const told = { sinceAt: since, types: ['landed', 'watch-ended'], newestFirst: true, limit: 2 * mostNews };
  const events = await ledger.events(told);
  const sessions = await ledger.sessions({ states: otherEnds, limit: mostNews });
  return [...events.flatMap(newsOfEvent), ...sessions.flatMap((session) => newsOfEnd(session, since))]
    .toSorted((a, b) => b.at - a.at)
    .slice(0, mostNews)
    .map((news) => ({ ...news, at: isoUtc(news.at) }));
}

type News = Omit<NewsPart, 'at'> & { readonly at: number };

function newsOfEvent(event: LedgerEvent): readonly News[] {
  const where = { at: event.at, repo: event.repo ?? '', session: event.session ?? '' };
  if (event.type === 'landed' && event.mode !== 'hold') {
    const [first, ...others] = workOf(event.commits);
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return [
      { ...where, what: 'landed', why: `${event.sha.slice(0, 7)} ${first?.subject ?? ''}${more}`.trim() },
    ];
  }
  if (event.type === 'watch-ended' && event.verdict !== 'green' && event.verdict !== 'no_ci') {
    return [{ ...where, what: `ci ${event.verdict}`, why: `${event.sha.slice(0, 7)} ${event.why}` }];
  }
  return [];
}

function newsOfEnd(
  { id, repo, state, blockedBy, why, endedAt }: SessionView,
  since: number,
): readonly News[] {
  if (endedAt === undefined || endedAt < since) return [];
  const what = blockedBy === undefined ? state : `${state}: ${blockedBy}`;
  return [{ at: endedAt, repo, session: id, what, why: why ?? '' }];
}
