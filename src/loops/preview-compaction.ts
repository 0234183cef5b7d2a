import type { SessionFailure } from '../domain/failure.ts';
import { memoryFiles } from '../domain/memory.ts';
import type { Repo } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { compactionWorkspace } from '../rules/compaction-workspace.ts';
import { archiveName } from '../rules/memory/compact-memory.ts';
import { linesOf } from '../rules/memory/lines.ts';
import { largestOf } from '../rules/memory/read-memory-file.ts';
import { workspaceFailure } from '../session/failure-words.ts';
import type { OpenSession, Visit } from '../session/visit.ts';
import { shortened, treeWith } from './compacted-commit.ts';
import { type CompactOrder, mayCompact } from './may-compact.ts';
import type { OpenWorld } from './run-world.ts';

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

/**
 * What compacting the memory of a repository would do to the tip of its branch, up to the checks. Refused as the real one
 * would be. Only our mirror of it is brought up to date; the workspace goes again.
 */
export async function previewCompaction(
  world: Pick<OpenWorld, 'mirrors' | 'leases' | 'clock' | 'prompts'>,
  order: CompactOrder,
  repo: Repo,
): Promise<Result<CompactionPreview, SessionFailure>> {
  const may = await mayCompact(world, order, repo);
  if (!may.ok) return may;
  const options = may.value;
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return failed({ kind: 'repo-unusable', message: identified.failure.message, hint: '' });
  const holder = `clone memory compact ${repo.name}`;
  const taken = await world.leases.acquire(identified.value.key, holder, { repo: repo.name });
  if (!taken.ok) return failed({ kind: 'repo-busy', holder: taken.failure.holder });
  await using lease = taken.value;
  const synced = await world.mirrors.sync(identified.value);
  if (!synced.ok) return failed({ kind: 'remote-unreachable', message: synced.failure.message, hint: '' });
  if (lease.lost.aborted)
    return failed({ kind: 'lease-lost', message: 'another process took the repository' });
  const mirror = synced.value;
  const place = compactionWorkspace(identified.value.key);
  // A process that died while it compacted left this one, and made nothing in it that cannot be made again.
  await world.mirrors.discardWorkspace(place);
  const opened = await mirror.openWorkspace(place, mirror.tip);
  if (!opened.ok) return failed(workspaceFailure(opened.failure));
  await using workspace = opened.value;
  return await preview(world, { mirror, workspace, visit: { options } });
}

async function preview(
  world: Pick<OpenWorld, 'clock'>,
  { mirror, workspace, visit }: Pick<OpenSession, 'mirror' | 'workspace'> & { visit: Pick<Visit, 'options'> },
): Promise<Result<CompactionPreview, SessionFailure>> {
  const { tip } = mirror;
  const maxLines = visit.options.project_memory_max_lines;
  const lies = await workspace.readPlain(file, largestOf(file));
  const human = lies.kind === 'file' ? await mirror.humanLines(tip, file) : ok(new Set<number>());
  if (!human.ok) return failed({ kind: 'repo-unusable', message: human.failure.message, hint: '' });
  const session = { mirror: { humanLines: () => Promise.resolve(human) }, workspace, visit };
  const read = await shortened(world, session, tip);
  if (!read.ok) return read;
  const { shorter, whole } = read.value;
  const count = linesOf(whole).length;
  const found = { exists: lies.kind !== 'none', human: human.value.size, maxLines };
  if (!shorter?.changed) {
    const lines = { before: count, after: count };
    return ok({ ...found, changed: false, lines, summarised: 0, archive: archiveName(world.clock.now()) });
  }
  const tree = await treeWith(workspace, tip, [
    [shorter.archive, whole],
    [file, shorter.text],
  ]);
  if (!tree.ok) return tree;
  const { changed, lines, summarised, archive } = shorter;
  return ok({ ...found, changed, lines, summarised, archive });
}
