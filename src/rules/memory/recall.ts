import {
  type Halves,
  type Incident,
  type MemorySection,
  memorySections,
  type Trust,
} from '../../domain/memory.ts';
import type { Instant } from '../../domain/time.ts';
import { boxesOf } from './boxes.ts';
import { findPart } from './contract-part.ts';
import { datedBullet, datedLinesOf } from './dated-line.ts';
import { dayOf } from './dates.ts';
import { type EntryBlock, eachEntry, valueOf } from './entry-block.ts';
import { incidentFields, memoryFields, namesOf } from './entry-schema.ts';
import { fillHalves, type Line } from './fill-halves.ts';
import { bare, isBlank, linesOf } from './lines.ts';
import { findSection, type Outline, outlineOf, type Section } from './markdown.ts';
import { summarySection } from './past-of.ts';
import { oneLine, wordsOf } from './words.ts';

/**
 * The newest of PROJECT_MEMORY.md for a prompt: whole entries, newest first; then what people wrote there, then the
 * summary. The objective is told elsewhere.
 */
export function recentMemory(text: string, maxChars: number): Halves {
  const outline = outlineOf(text);
  const dated: Dated[] = [];
  const prose: Line[] = [];
  for (const title of memorySections) {
    const section = findSection(outline.sections, title);
    if (!section || title === 'Objective' || title === summarySection) continue;
    const found = linesIn(outline, section, title);
    dated.push(...found.dated);
    prose.push(...found.prose);
  }
  return fillHalves(maxChars, [
    // What people wrote gets its part, however much was decided since.
    { lines: newestFirst(dated), upTo: prose.length === 0 ? maxChars : Math.floor(maxChars * 0.75) },
    { lines: prose, upTo: maxChars },
    { lines: newestFirst(summaryLinesIn(outline)), upTo: maxChars },
  ]);
}

/** The prevention rules of INCIDENTS.md and of what waits to be written there, newest first, each once. */
export function preventionRules(
  incidentsText: string,
  maxChars: number,
  waiting: readonly WaitingIncident[] = [],
): Halves {
  const seen = new Set<string>();
  const rules = newestFirst([...waiting.map(ruleThatWaits), ...rulesIn(incidentsText)]);
  const lines = rules.flatMap(({ trust, rule, trigger, day }) => {
    const key = wordsOf(rule);
    if (rule === '' || rule === 'none' || seen.has(key)) return [];
    seen.add(key);
    return [{ trust, text: () => `- ${said(rule)} (${day === undefined ? trigger : `${trigger}, ${day}`})` }];
  });
  return fillHalves(maxChars, [{ lines, upTo: maxChars }]);
}

/** An incident that has not landed yet, as far as a prompt tells it. */
export type WaitingIncident = Pick<Incident, 'at' | 'trigger' | 'prevention' | 'trust'>;

interface Rule {
  readonly at: Instant;
  readonly trust: Trust;
  readonly rule: string;
  readonly trigger: string;
  readonly day: string | undefined;
}

function ruleThatWaits({ at, trigger, prevention, trust }: WaitingIncident): Rule {
  return { at, trust: trust ?? 'untrusted', rule: prevention, trigger, day: dayOf(at) };
}

function rulesIn(incidentsText: string): readonly Rule[] {
  const outline = outlineOf(incidentsText);
  const section = findSection(outline.sections, 'Entries');
  if (!section) return [];
  return [...eachEntry(outline, section, namesOf(incidentFields))].map((entry) => ({
    at: entry.at ?? 0,
    trust: trustOf(entry),
    rule: valueOf(entry, 'Prevention Rule') ?? 'none',
    trigger: oneLine(valueOf(entry, 'Trigger') ?? 'incident', 40),
    day: entry.at === undefined ? undefined : dayOf(entry.at),
  }));
}

/** The open boxes of CLONE_FEATURES.md, in the order of the file; what agents proposed is untrusted. */
export function openBacklog(text: string, maxChars: number): Halves {
  const outline = outlineOf(text);
  const section = findSection(outline.sections, 'Candidate Features To Do');
  const open = section ? boxesOf(outline, section).filter(({ isDone }) => !isDone) : [];
  const lines = open.map(
    ({ title, isProposed }): Line => ({
      trust: isProposed ? 'untrusted' : 'trusted',
      text: () => `- ${said(title)}`,
    }),
  );
  return fillHalves(maxChars, [{ lines, upTo: maxChars }]);
}

