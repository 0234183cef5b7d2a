import { memorySections, type Trust } from '../../domain/memory.ts';
import type { Instant } from '../../domain/time.ts';
import { datedLinesOf } from './dated-line.ts';
import { dayOf } from './dates.ts';
import { type EntryBlock, eachEntry, entryAt, valueOf } from './entry-block.ts';
import { commitOf, memoryFields, namesOf } from './entry-schema.ts';
import { bare } from './lines.ts';
import { findSection, headingIn, type Outline } from './markdown.ts';
import { oneLine } from './words.ts';

/** Something dated in PROJECT_MEMORY.md that may become a line of the summary. */
export interface Past {
  readonly start: number;
  /** The line after its last one. */
  readonly end: number;
  readonly at: Instant;
  /** 0: the newest of its section. */
  readonly rank: number;
  trust(): Trust;
  /** What it says, for somebody who is to say it shorter; undefined: the line of its own says all of it. */
  told(): string | undefined;
  /** The line that may stand for it; what is ours to say of it (day, confidence, trust, commit) is taken from it alone. */
  summary(words?: Words): string;
}

/** Somebody's words for an entry. `trust`: the lowest of all that was read to find them. */
export interface Words {
  readonly said: string;
  readonly trust: Trust;
}

export const summarySection = 'Historical Summary';

/** All entries and dated bullets of our sections, the oldest first. The lines of the summary itself are none of them. */
export function pastOf(outline: Outline): readonly Past[] {
  const past = memorySections.flatMap((title) => {
    const section = findSection(outline.sections, title);
    if (!section) return [];
    const dated: Omit<Past, 'rank'>[] = [];
    const places: { start: number; end: number }[] = [];
    for (const { start, end, at } of eachEntry(outline, section, namesOf(memoryFields))) {
      places.push({ start, end });
      if (at !== undefined) dated.push({ start, end, at, ...asEntry(() => blockAt(outline, start, end)) });
    }
    const bullets = title === summarySection ? [] : datedLinesOf(outline, section, places);
    for (const { start, end, at, text } of bullets) dated.push({ start, end, at, ...asBullet(at, text) });
    return dated.toSorted((a, b) => b.at - a.at || a.start - b.start).map((one, rank) => ({ ...one, rank }));
  });
  return past.toSorted((a, b) => a.at - b.at || b.start - a.start);
}

type Saying = Pick<Past, 'trust' | 'told' | 'summary'>;

/** No line of the summary says more. */
export const longestLine = 200;
const longestField = 600;

/** Read only when somebody asks: of most entries of a long file nobody does. */
function asEntry(block: () => EntryBlock): Saying {
  return {
    trust: () => trustOf(block()),
    told: () => toldBy(block()),
    summary: (words) => summaryOf(block(), words),
  };
}

function blockAt(outline: Outline, start: number, end: number): EntryBlock {
  const text = headingIn(bare(outline.lines[start] ?? ''))?.text ?? '';
  return entryAt(outline, { line: start, text }, end);
}

function trustOf(entry: EntryBlock): Trust {
  return valueOf(entry, 'Trust') === 'trusted' ? 'trusted' : 'untrusted';
}

/** What we say of it ourselves, whoever finds the words. */
const ours: ReadonlySet<string> = new Set(['commit', 'confidence', 'trust']);

function toldBy(entry: EntryBlock): string | undefined {
  const fields = entry.fields
    .filter(({ name, value }) => !ours.has(name.toLowerCase()) && value !== '' && value !== 'none')
    .map(({ name, value }) => `${name}: ${oneLine(value, longestField)}`);
  const told = [oneLine(entry.title, longestField), ...fields].filter((line) => line !== '');
  return told.length === 0 ? undefined : told.join('\n');
}

function summaryOf(entry: EntryBlock, words: Words | undefined): string {
  const own = valueOf(entry, 'Decision') ?? (entry.title || entry.fields[0]?.value) ?? '';
  const marks = [
    valueOf(entry, 'Confidence'),
    lower(trustOf(entry), words) === 'trusted' ? undefined : 'untrusted',
    commitOf(entry)?.slice(0, 12),
  ];
  const about = marks.filter((mark) => mark !== undefined).map((mark) => oneLine(mark, 20));
  return `- ${dayOf(entry.at ?? 0)}: ${said(own, words)} (${about.join(', ')})`;
}

/** `decision | why | evidence | commit | confidence | trust`, as the first Clone writes it, goes by its decision. */
function asBullet(at: Instant, text: string): Saying {
  const [own = ''] = text.split(' | ', 1);
  const isMarked = /\buntrusted\b/i.test(text);
  const isSaid = /\buntrusted\b/i.test(own);
  const trust = (): Trust => (isMarked ? 'untrusted' : 'trusted');
  return {
    trust,
    told: () => (own === text && text.length <= longestLine ? undefined : oneLine(text, 3 * longestField)),
    summary(words) {
      const isUntrusted = lower(trust(), words) === 'untrusted' && (words !== undefined || !isSaid);
      return `- ${dayOf(at)}: ${said(own, words)}${isUntrusted ? ' (untrusted)' : ''}`;
    },
  };
}

function said(own: string, words: Words | undefined): string {
  return oneLine(words?.said ?? own, longestLine) || 'nothing was said';
}

/** What was found by reading something untrusted is untrusted itself. */
function lower(trust: Trust, words: Words | undefined): Trust {
  return words?.trust === 'untrusted' ? 'untrusted' : trust;
}
