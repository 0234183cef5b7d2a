import type { SessionFailure } from '../domain/failure.ts';
import { memoryFiles } from '../domain/memory.ts';
import type { Repo } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { archiveName, compactMemory } from '../rules/memory/compact-memory.ts';
import { largestOf, problemOf } from '../rules/memory/read-memory-file.ts';
import type { OpenWorld, RunOrder } from './run-world.ts';

/** What compacting would come to. */
export interface CompactionPreview {
  /** False: there is no PROJECT_MEMORY.md at the tip of the branch. */
  readonly exists: boolean;
  readonly changed: boolean;
  readonly lines: { readonly before: number; readonly after: number };
  /** Entries that would become a line each. */
  readonly summarised: number;
  /** Lines that people wrote; they stay. */
  readonly human: number;
  readonly maxLines: number;
  readonly archive: string;
}

const file = memoryFiles.memory;

/** What compacting the memory of a repository would do to the tip of its branch. Only our mirror of it is brought up to date. */
export async function previewCompaction(
  world: Pick<OpenWorld, 'mirrors' | 'leases' | 'clock'>,
  order: Pick<RunOrder, 'optionsFor'>,
  repo: Repo,
): Promise<Result<CompactionPreview, SessionFailure>> {
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return failed({ kind: 'repo-unusable', message: identified.failure.message, hint: '' });
  const taken = await world.leases.acquire(identified.value.key, `clone memory compact ${repo.name}`);
  if (!taken.ok) return failed({ kind: 'repo-busy', holder: taken.failure.holder });
  await using lease = taken.value;
  const synced = await world.mirrors.sync(identified.value);
  if (!synced.ok) return failed({ kind: 'remote-unreachable', message: synced.failure.message, hint: '' });
  if (lease.lost.aborted)
    return failed({ kind: 'lease-lost', message: 'another process took the repository' });
  const mirror = synced.value;

  const now = world.clock.now();
  const maxLines = (await order.optionsFor(repo)).project_memory_max_lines;
  const base = { maxLines, archive: archiveName(now) };
  const text = await mirror.readFile(mirror.tip, file, largestOf(file));
  if (text === undefined)
    return ok({
      ...base,
      exists: false,
      changed: false,
      lines: { before: 0, after: 0 },
      summarised: 0,
      human: 0,
    });
  const problem = problemOf(text, file);
  if (problem) {
    const where = problem.line === undefined ? file : `${file}:${problem.line}`;
    return failed({ kind: 'repo-unusable', message: `${where} ${problem.message}`, hint: problem.hint });
  }
  const human = await mirror.humanLines(mirror.tip, file);
  if (!human.ok) return failed({ kind: 'repo-unusable', message: human.failure.message, hint: '' });
  const { changed, lines, summarised } = compactMemory(text, {
    ...base,
    isHuman: (line) => human.value.has(line),
    now,
  });
  return ok({ ...base, exists: true, changed, lines, summarised, human: human.value.size });
}
