import { type MemoryKind, memoryFiles } from '../domain/memory.ts';
import type { Sha } from '../domain/repo.ts';
import type { Result } from '../domain/result.ts';
import type { GitFailure, PlainFile, Workspace } from '../ports/mirrors.ts';
import { largestOf, readMemoryFile } from '../rules/memory/read-memory-file.ts';
import { repairMemory } from '../rules/memory/repair-memory.ts';
import type { MemoryBefore, OpenSession, Visit } from './visit.ts';

const kinds = ['memory', 'incidents', 'backlog'] as const;

/** The part of a session that this needs. */
type Harvesting = Pick<OpenSession, 'ledger' | 'before'> & {
  readonly visit: Pick<Visit, 'options'>;
  readonly workspace: Pick<Workspace, 'readPlain' | 'writePlain' | 'snapshot' | 'changedAside'>;
};

export async function memoryBefore(workspace: Pick<Workspace, 'readPlain'>): Promise<MemoryBefore> {
  const before = new Map<MemoryKind, PlainFile>();
  for (const kind of kinds) before.set(kind, await lies(workspace, kind));
  return before;
}

/**
 * The files as the agent left them, as a tree. What it wrote by hand into the files that remember is taken over only as
 * far as it has their format; a task in which a person names such a file may do as it likes there.
 */
export async function harvest(
  session: Harvesting,
  than: Sha,
  how: { named?: readonly string[] | undefined; before?: MemoryBefore | undefined } = {},
): Promise<Result<{ tree: string; changed: boolean }, GitFailure>> {
  const before = how.before ?? session.before;
  const named = (how.named ?? []).map((path) => path.replace(/^\.\//, ''));
  for (const kind of before && session.visit.options.memory_enabled ? kinds : []) {
    if (!named.includes(memoryFiles[kind])) await mend(session, kind, before?.get(kind) ?? { kind: 'none' });
  }
  await tellUnseen(session);
  return session.workspace.snapshot(than);
}

/** What setup made never lands, even where an agent edited it: that must not go unnoticed. */
async function tellUnseen({ workspace, ledger }: Harvesting): Promise<void> {
  const changed = workspace.changedAside();
  if (changed.length === 0) return;
  const named = changed.slice(0, 5).join(', ');
  const files = changed.length > 5 ? `${named} and ${changed.length - 5} more` : named;
  const message = `${files}: changed in this turn, made by setup and unknown to git, so in no commit. Have setup make it elsewhere, or commit it`;
  await ledger.record({ type: 'warned', message });
}

async function mend(session: Harvesting, kind: MemoryKind, before: PlainFile): Promise<void> {
  const { workspace, ledger } = session;
  const file = memoryFiles[kind];
  const after = await lies(workspace, kind);
  if (before.kind === 'unusable' || same(before, after)) return;
  const was = textOf(before, file);
  const is = textOf(after, file);
  const back = before.kind === 'file' ? before.bytes : undefined;
  if (was === 'unreadable' || is === 'unreadable') {
    await workspace.writePlain(file, back);
    await ledger.record({
      type: 'warned',
      message: `${file} is put back: what the agent left there cannot be read`,
    });
    return;
  }
  const { text, told } = repairMemory(kind, was.text, is.text);
  if (text !== is.text) await workspace.writePlain(file, text === was.text ? back : text);
  const [first] = told;
  if (first === undefined && text === is.text) return;
  const what = first ? `line ${first.line}: ${first.message}` : 'what has not its format is not taken over';
  const more = told.length > 1 ? ` (and ${told.length - 1} more)` : '';
  await ledger.record({ type: 'warned', message: `${file} was edited by hand, ${what}${more}` });
}

function lies(workspace: Pick<Workspace, 'readPlain'>, kind: MemoryKind): Promise<PlainFile> {
  return workspace.readPlain(memoryFiles[kind], largestOf(memoryFiles[kind]));
}

function same(before: PlainFile, after: PlainFile): boolean {
  if (before.kind === 'file' && after.kind === 'file') return Buffer.compare(before.bytes, after.bytes) === 0;
  return before.kind === 'none' && after.kind === 'none';
}

function textOf(file: PlainFile, name: string): { text: string | undefined } | 'unreadable' {
  if (file.kind === 'none') return { text: undefined };
  if (file.kind === 'unusable') return 'unreadable';
  const read = readMemoryFile(file.bytes, name);
  return read.ok ? { text: read.value } : 'unreadable';
}
