import type { Part } from '../prompt/segment.ts';
import type { OldEntry } from './compact-memory.ts';
import { dayOf } from './dates.ts';

/** An old entry as an agent is asked about it, by a number that holds for one turn. */
export interface AskedEntry extends OldEntry {
  readonly id: string;
}

/** So many entries one turn is asked about at most; the older ones go by their own words. */
export const mostAsked = 60;

/** The entries that an agent is asked to say shorter, the newest first. */
export function askedOf(entries: readonly OldEntry[]): readonly AskedEntry[] {
  return entries.slice(0, mostAsked).map((entry, index) => ({ ...entry, id: `e${index + 1}` }));
}

/** The same for a prompt, each apart from the others: what an untrusted one says cannot pass for another. */
export function entryParts(asked: readonly AskedEntry[]): readonly Part[] {
  return asked.map(({ id, at, trust, told }) => ({
    source: 'PROJECT_MEMORY.md',
    trust,
    text: told,
    lead: `Entry ${id}, of ${dayOf(at)}:`,
  }));
}
