import { memoryFiles } from '../domain/memory.ts';
import type { Sha } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';
import type { Mirror } from '../ports/mirrors.ts';
import {
  archiveName,
  type Compacted,
  type Compaction,
  compactMemory,
  isDueByAge,
} from '../rules/memory/compact-memory.ts';
import { linesOf } from '../rules/memory/lines.ts';
import type { Visit } from './visit.ts';

/** PROJECT_MEMORY.md shortened. */
export interface CompactedText extends Compacted {
  /** Where the whole of it goes. */
  readonly archive: string;
  /** False: only its age called for it. */
  readonly isOverLimit: boolean;
  /** The same with better words for its old entries. */
  inWords(wordsFor: NonNullable<Compaction['wordsFor']>): CompactedText;
}

/**
 * PROJECT_MEMORY.md shortened, when it is over its limit or a week has passed. Who wrote which line is asked only then;
 * when nobody can say, it stays as it is.
 */
export async function compactedText(
  { mirror, visit }: { mirror: Pick<Mirror, 'humanLines'>; visit: Pick<Visit, 'options'> },
  memory: { sha: Sha; text: string; now: Instant },
): Promise<CompactedText | undefined> {
  const { sha, text, now } = memory;
  const maxLines = visit.options.project_memory_max_lines;
  const isOverLimit = linesOf(text).length > maxLines;
  if (!isOverLimit && !isDueByAge(text, now)) return undefined;
  const human = await mirror.humanLines(sha, memoryFiles.memory);
  if (!human.ok) return undefined;
  const isHuman = (line: number): boolean => human.value.has(line);
  const archive = archiveName(now);
  const inWords = (wordsFor?: Compaction['wordsFor']): CompactedText => ({
    ...compactMemory(text, { maxLines, isHuman, now, archive, wordsFor }),
    archive,
    isOverLimit,
    inWords,
  });
  return inWords();
}
