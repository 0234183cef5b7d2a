import {
  type Confidence,
  type Incident,
  type MemoryEntry,
  type MemoryFinding,
  type MemoryProblem,
  memorySections,
} from '../../domain/memory.ts';
import type { Result } from '../../domain/result.ts';
import { updateBacklog } from './backlog-file.ts';
import { boxesOf } from './boxes.ts';
import { type EntryBlock, entriesOf, valueOf } from './entry-block.ts';
import {
  asProxy,
  commitOf,
  confidences,
  incidentFields,
  incidentLines,
  memoryFields,
  memoryLines,
  namesOf,
  triggers,
} from './entry-schema.ts';
import { addIncidents, incidentFormat } from './incidents-file.ts';
import { bare, isBlank } from './lines.ts';
import { findSection, type Outline, outlineOf } from './markdown.ts';
import { addEntries } from './memory-file.ts';
import { wordsOf } from './words.ts';

/** A file with what was taken over, and what is to be said about the rest. */
export interface Adopted {
  readonly text: string | undefined;
  readonly told: readonly MemoryFinding[];
}

/** Takes over the new entries of PROJECT_MEMORY.md. */
export function adoptEntries(before: string | undefined, after: string): Adopted {
  const fresh = newEntries(before, after, memorySections, namesOf(memoryFields));
  const told: MemoryFinding[] = [...fresh.told];
  const entries: MemoryEntry[] = [];
  for (const { section, entry } of fresh.entries) {
    const why =
      ambiguous(entry, namesOf(memoryFields)) ??
      (valueOf(entry, 'Decision') ? undefined : 'it has no Decision');
    const title = memorySections.find((one) => one === section);
    if (why !== undefined || title === undefined || entry.at === undefined) {
      told.push(refused(entry, why ?? 'its section is not known'));
      continue;
    }
    const mended: MemoryEntry = {
      at: entry.at,
      section: title,
      decision: valueOf(entry, 'Decision') ?? '',
      why: valueOf(entry, 'Why') ?? '',
      evidence: asProxy(valueOf(entry, 'Evidence')),
      commit: commitOf(entry),
      confidence: confidenceOf(entry),
      trust: 'untrusted',
      followUp: valueOf(entry, 'Follow-up'),
    };
    entries.push(mended);
    told.push(...whatWasMended(fresh.outline, entry, memoryLines(mended)));
  }
  const about = { repo: 'this repository', objective: '', now: 0 };
  return adopted(before, entries.length, () => addEntries(before, entries, about), told);
}

/** Takes over the new incidents of INCIDENTS.md. */
export function adoptIncidents(before: string | undefined, after: string): Adopted {
  const names = namesOf(incidentFields);
  const fresh = newEntries(before, after, incidentFormat.sections, names);
  const told: MemoryFinding[] = [...fresh.told];
  const incidents: Incident[] = [];
  for (const { entry } of fresh.entries) {
    const trigger = triggers.find((one) => one === valueOf(entry, 'Trigger'));
    const prevention = valueOf(entry, 'Prevention Rule');
    const why =
      ambiguous(entry, names) ??
      (trigger ? undefined : `its Trigger is none of ${triggers.join(', ')}`) ??
      (prevention ? undefined : 'it has no Prevention Rule');
    if (why !== undefined || !trigger || entry.at === undefined) {
      told.push(refused(entry, why ?? 'it has no date'));
      continue;
    }
    const mended: Incident = {
      at: entry.at,
      trigger,
      title: entry.title || trigger,
      impact: valueOf(entry, 'Impact') ?? '',
      rootCause: valueOf(entry, 'Root Cause') ?? '',
      fix: valueOf(entry, 'Fix') ?? '',
      prevention: prevention ?? '',
      evidence: asProxy(valueOf(entry, 'Evidence')),
      commit: commitOf(entry),
      confidence: confidenceOf(entry),
      trust: 'untrusted',
    };
    incidents.push(mended);
    told.push(...whatWasMended(fresh.outline, entry, incidentLines(mended)));
  }
  return adopted(before, incidents.length, () => addIncidents(before, incidents), told);
}

