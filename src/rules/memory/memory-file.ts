import { type MemoryEntry, type MemoryProblem, memoryFiles, memorySections } from '../../domain/memory.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { Instant } from '../../domain/time.ts';
import { type EntryBlock, valueOf } from './entry-block.ts';
import { commitOf, memoryFields, memoryLines, namesOf } from './entry-schema.ts';
import { type EntryFormat, placeEntries } from './place-entries.ts';
import { problemOf } from './read-memory-file.ts';
import { oneLine, wordsOf } from './words.ts';

/** What the skeleton of a new PROJECT_MEMORY.md tells. */
export interface AboutRepo {
  readonly repo: string;
  readonly objective: string;
  readonly now: Instant;
}

/**
 * PROJECT_MEMORY.md with these entries, newest first in their sections; undefined: a new file. A missing section is
 * added in its place, every other byte stays, and an entry that is there is not added again. Entries that say nothing
 * are left out.
 */
export function addEntries(
  text: string | undefined,
  entries: readonly MemoryEntry[],
  about: AboutRepo,
): Result<string, MemoryProblem> {
  const problem = text === undefined ? undefined : problemOf(text, memoryFiles.memory);
  if (problem) return failed(problem);
  const said = entries.filter(({ decision }) => oneLine(decision, 600) !== '');
  const placed = said.map((entry) => ({
    section: entry.section,
    at: entry.at,
    key: keyOf(entry.decision, entry.commit),
    lines: memoryLines(entry),
  }));
  return ok(placeEntries(begun(text, about), placed, memoryFormat));
}

/** The entries of PROJECT_MEMORY.md: the same decision about the same commit is one entry, whenever it is told. */
export const memoryFormat: EntryFormat = {
  sections: memorySections,
  fields: namesOf(memoryFields),
  keyOf: (entry: EntryBlock) => keyOf(valueOf(entry, 'Decision') ?? '', commitOf(entry)),
};

function keyOf(decision: string, commit: string | undefined): string {
  return `${wordsOf(oneLine(decision, 600))}\n${commit?.slice(0, 12) ?? ''}`;
}

function begun(text: string | undefined, { repo, objective }: AboutRepo): string {
  if (text !== undefined && text.replace('\uFEFF', '').trim() !== '') return text;
  const sections = memorySections.map((section) => {
    const goal = section === 'Objective' ? oneLine(objective, 1000) : '';
    return goal === '' ? `## ${section}\n` : `## ${section}\n\n${goal}\n`;
  });
  const title = `# Memory of ${oneLine(repo, 100)}`;
  const lead =
    'What was decided here and why, newest first. clone adds the dated entries; what you write stays as it is.';
  return `${text ?? ''}${[`${title}\n`, `${lead}\n`, ...sections].join('\n')}`;
}
