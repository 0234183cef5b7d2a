import { type MemorySection, memorySections, type Trust } from '../../domain/memory.ts';
import type { Instant } from '../../domain/time.ts';
import { type EntryBlock, entriesOf, valueOf } from './entry-block.ts';
import { commitOf, incidentFields, memoryFields, namesOf } from './entry-schema.ts';
import { findSection, outlineOf } from './markdown.ts';
import { oneLine } from './words.ts';

/** An entry of PROJECT_MEMORY.md as it stands there, well-formed or not; words are one clean line each. */
export interface ReadEntry {
  readonly section: MemorySection;
  /** Counted from 1. */
  readonly line: number;
  readonly at: Instant | undefined;
  readonly decision: string;
  readonly why: string;
  readonly evidence: string;
  readonly commit: string | undefined;
  readonly confidence: string;
  readonly trust: Trust;
  readonly followUp: string;
}

/** An entry of INCIDENTS.md, read the same way. */
export interface ReadIncident {
  readonly line: number;
  readonly at: Instant | undefined;
  readonly trigger: string;
  readonly title: string;
  readonly impact: string;
  readonly rootCause: string;
  readonly fix: string;
  readonly prevention: string;
  readonly evidence: string;
  readonly commit: string | undefined;
  readonly confidence: string;
  readonly trust: Trust;
}

/** The entries of PROJECT_MEMORY.md, newest first. */
export function readEntries(text: string): readonly ReadEntry[] {
  const outline = outlineOf(text);
  const entries = memorySections.flatMap((title) => {
    const section = findSection(outline.sections, title);
    if (!section) return [];
    return entriesOf(outline, section, namesOf(memoryFields)).map((entry) => ({
      section: title,
      ...common(entry),
      decision: said(entry, 'Decision'),
      why: said(entry, 'Why'),
      followUp: said(entry, 'Follow-up'),
    }));
  });
  return newestFirst(entries);
}

/** The incidents of INCIDENTS.md, newest first. */
export function readIncidents(text: string): readonly ReadIncident[] {
  const outline = outlineOf(text);
  const section = findSection(outline.sections, 'Entries');
  if (!section) return [];
  const incidents = entriesOf(outline, section, namesOf(incidentFields)).map((entry) => ({
    ...common(entry),
    trigger: said(entry, 'Trigger'),
    title: oneLine(entry.title, 300),
    impact: said(entry, 'Impact'),
    rootCause: said(entry, 'Root Cause'),
    fix: said(entry, 'Fix'),
    prevention: said(entry, 'Prevention Rule'),
  }));
  return newestFirst(incidents);
}

function common(
  entry: EntryBlock,
): Pick<ReadEntry, 'line' | 'at' | 'evidence' | 'commit' | 'confidence' | 'trust'> {
  return {
    line: entry.start + 1,
    at: entry.at,
    evidence: said(entry, 'Evidence'),
    commit: commitOf(entry),
    confidence: said(entry, 'Confidence'),
    trust: valueOf(entry, 'Trust') === 'trusted' ? 'trusted' : 'untrusted',
  };
}

/** What a field says; empty where it says nothing. */
function said(entry: EntryBlock, name: string): string {
  const value = oneLine(valueOf(entry, name) ?? '', 1000);
  return value === 'none' ? '' : value;
}

function newestFirst<T extends { readonly at: Instant | undefined }>(entries: readonly T[]): readonly T[] {
  return entries.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
}
