import { type MemoryProblem, memoryFiles } from '../../domain/memory.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { Instant } from '../../domain/time.ts';
import { type ContractPart, findPart } from './contract-part.ts';
import { contractLines, endMarker } from './contract-text.ts';
import { dayOf } from './dates.ts';
import { bare, insertBlocks, isBlank, type LineEnd, lineEndOf, linesOf } from './lines.ts';
import { endOfText } from './markdown.ts';
import { problemOf } from './read-memory-file.ts';
import { oneLine, wordsOf } from './words.ts';

/** What our part of AGENTS.md tells about a repository. */
export interface ContractFacts {
  readonly objective: string;
  /** One line each; those that are there already are not added again. */
  readonly facts: readonly string[];
  readonly now: Instant;
}

const mostFacts = 40;

/**
 * AGENTS.md with our contract between its markers, as it reads today. What a person wrote around it stays byte for byte,
 * and so does what stands under Repo Facts. Markers that are not one pair are a problem.
 */
export function withContract(text: string | undefined, facts: ContractFacts): Result<string, MemoryProblem> {
  const before = text ?? '';
  const problem = problemOf(before, memoryFiles.contract);
  if (problem) return failed(problem);
  const lines = linesOf(before);
  const found = findPart({ lines });
  switch (found.is) {
    case 'damaged':
      return failed({
        kind: 'markers',
        file: memoryFiles.contract,
        line: found.line,
        message: found.message,
        hint: 'leave one pair of markers around the part of clone, or take both away',
      });
    case 'none': {
      const block = [...contractLines, '', ...newFacts([], facts), dated(facts), endMarker];
      const at = endOfText({ lines }, { start: -1, end: lines.length });
      return ok(insertBlocks(lines, [{ at, block }]));
    }
    case 'part':
      return ok(renewed(before, lines, found.part, facts));
  }
}

/** The text with our words as they are today; only when anything changes, the date does. */
function renewed(
  before: string,
  lines: readonly string[],
  { begin, end, facts }: ContractPart,
  about: ContractFacts,
): string {
  const lineEnd = lineEndOf(lines);
  const kept = facts ? lines.slice(facts.heading + 1, facts.end) : [lineEnd];
  const added = [...newFacts(kept, about), ...(facts ? [] : [dated(about)])];
  const write = (rest: readonly string[]): string =>
    [
      ...lines.slice(0, begin),
      ...written(contractLines, lineEnd),
      ...withFacts(rest, added, lineEnd),
      ...written([endMarker], lineEnd).map((line) => keepEnd(line, lines[end] ?? '')),
      ...lines.slice(end + 1),
    ].join('');
  const same = write(kept);
  if (same === before) return before;
  return write(kept.map((line) => (isDated(line) ? `${dated(about)}${lineEnd}` : line)));
}

function withFacts(kept: readonly string[], added: readonly string[], lineEnd: LineEnd): readonly string[] {
  if (added.length === 0) return kept;
  const last = kept.findLastIndex((line) => !isBlank(line));
  const at = last < 0 ? kept.length : last + 1;
  return [...kept.slice(0, at), ...written(added, lineEnd), ...kept.slice(at)];
}

/** Bullets for what is not told yet. An objective that a person worded differently stays. */
function newFacts(kept: readonly string[], { objective, facts }: ContractFacts): readonly string[] {
  const known = new Set(kept.map((line) => wordsOf(bare(line))));
  const hasObjective = kept.some((line) => /^\s*[-*] Objective:/i.test(bare(line)));
  const goal = oneLine(objective, 400);
  const first = hasObjective || goal === '' ? [] : [`- Objective: ${goal}`];
  const bullets = facts.map((fact) => oneLine(fact, 300)).filter((fact) => fact !== '');
  const room = Math.max(0, mostFacts - kept.filter((line) => !isBlank(line)).length);
  const fresh = bullets.filter((fact) => {
    const isNew = !known.has(wordsOf(fact));
    known.add(wordsOf(fact));
    return isNew;
  });
  return [...first, ...fresh.slice(0, room).map((fact) => `- ${fact}`)];
}

function dated({ now }: ContractFacts): string {
  return `- Last updated: ${dayOf(now)}`;
}

function isDated(line: string): boolean {
  return /^- Last updated: \d{4}-\d\d-\d\d$/.test(bare(line));
}

function written(lines: readonly string[], lineEnd: LineEnd): readonly string[] {
  return lines.map((line) => line + lineEnd);
}

/** A file that ended without a line break still does. */
function keepEnd(line: string, was: string): string {
  return was.endsWith('\n') ? line : bare(line);
}