/** What stands under Repo Facts in our part of AGENTS.md, in its order; the gates watch over who changes it. */
export function repoFacts(agentsText: string, maxChars: number): Halves {
  const lines = linesOf(agentsText);
  const found = findPart({ lines });
  const facts = found.is === 'part' ? found.part.facts : undefined;
  const told = facts ? lines.slice(facts.heading + 1, facts.end) : [];
  const kept = told.filter((line) => !isBlank(line) && !/^- Last updated: /.test(line));
  return fillHalves(maxChars, [
    { lines: kept.map((line) => ({ trust: 'trusted', text: () => said(bare(line)) })), upTo: maxChars },
  ]);
}

interface Dated extends Line {
  readonly at: Instant;
}

function linesIn(
  outline: Outline,
  section: Section,
  title: MemorySection,
): { readonly dated: readonly Dated[]; readonly prose: readonly Line[] } {
  const entries = [...eachEntry(outline, section, namesOf(memoryFields))];
  const bullets = datedLinesOf(outline, section, entries);
  const taken = new Uint8Array(outline.lines.length);
  for (const { start, end } of [...entries, ...bullets]) taken.fill(1, start, end);
  const dated = [
    ...entries.map((entry) => ({
      at: entry.at ?? 0,
      trust: trustOf(entry),
      text: () => `- ${dayOf(entry.at ?? 0)}, ${title}: ${fieldsIn(entry)}`,
    })),
    ...bullets.map(({ at, text }) => ({
      at,
      trust: markedTrust(text),
      text: () => `- ${dayOf(at)}, ${title}: ${said(text)}`,
    })),
  ];
  return { dated, prose: proseIn(outline, section, title, taken) };
}

/** What stands there besides, by paragraphs. */
function proseIn(
  outline: Outline,
  section: Section,
  title: MemorySection,
  taken: Uint8Array,
): readonly Line[] {
  const prose: Line[] = [];
  let from: number | undefined;
  for (let line = section.start + 1; line <= section.end; line++) {
    const isText = line < section.end && taken[line] === 0 && !isBlank(outline.lines[line] ?? '');
    if (isText) {
      from ??= line;
      continue;
    }
    if (from === undefined) continue;
    const paragraph = outline.lines.slice(from, line).map((raw) => bare(raw).trim());
    const text = paragraph.join(' ');
    prose.push({ trust: markedTrust(text), text: () => `- ${title}: ${said(text.replace(/^[-*] /, ''))}` });
    from = undefined;
  }
  return prose;
}

function summaryLinesIn(outline: Outline): readonly Dated[] {
  const section = findSection(outline.sections, summarySection);
  if (!section) return [];
  return outline.lines.slice(section.start + 1, section.end).flatMap((raw) => {
    const bullet = datedBullet(bare(raw));
    if (!bullet) return [];
    const { at, text } = bullet;
    return [{ at, trust: markedTrust(text), text: () => `- ${dayOf(at)}, summary: ${said(text)}` }];
  });
}

function fieldsIn(entry: EntryBlock): string {
  const parts = memoryFields
    .filter(({ name }) => name !== 'Trust')
    .map(({ name }) => ({ name, value: valueOf(entry, name) ?? 'none' }))
    .filter(({ name, value }) => name === 'Decision' || value !== 'none')
    .map(({ name, value }) => (name === 'Decision' ? said(value) : `${name}: ${said(value)}`));
  return parts.map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(' ');
}

function trustOf(entry: EntryBlock): Trust {
  return valueOf(entry, 'Trust') === 'trusted' ? 'trusted' : 'untrusted';
}

/** Bullets and summaries that rest on something untrusted say so. */
function markedTrust(text: string): Trust {
  return /\buntrusted\b/i.test(text) ? 'untrusted' : 'trusted';
}

function said(text: string): string {
  return oneLine(text, 600);
}

function newestFirst<T extends { readonly at: Instant }>(lines: readonly T[]): readonly T[] {
  return lines.toSorted((a, b) => b.at - a.at);
}
