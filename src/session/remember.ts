import type { Commit } from '../domain/change.ts';
import { memoryFiles } from '../domain/memory.ts';
import type { Memorable, Remembering } from '../domain/remembering.ts';
import type { Sha } from '../domain/repo.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Instant } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { GitFailure, Mirror, Workspace } from '../ports/mirrors.ts';
import { commitMessage } from '../rules/commit-message.ts';
import { listChecks } from '../rules/list-checks.ts';
import { largestOf } from '../rules/memory/read-memory-file.ts';
import { seedBacklog } from '../rules/memory/seed-backlog.ts';
import { kindOf, type RememberedTexts, rememberedTexts } from '../rules/memory-texts.ts';
import { goesWith } from '../rules/settle-memory.ts';
import type { Checks } from './checks.ts';
import { type CompactedText, compactedText } from './remember-compact.ts';
import { asText, type Found, memoryFilesIn, tellLeftAlone } from './remember-files.ts';
import type { Summarise } from './summarise.ts';
import type { SessionWorld, Visit } from './visit.ts';

type MemoryWorld = Pick<SessionWorld, 'clock' | 'redact' | 'workplace'>;

/** The part of a session that this needs. */
export interface Writing {
  readonly visit: Pick<Visit, 'session' | 'run' | 'repo' | 'options'>;
  readonly workspace: Pick<
    Workspace,
    'folder' | 'readPlain' | 'writePlain' | 'snapshotWith' | 'commit' | 'todos'
  >;
  readonly mirror: Pick<Mirror, 'humanLines'>;
  readonly ledger: Ledger;
}

/** The work that lands: its commits, oldest first, the last of which the workspace has the files of. */
export interface Work {
  readonly tip: Sha;
  readonly commits: readonly Commit[];
  readonly checks: Checks;
  /** Where an agent may be asked for the lines of old entries. */
  readonly summarise?: Summarise | undefined;
}

/** A commit that only writes down what is remembered. */
export interface MemoryCommit {
  readonly commit: Commit;
  readonly tree: string;
}

/**
 * Writes what is to be remembered into the repository's own files, in one commit on top of the work. Undefined: there
 * is nothing to remember. What cannot be written goes on waiting, and people are told once.
 */
export async function rememberOn(
  world: MemoryWorld,
  session: Writing,
  work: Work,
): Promise<Result<MemoryCommit | undefined, GitFailure>> {
  const { visit, workspace, ledger } = session;
  if (!visit.options.memory_enabled) return ok(undefined);
  const view = await ledger.memory(visit.repo.name);
  const landing = { session: visit.session, commits: work.commits };
  const items = goesWith(view?.pending ?? [], landing).map((item) => masked(item, world.redact));
  if (items.length === 0) return ok(undefined);

  const found = await memoryFilesIn(workspace, world.workplace);
  const written = await writeDown(world, session, work, { items, found });
  if (!written.ok) return written;
  const { tree, files, problems, ignored, held: ids } = written.value;
  await tellLeftAlone(session, view, problems);
  if (tree === undefined) {
    // All of it may stand there already.
    if (ids.length > 0) await ledger.record({ type: 'remembered', commit: work.tip, items: ids });
    return ok(undefined);
  }
  const held = items.filter(({ id }) => ids.includes(id));
  const { run, session: id } = visit;
  const message = commitMessage(subjectOf(held), 'Remember', { run, session: id, turn: 'memory' });
  const made = await workspace.commit(tree, work.tip, message);
  if (!made.ok) return made;
  await ledger.record({ type: 'remembered', commit: made.value, items: held.map((item) => item.id) });
  const [subject = ''] = message.split('\n');
  const paths = [...files.keys()].filter((file) => !ignored.includes(file));
  const commit = { sha: made.value, subject, memory: true, files: paths.length, paths: paths.toSorted() };
  return ok({ commit, tree });
}

interface Written extends Composed {
  /** Undefined: there is nothing to commit. */
  readonly tree: string | undefined;
  readonly ignored: readonly string[];
}

/**
 * Puts everything into the workspace. Where the archive cannot be kept, nothing is compacted. An agent is asked for
 * better lines only once all of it stands there, so that no turn is spent on what cannot land.
 */
async function writeDown(
  world: MemoryWorld,
  session: Writing,
  work: Work,
  order: Order,
): Promise<Result<Written, GitFailure>> {
  const now = world.clock.now();
  const text = order.found.texts.get('memory');
  const due = text && (await compactedText(session, { sha: work.tip, text, now }));
  const shorter = due && due.changed ? due : undefined;
  const first = await writeOnce(world, session, work, { ...order, now, shorter });
  if (!shorter || !first.ok) return first;
  if (first.value.ignored.includes(shorter.archive)) {
    await putBack(session, order.found, first.value.files.keys());
    return await writeOnce(world, session, work, { ...order, now, shorter: undefined });
  }
  const entries = shorter.isOverLimit ? shorter.longer() : [];
  const { tree } = first.value;
  if (!work.summarise || entries.length === 0 || tree === undefined) return first;
  const { wordsFor } = await work.summarise(entries, { tip: work.tip, tree });
  return await writeOnce(world, session, work, { ...order, now, shorter: shorter.inWords(wordsFor) });
}