/** Takes over the new open boxes of CLONE_FEATURES.md, as proposals. What is done, is ticked when it lands. */
export function adoptBacklog(before: string | undefined, after: string): Adopted {
  const outline = outlineOf(after);
  const boxes = (of: Outline): ReturnType<typeof boxesOf> => {
    const section = findSection(of.sections, 'Candidate Features To Do');
    return section ? boxesOf(of, section) : [];
  };
  const old = outlineOf(before ?? '');
  const had = new Set(boxes(old).map(({ title }) => wordsOf(title)));
  const fresh = boxes(outline).filter(({ isDone, title }) => !isDone && !had.has(wordsOf(title)));
  const own = new Uint8Array(outline.lines.length);
  for (const { start } of fresh) own[start] = 1;
  const told = otherChanges(old, outline, own);
  const candidates = fresh.map(({ title }) => title);
  const news = { implemented: [], candidates, insights: [] };
  return adopted(before, candidates.length, () => updateBacklog(before, news), told);
}

interface Fresh {
  readonly outline: Outline;
  readonly entries: readonly { readonly section: string; readonly entry: EntryBlock }[];
  readonly told: readonly MemoryFinding[];
}

/** The entries that were not there before, as they stand. */
function newEntries(
  before: string | undefined,
  after: string,
  titles: readonly string[],
  fields: readonly string[],
): Fresh {
  const old = outlineOf(before ?? '');
  const had = new Set(entriesIn(old, titles, fields).map(({ entry }) => textOf(old, entry)));
  const outline = outlineOf(after);
  const entries = entriesIn(outline, titles, fields).filter(({ entry }) => !had.has(textOf(outline, entry)));
  const own = new Uint8Array(outline.lines.length);
  for (const { entry } of entries) own.fill(1, entry.start, entry.end);
  return { outline, entries, told: otherChanges(old, outline, own) };
}

function entriesIn(outline: Outline, titles: readonly string[], fields: readonly string[]): Fresh['entries'] {
  return titles.flatMap((section) => {
    const found = findSection(outline.sections, section);
    return found ? entriesOf(outline, found, fields).map((entry) => ({ section, entry })) : [];
  });
}

function textOf({ lines }: Outline, { start, end }: EntryBlock): string {
  return lines.slice(start, end).map(bare).join('\n').trim();
}

/** The first line that was changed besides what is taken over; empty lines and our own headings do not count. */
function otherChanges(old: Outline, now: Outline, own: Uint8Array): readonly MemoryFinding[] {
  if (old.lines.length === 0) return [];
  const was = old.lines.filter((line) => !isBlank(line)).map(bare);
  const is = [...now.lines.entries()].filter(([line, raw]) => own[line] === 0 && !isBlank(raw));
  const at = was.findIndex((line, index) => bare(is[index]?.[1] ?? '') !== line);
  const differs = at >= 0 ? at : is.length > was.length ? was.length : undefined;
  if (differs === undefined) return [];
  const line = (is[differs]?.[0] ?? now.lines.length - 1) + 1;
  return [{ line, message: 'what was changed from here on is not taken over; only new entries are' }];
}

/** Why nobody can say what an entry means; undefined: it is clear. */
function ambiguous(entry: EntryBlock, fields: readonly string[]): string | undefined {
  if (entry.at === undefined) return 'its heading has no date';
  for (const name of fields) {
    const values = entry.fields.filter((field) => field.name.toLowerCase() === name.toLowerCase());
    if (new Set(values.map(({ value }) => value)).size > 1) return `it has ${name} twice`;
  }
  return undefined;
}

function refused({ start }: EntryBlock, why: string): MemoryFinding {
  return { line: start + 1, message: `the entry is not taken over: ${why}` };
}

function whatWasMended(
  outline: Outline,
  entry: EntryBlock,
  lines: readonly string[],
): readonly MemoryFinding[] {
  const was = textOf(outline, entry)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const written = lines.filter((line) => line !== '');
  const names = written
    .filter((line) => !was.includes(line))
    .map((line) => /^- ([^:]+):/.exec(line)?.[1] ?? 'the heading');
  if (names.length === 0 && was.join('\n') === written.join('\n')) return [];
  const what = names.length === 0 ? 'the order of its fields' : names.join(', ');
  return [{ line: entry.start + 1, message: `the entry was mended: ${what}` }];
}

function confidenceOf(entry: EntryBlock): Confidence {
  return confidences.find((one) => one === valueOf(entry, 'Confidence')?.toLowerCase()) ?? 'low';
}

function adopted(
  before: string | undefined,
  count: number,
  add: () => Result<string, MemoryProblem>,
  told: readonly MemoryFinding[],
): Adopted {
  if (count === 0) return { text: before, told };
  const added = add();
  return { text: added.ok ? added.value : before, told };
}
