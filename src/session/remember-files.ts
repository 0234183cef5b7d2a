import { type MemoryKind, memoryFiles } from '../domain/memory.ts';
import type { MemoryView } from '../ledger/views.ts';
import type { Workspace } from '../ports/mirrors.ts';
import type { Workplace } from '../ports/workplace.ts';
import { largestOf, readMemoryFile } from '../rules/memory/read-memory-file.ts';
import type { OpenSession } from './visit.ts';

/** The files that remember, as they lie in a workspace. */
export interface Found {
  /** Text, or undefined where there is no file yet. A kind that is missing is better left alone. */
  readonly texts: ReadonlyMap<MemoryKind, string | undefined>;
  /** The bytes of each, by path, to put them back. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  readonly problems: readonly { readonly file: string; readonly why: string }[];
}

/**
 * Reads the files that remember with care: a link, a folder, something huge or no text at all is a problem, and so is a
 * name that differs only in case, which on some machines is the same file. Whoever makes no files need not ask for that.
 */
export async function memoryFilesIn(
  workspace: Pick<Workspace, 'folder' | 'readPlain'>,
  workplace?: Pick<Workplace, 'list'>,
): Promise<Found> {
  const texts = new Map<MemoryKind, string | undefined>();
  const bytes = new Map<string, Uint8Array>();
  const problems: { file: string; why: string }[] = [];
  for (const [kind, file] of Object.entries(memoryFiles) as [MemoryKind, string][]) {
    const lies = await workspace.readPlain(file, largestOf(file));
    if (lies.kind === 'none') texts.set(kind, undefined);
    if (lies.kind === 'unusable') problems.push({ file, why: lies.why });
    if (lies.kind !== 'file') continue;
    bytes.set(file, lies.bytes);
    const read = readMemoryFile(lies.bytes, file);
    if (read.ok) texts.set(kind, read.value);
    else problems.push({ file, why: `${read.failure.message}; ${read.failure.hint}` });
  }
  const absent = [...texts].flatMap(([kind, text]) => (text === undefined ? [kind] : []));
  const names = absent.length === 0 || !workplace ? [] : await workplace.list(workspace.folder, '');
  for (const kind of absent) {
    const file = memoryFiles[kind];
    const twin = names.find((name) => name.toLowerCase() === file.toLowerCase());
    if (twin === undefined) continue;
    texts.delete(kind);
    problems.push({ file, why: `${twin} is there, on some machines the same file; rename it to ${file}` });
  }
  return { texts, bytes, problems };
}

/** A file of the workspace as text; undefined: none, or none that is fit to be read. */
export async function asText(
  workspace: Pick<Workspace, 'readPlain'>,
  file: string,
  maxBytes: number,
): Promise<string | undefined> {
  const lies = await workspace.readPlain(file, maxBytes);
  return lies.kind === 'file' ? Buffer.from(lies.bytes).toString('utf8') : undefined;
}

/** Tells people of a file that cannot be written: once for each reason, not at each landing. */
export async function tellLeftAlone(
  { ledger }: Pick<OpenSession, 'ledger'>,
  view: Pick<MemoryView, 'leftAlone'> | undefined,
  problems: readonly { readonly file: string; readonly why: string }[],
): Promise<void> {
  for (const { file, why } of problems) {
    if (view?.leftAlone[file] === why) continue;
    await ledger.record(
      { type: 'memory-file-left-alone', file, why },
      { type: 'warned', message: `${file} is left alone, what belongs there waits: ${why}` },
    );
  }
}
