import { type Incident, type MemoryProblem, memoryFiles } from '../../domain/memory.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { isoUtc } from '../../domain/time.ts';
import { type EntryBlock, valueOf } from './entry-block.ts';
import { commitOf, incidentFields, incidentLines, namesOf } from './entry-schema.ts';
import { type EntryFormat, placeEntries } from './place-entries.ts';
import { problemOf } from './read-memory-file.ts';
import { oneLine, wordsOf } from './words.ts';

/** INCIDENTS.md with these incidents, newest first; undefined: a new file. What is there is not added again. */
export function addIncidents(
  text: string | undefined,
  incidents: readonly Incident[],
): Result<string, MemoryProblem> {
  const problem = text === undefined ? undefined : problemOf(text, memoryFiles.incidents);
  if (problem) return failed(problem);
  const placed = incidents.map((incident) => ({
    section: 'Entries',
    at: incident.at,
    key: keyOf(incident.trigger, incident.title, incident.commit ?? isoUtc(incident.at)),
    lines: incidentLines(incident),
  }));
  return ok(placeEntries(begun(text), placed, incidentFormat));
}

/** The entries of INCIDENTS.md: the same failure of the same commit, or at the same moment, is one incident. */
export const incidentFormat: EntryFormat = {
  sections: ['Entries'],
  fields: namesOf(incidentFields),
  keyOf: (entry: EntryBlock) =>
    keyOf(
      valueOf(entry, 'Trigger') ?? '',
      entry.title,
      commitOf(entry) ?? (entry.at === undefined ? '' : isoUtc(entry.at)),
    ),
};

function keyOf(trigger: string, title: string, where: string): string {
  const commit = /^[0-9a-f]{12}/.exec(where)?.[0];
  return `${trigger}\n${wordsOf(oneLine(title, 200))}\n${commit ?? where}`;
}

const lead =
  'Real failures only (red CI, a revert, an over-claim, a repair that did not succeed), newest first, each with the rule that prevents the next one.';

function begun(text: string | undefined): string {
  if (text !== undefined && text.replace('\uFEFF', '').trim() !== '') return text;
  return `${text ?? ''}# Incidents\n\n${lead}\n\n## Entries\n`;
}
