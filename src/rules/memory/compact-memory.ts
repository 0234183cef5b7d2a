import type { Trust } from '../../domain/memory.ts';
import { hours, type Instant, isoUtc } from '../../domain/time.ts';
import {
  lastArchived,
  newestFirst,
  type Summary,
  summaryIn,
  summaryLines,
  summaryPlace,
} from './historical-summary.ts';
import { insertBlocks, isBlank, linesOf } from './lines.ts';
import { type Outline, outlineOf } from './markdown.ts';
import { type Past, pastOf, type Words } from './past-of.ts';

export interface Compaction {
  readonly maxLines: number;
  /** Whether a person wrote the line (git blame); counted from 1. */
  isHuman(line: number): boolean;
  readonly now: Instant;
  /** Where the whole file is kept, relative to the repository: see `archiveName`. */
  readonly archive: string;
  /** Better words for what an old entry tells; undefined: it goes by its own. */
  readonly wordsFor?: ((told: string) => Words | undefined) | undefined;
}

/** An old entry of which a line stays: what it tells, for somebody who is to say it shorter. */
export interface OldEntry {
  readonly at: Instant;
  readonly trust: Trust;
  readonly told: string;
}

export interface Compacted {
  readonly changed: boolean;
  readonly text: string;
  readonly lines: { readonly before: number; readonly after: number };
  /** Entries that became a line of the summary. */
  readonly summarised: number;
  /** Those of them that say more than the line that stands for them now, the newest first. */
  longer(): readonly OldEntry[];
}

const nothing = (): readonly OldEntry[] => [];

/** Compacting aims below the limit, so that the next entry does not bring the next archive. */
const aim = 3 / 4;
/** Of each section this many entries stay, however old; with small limits fewer, but always one. */
const newestKept = 5;
const week = hours(24 * 7);
/** A smaller gain is not worth one more copy of the file in the repository. */
const worthLines = 25;
/** What is left of a summary that is too long itself. */
const shortestSummary = 10;

/**
 * PROJECT_MEMORY.md with its old entries as one line each under Historical Summary: above the limit the oldest first,
 * until it is well below; once a week whatever is older than one. The newest entries of each section, every line of a
 * person's, the headings and their order stay byte for byte. Doing it again changes nothing.
 */
export function compactMemory(text: string, compaction: Compaction): Compacted {
  const { maxLines, now } = compaction;
  const before = linesOf(text).length;
  const lines = { before, after: before };
  const unchanged: Compacted = { changed: false, text, lines, summarised: 0, longer: nothing };
  const outline = outlineOf(text);
  const isLong = before > maxLines;
  const isOld = isDue(outline, now);
  if (!isLong && !isOld) return unchanged;

  const file = openFile(outline, compaction);
  const goal = isLong ? Math.floor(maxLines * aim) : before;
  const first = shrink(file, compaction, { isOld, isLong, goal });
  // What is still over the limit gives all it has, so that there is nothing left to do the next time.
  const done =
    isLong && first.lines.after > maxLines ? shrink(file, compaction, { isOld, isLong, goal: 0 }) : first;
  const gain = before - done.lines.after;
  return gain >= Math.min(worthLines, Math.ceil(maxLines / 4)) ? done : unchanged;
}

/** Whether a week has passed since the last compaction, and enough is older than one. */
export function isDueByAge(text: string, now: Instant): boolean {
  return isDue(outlineOf(text), now);
}

/** `.clone_memory_archive/PROJECT_MEMORY-20261120T210000Z.md` */
export function archiveName(now: Instant): string {
  return `.clone_memory_archive/PROJECT_MEMORY-${isoUtc(now).replaceAll(/[-:]/g, '')}.md`;
}

function isDue(outline: Outline, now: Instant): boolean {
  const last = lastArchived(outline, now);
  if (last !== undefined && now - last < week) return false;
  const aged = pastOf(outline).filter((one) => isAged(one, now));
  return aged.reduce((sum, { start, end }) => sum + end - start - 1, 0) >= worthLines;
}

interface OpenFile {
  readonly outline: Outline;
  readonly summary: Summary;
  /** What may be summarised, the oldest first. */
  readonly past: readonly Past[];
  /** The line after an entry and the empty lines behind it. */
  gapEnd(one: Past): number;
}

