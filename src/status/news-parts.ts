import type { LedgerEvent } from '../domain/fact.ts';
import { hours, isoUtc } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { NewsPart } from './report.ts';
import type { StatusQuestion } from './situation.ts';

const mostNews = 200;

/** What a person missed since they looked last, newest first: landings, and everything that went otherwise. */
export async function newsParts(
  ledger: Ledger,
  { lastLook, now }: Pick<StatusQuestion, 'lastLook' | 'now'>,
): Promise<readonly NewsPart[]> {
  const events = await ledger.events({
    sinceAt: lastLook === undefined ? now - hours(24) : lastLook + 1,
    types: ['landed', 'session-moved', 'watch-ended'],
    newestFirst: true,
    limit: mostNews * 10,
  });
  return events.flatMap(newsOf).slice(0, mostNews);
}

function newsOf(event: LedgerEvent): readonly NewsPart[] {
  const told = wordsOf(event);
  if (told === undefined) return [];
  return [{ at: isoUtc(event.at), repo: event.repo ?? '', session: event.session ?? '', ...told }];
}

function wordsOf(event: LedgerEvent): { what: string; why: string } | undefined {
  if (event.type === 'landed' && event.mode !== 'hold') {
    const [first] = event.commits;
    const more = event.commits.length > 1 ? ` and ${event.commits.length - 1} more` : '';
    return { what: 'landed', why: `${event.sha.slice(0, 7)} ${first?.subject ?? ''}${more}`.trim() };
  }
  if (event.type === 'session-moved' && toldEnds.has(event.to)) {
    const by = event.blockedBy === undefined ? '' : `: ${event.blockedBy}`;
    return { what: `${event.to}${by}`, why: event.why ?? '' };
  }
  if (event.type === 'watch-ended' && event.verdict !== 'green' && event.verdict !== 'no_ci') {
    return { what: `ci ${event.verdict}`, why: `${event.sha.slice(0, 7)} ${event.why}` };
  }
  return undefined;
}

const toldEnds: ReadonlySet<string> = new Set(['rejected', 'blocked', 'failed', 'interrupted', 'abandoned']);
