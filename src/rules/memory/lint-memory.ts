import { type MemoryFinding, type MemoryKind, memoryFiles } from '../../domain/memory.ts';
import { backlogSections } from './backlog-file.ts';
import { boxesOf } from './boxes.ts';
import { findPart } from './contract-part.ts';
import { contractLines, factsTitle } from './contract-text.ts';
import { dateAt } from './dates.ts';
import { entriesOf } from './entry-block.ts';
import { incidentFields, memoryFields, namesOf, wrongIn } from './entry-schema.ts';
import { incidentFormat } from './incidents-file.ts';
import { bare } from './lines.ts';
import { findSection, type Outline, outlineOf, type Section, titleKey } from './markdown.ts';
import { memoryFormat } from './memory-file.ts';
import { problemOf } from './read-memory-file.ts';
import { wordsOf } from './words.ts';

/** Everything in a file that does not fit its format, in the order of its lines. What people wrote freely is no finding. */
export function lintMemory(kind: MemoryKind, text: string): readonly MemoryFinding[] {
  const outline = outlineOf(text);
  const findings = [...ofText(kind, text), ...openFence(outline), ...ofKind(kind, outline)];
  return findings.toSorted((a, b) => a.line - b.line);
}

function ofKind(kind: MemoryKind, outline: Outline): readonly MemoryFinding[] {
  switch (kind) {
    case 'memory':
      return [
        ...ofSections(outline, memoryFormat.sections),
        ...ofEntries(outline, memoryFormat.sections, memoryFields),
        ...ofDates(outline, memoryFormat.sections),
      ];
    case 'incidents':
      return [
        ...ofSections(outline, incidentFormat.sections),
        ...ofEntries(outline, incidentFormat.sections, incidentFields),
      ];
    case 'backlog':
      return [
        ...ofSections(outline, backlogSections),
        ...ofBoxes(outline),
        ...ofDates(outline, ['Implemented']),
      ];
    case 'contract':
      return ofContract(outline);
  }
}

function ofText(kind: MemoryKind, text: string): readonly MemoryFinding[] {
  const problem = problemOf(text, memoryFiles[kind]);
  return problem ? [{ line: problem.line ?? 1, message: `the file ${problem.message}` }] : [];
}

function openFence({ openFence: line }: Outline): readonly MemoryFinding[] {
  if (line === undefined) return [];
  return [{ line: line + 1, message: 'a code block begins here and never ends' }];
}

function ofSections(outline: Outline, order: readonly string[]): readonly MemoryFinding[] {
  const findings: MemoryFinding[] = [];
  const keys = order.map(titleKey);
  const seen = new Set<number>();
  let last = -1;
  for (const { title, start } of outline.sections) {
    const place = keys.indexOf(titleKey(title));
    const name = order[place];
    if (name === undefined) continue;
    if (seen.has(place))
      findings.push({ line: start + 1, message: `the section ${name} stands there twice` });
    else if (place < last)
      findings.push({ line: start + 1, message: `the section ${name} comes before ${order[last] ?? ''}` });
    seen.add(place);
    last = Math.max(last, place);
  }
  return findings;
}

function ofEntries(
  outline: Outline,
  titles: readonly string[],
  fields: typeof memoryFields,
): readonly MemoryFinding[] {
  return known(outline, titles).flatMap((section) =>
    entriesOf(outline, section, namesOf(fields)).flatMap((entry) => wrongIn(entry, fields)),
  );
}

/** Bullets that begin with a date that does not exist. */
function ofDates(outline: Outline, titles: readonly string[]): readonly MemoryFinding[] {
  return known(outline, titles).flatMap(({ start, end }) => {
    const findings: MemoryFinding[] = [];
    for (let line = start + 1; line < end; line++) {
      const text = bare(outline.lines[line] ?? '');
      const date = outline.isCode(line) || !/^[-*] \d/.test(text) ? undefined : dateAt(text.slice(2));
      if (date && date.at === undefined)
        findings.push({ line: line + 1, message: 'there is no such date; write it as 2026-11-20' });
    }
    return findings;
  });
}

function ofBoxes(outline: Outline): readonly MemoryFinding[] {
  const section = findSection(outline.sections, 'Candidate Features To Do');
  if (!section) return [];
  const findings: MemoryFinding[] = [];
  for (let line = section.start + 1; line < section.end; line++) {
    const text = bare(outline.lines[line] ?? '');
    // A link `[x](…)` is no box.
    const isBroken = /^\s*[-*+] ?\[[^\]]?\](?!\()/.test(text) && !/^\s*[-*+] \[[ xX]\] \S/.test(text);
    if (isBroken && !outline.isCode(line))
      findings.push({ line: line + 1, message: 'the box is not one; write it as - [ ] Title' });
  }
  const seen = new Map<string, number>();
  for (const { title, start } of boxesOf(outline, section)) {
    const key = wordsOf(title);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, start + 1);
    else findings.push({ line: start + 1, message: `the same stands in line ${first}` });
  }
  return findings;
}

function ofContract({ lines }: Outline): readonly MemoryFinding[] {
  const found = findPart({ lines });
  if (found.is === 'none') return [];
  if (found.is === 'damaged') return [{ line: found.line, message: found.message }];
  const { begin, facts } = found.part;
  if (!facts) return [{ line: begin + 1, message: `there is no ${factsTitle} between the markers of clone` }];
  const own = lines.slice(begin, facts.heading + 1).map((line) => bare(line));
  const at = contractLines.findIndex((line, index) => own[index] !== line);
  if (at < 0 && own.length === contractLines.length) return [];
  const message = 'the text of clone reads otherwise today; the next landing writes it anew';
  return [{ line: begin + 1 + Math.max(0, at), message }];
}

function known(outline: Outline, titles: readonly string[]): readonly Section[] {
  const keys = new Set(titles.map(titleKey));
  return outline.sections.filter(({ title }) => keys.has(titleKey(title)));
}