function openFile(outline: Outline, compaction: Compaction): OpenFile {
  const isHuman = (line: number): boolean => compaction.isHuman(line + 1);
  const isOurs = ({ start, end }: Past): boolean => {
    for (let line = start; line < end; line++) if (isHuman(line)) return false;
    return true;
  };
  return {
    outline,
    summary: summaryIn(outline, isHuman),
    past: pastOf(outline).filter(isOurs),
    gapEnd({ end }) {
      let gap = end;
      while (gap < outline.lines.length && isBlank(outline.lines[gap] ?? '') && !isHuman(gap)) gap += 1;
      return gap;
    },
  };
}

interface Aim {
  readonly isOld: boolean;
  readonly isLong: boolean;
  readonly goal: number;
}

function shrink(
  file: OpenFile,
  { maxLines, now, archive, wordsFor }: Compaction,
  { isOld, isLong, goal }: Aim,
): Compacted {
  const { outline, summary, past } = file;
  const before = outline.lines.length;
  const mostSummary = Math.max(shortestSummary, Math.floor(maxLines / 5));
  const kept = Math.min(newestKept, Math.max(1, Math.floor(maxLines / 100)));

  const chosen: Past[] = [];
  let removed = 0;
  const lengthNow = (): number => {
    const entries = Math.min(summary.entries.length + chosen.length, mostSummary);
    return before - removed - summary.entries.length + entries + 2;
  };
  for (const one of past) {
    const isWanted = (isOld && isAged(one, now)) || (isLong && one.rank >= kept && lengthNow() > goal);
    if (!isWanted) continue;
    chosen.push(one);
    removed += file.gapEnd(one) - one.start;
  }
  const all = summary.entries.length + chosen.length;
  const excess = isLong ? Math.max(0, lengthNow() - goal) : 0;
  const most = Math.max(Math.min(shortestSummary, all), Math.min(all, mostSummary) - excess);
  if (chosen.length === 0 && most >= all) {
    const lines = { before, after: before };
    return { changed: false, text: outline.lines.join(''), lines, summarised: 0, longer: nothing };
  }

  const fresh = chosen.map((past) => ({
    at: past.at,
    line: () => past.summary(wordsOf(past, wordsFor)),
    past,
  }));
  const entries: readonly Line[] = newestFirst([...summary.entries, ...fresh]);
  const block = summaryLines({ ...summary, entries, archives: [archive, ...summary.archives] }, most);
  const text = rewritten(file, chosen, block);
  const lines = { before, after: linesOf(text).length };
  const longer = (): readonly OldEntry[] => longerAmong(entries.slice(0, most));
  return { changed: true, text, lines, summarised: chosen.length, longer };
}

/** A line of the summary to be; of a fresh one, with what it stands for. */
type Line = Summary['entries'][number] & { readonly past?: Past };

function wordsOf(past: Past, wordsFor: Compaction['wordsFor']): Words | undefined {
  const told = wordsFor && past.told();
  return told === undefined ? undefined : wordsFor?.(told);
}

function longerAmong(lines: readonly Line[]): readonly OldEntry[] {
  return lines.flatMap(({ at, past }) => {
    const told = past?.told();
    return past && told !== undefined ? [{ at, told, trust: past.trust() }] : [];
  });
}

function rewritten(
  { outline, summary, gapEnd }: OpenFile,
  chosen: readonly Past[],
  block: readonly string[],
): string {
  const gone = new Uint8Array(outline.lines.length);
  for (const line of summary.lines) gone[line] = 1;
  for (const one of chosen) gone.fill(1, one.start, gapEnd(one));
  const place = summaryPlace(outline, summary, block);
  const lines = outline.lines.filter((_, line) => gone[line] === 0);
  const goneBefore = gone.subarray(0, place.at).reduce((sum, is) => sum + is, 0);
  return insertBlocks(lines, [{ ...place, at: place.at - goneBefore }]);
}

function isAged({ at, rank }: Past, now: Instant): boolean {
  return rank >= newestKept && at < now - week;
}
