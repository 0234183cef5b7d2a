import type { Trust } from '../../domain/memory.ts';
import type { AskedEntry } from './ask-summaries.ts';
import { longestLine, type Words } from './past-of.ts';
import type { AnsweredLine } from './read-summaries.ts';
import { oneLine } from './words.ts';

export interface JudgedSummaries {
  /** What an entry tells → the words for it. */
  readonly words: ReadonlyMap<string, Words>;
  /** Why an entry goes by its own words, in words; each reason once. */
  readonly refused: readonly string[];
}

/**
 * The lines of an answer that may stand for their entries: of an entry that was asked for, one plain line, nothing in it
 * that is ours to say or that the entry does not hold. Where anything untrusted was read, all that came of it is untrusted.
 */
export function judgeSummaries(
  asked: readonly AskedEntry[],
  answered: readonly AnsweredLine[],
): JudgedSummaries {
  const trust: Trust = asked.some((entry) => entry.trust === 'untrusted') ? 'untrusted' : 'trusted';
  const known = new Set(asked.map(({ id }) => id));
  const byId = Map.groupBy(answered, ({ id }) => id.trim());
  const words = new Map<string, Words>();
  const refused = new Set<string>();
  if (answered.some(({ id }) => !known.has(id.trim())))
    refused.add('a line for an entry that was not asked for');
  for (const { id, told } of asked) {
    const [first, ...more] = byId.get(id) ?? [];
    const why = first && more.length === 0 ? whyUnusable(first.line, told) : missing(first);
    if (first && why === undefined) words.set(told, { said: oneLine(first.line, longestLine), trust });
    else if (why !== undefined) refused.add(why);
  }
  return { words, refused: [...refused] };
}

function missing(first: AnsweredLine | undefined): string {
  return first ? 'two lines for one entry' : 'no line for an entry';
}

/** What keeps a line from standing for an entry, in words. */
function whyUnusable(line: string, told: string): string | undefined {
  const raw = line.trim();
  const clean = oneLine(raw, 2 * longestLine);
  if (clean === '') return 'an empty line';
  if (/[\n\r\v\f\u0085\u2028\u2029]/.test(raw)) return 'a line that is more than one';
  if (clean.length > longestLine) return `a line of more than ${longestLine} characters`;
  const broken = notPlain.find(({ sign }) => sign.test(raw) || sign.test(clean));
  if (broken) return broken.says;
  if (marksIn(clean)) return 'a line that says confidence, trust or commit itself';
  const made = [...clean.matchAll(/\b(?=[a-f]*\d)[0-9a-f]{7,64}\b|\bhttps?:\/\/[^\s)>\]]+/gi)];
  if (made.some(([text]) => !told.toLowerCase().includes(text.toLowerCase())))
    return 'a line with a commit or an address that the entry does not have';
  return undefined;
}

/** What would be more than words on a page, or in a prompt. */
const notPlain: readonly { readonly sign: RegExp; readonly says: string }[] = [
  { sign: /<!--|-->/, says: 'a line with an HTML comment' },
  { sign: /<{3}|>{3}|={7}|\|{7}/, says: 'a line with a conflict marker or a fence' },
  { sign: /```|~~~/, says: 'a line with a code block' },
  {
    sign: /^(?:#|>|\||=|[-*+](?:\s|$)|[-*_]{3}|\d+[.)]\s|\[[ x]\]\s)/i,
    says: 'a line with Markdown structure',
  },
  { sign: /^[\s:–—-]*\d{4}-\d\d-\d\d/, says: 'a line with a date before it' },
  { sign: /^(?:Archive:|Up to \d)/i, says: 'a line that passes for one of the summary’s own' },
];

/** `(high, abc1234)`, `Trust: trusted`: what is ours to put, from the entry alone. */
function marksIn(line: string): boolean {
  if (/\b(?:commit|confidence|trust)\s*[:=]/i.test(line)) return true;
  return [...line.matchAll(/[([{]([^()[\]{}]*)[)\]}]/g)].some(([, inner = '']) => {
    const parts = inner.split(/[,;|/]/).map((part) => part.trim());
    return parts.every((part) => /^(?:high|medium|low|trusted|untrusted|[0-9a-f]{7,64})$/i.test(part));
  });
}