interface Order {
  readonly items: readonly Remembering[];
  readonly found: Found;
}

type OrderNow = Order & { readonly now: Instant; readonly shorter: CompactedText | undefined };

async function writeOnce(
  world: MemoryWorld,
  session: Writing,
  work: Work,
  order: OrderNow,
): Promise<Result<Written, GitFailure>> {
  const composed = await compose(world, session, work, order);
  if (composed.files.size === 0) return ok({ ...composed, tree: undefined, ignored: [] });
  const written = await write(session, work.tip, order.found, composed.files);
  if (!written.ok) return written;
  const { tree, ignored } = written.value;
  const told = ignored.map((file) => ({ file, why: 'git is told to ignore it' }));
  const lost = new Set(ignored);
  const held = order.items
    .filter(({ id, what }) => composed.held.includes(id) && !lost.has(memoryFiles[kindOf(what)]))
    .map(({ id }) => id);
  return ok({ ...composed, tree, ignored, held, problems: [...composed.problems, ...told] });
}

interface Composed extends Pick<RememberedTexts, 'held'> {
  /** Path → text, of what changes. */
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly { readonly file: string; readonly why: string }[];
}

async function compose(
  world: MemoryWorld,
  session: Writing,
  work: Work,
  { items, found, now, shorter }: OrderNow,
): Promise<Composed> {
  const { visit } = session;
  const texts = new Map(found.texts);
  const files = new Map<string, string>();
  const before = texts.get('memory');
  if (before !== undefined && shorter) {
    texts.set('memory', shorter.text);
    files.set(shorter.archive, before);
    files.set(memoryFiles.memory, shorter.text);
  }
  const written = rememberedTexts(texts, items, {
    repo: visit.repo.name,
    objective: visit.repo.objective,
    now,
    facts: factsOf(work.checks),
    seed:
      texts.has('backlog') && texts.get('backlog') === undefined ? await seedOf(world, session, work) : [],
  });
  for (const [kind, text] of written.changed) files.set(memoryFiles[kind], text);
  const problems = written.problems.map(({ file, message, hint }) => ({
    file,
    why: `${message}; ${hint}`,
  }));
  return { held: written.held, files, problems: [...found.problems, ...problems] };
}

/** Puts the files into the workspace. What git ignores is put back; no tree: nothing was left to commit. */
async function write(
  session: Writing,
  tip: Sha,
  found: Found,
  files: ReadonlyMap<string, string>,
): Promise<Result<{ tree: string | undefined; ignored: readonly string[] }, GitFailure>> {
  const snapshot = await session.workspace.snapshotWith(tip, files);
  if (!snapshot.ok) return snapshot;
  const { changed, tree, missing } = snapshot.value;
  await putBack(session, found, missing);
  return ok({ tree: changed ? tree : undefined, ignored: missing });
}

async function putBack({ workspace }: Writing, found: Found, files: Iterable<string>): Promise<void> {
  for (const file of files) await workspace.writePlain(file, found.bytes.get(file));
}

function factsOf({ checks }: Checks): readonly string[] {
  return checks.length === 0
    ? []
    : listChecks(checks)
        .split('\n')
        .map((line) => `Check: ${line.replace(/^- /, '')}`);
}

const mostDocs = 20;

/** What the repository says itself of what could be done next. */
async function seedOf(world: MemoryWorld, { workspace }: Writing, { tip }: Work): Promise<readonly string[]> {
  const read = (file: string): Promise<string | undefined> => asText(workspace, file, largestOf(file));
  const names = await world.workplace.list(workspace.folder, 'docs');
  const docs = [];
  for (const name of names.filter((one) => one.endsWith('.md')).slice(0, mostDocs)) {
    const text = await read(`docs/${name}`);
    if (text !== undefined) docs.push({ file: `docs/${name}`, text });
  }
  return seedBacklog({ readme: await read('README.md'), docs, todos: await workspace.todos(tip) }).map(
    (title) => world.redact(title),
  );
}

function subjectOf(items: readonly Remembering[]): string {
  const count = (kind: Memorable['kind']): number => items.filter(({ what }) => what.kind === kind).length;
  const parts = [
    counted(count('done'), 'task'),
    counted(count('incident'), 'incident'),
    counted(count('entry'), 'decision'),
    counted(count('candidate'), 'idea'),
  ].filter((part) => part !== '');
  return `Remember ${parts.slice(0, 3).join(', ') || 'what is known'}`;
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Every string of it without secrets, whoever wrote it. */
function masked<Thing>(thing: Thing, redact: (text: string) => string): Thing {
  if (typeof thing === 'string') return redact(thing) as Thing;
  if (Array.isArray(thing)) return thing.map((one: unknown) => masked(one, redact)) as Thing;
  if (typeof thing !== 'object' || thing === null) return thing;
  return Object.fromEntries(
    Object.entries(thing).map(([key, value]) => [key, masked(value as unknown, redact)]),
  ) as Thing;
}
