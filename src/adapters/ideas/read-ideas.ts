import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { type Idea, type IdeaStatus, ideaStatuses } from '../../domain/idea.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { FileProblem } from '../../ports/portfolio.ts';

export interface IdeasText {
  readonly document: Document;
  readonly ideas: readonly Idea[];
  /** The entry of each idea, in the same order. */
  readonly entries: readonly YAMLMap[];
}

/** The name of a repository, made of a title. */
export type NameFromTitle = (title: string) => string;

/** Reads the text of `ideas.yaml`. The first thing that is wrong is the answer: nothing is guessed. */
export function readIdeas(
  text: string,
  file: string,
  nameFromTitle: NameFromTitle,
): Result<IdeasText, FileProblem> {
  try {
    return readEntries(text, file, nameFromTitle);
  } catch (error) {
    // The parser gives up that way on what is nested without end, or multiplies itself through aliases.
    if (!(error instanceof RangeError || error instanceof ReferenceError)) throw error;
    const hint = 'the file is not one that a person would write';
    return failed({ file, line: undefined, column: undefined, message: error.message, hint });
  }
}

type Refuse = (node: unknown, message: string, hint: string) => { ok: false; failure: FileProblem };

function readEntries(
  text: string,
  file: string,
  nameFromTitle: NameFromTitle,
): Result<IdeasText, FileProblem> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number | undefined): Pick<FileProblem, 'line' | 'column'> => {
    if (offset === undefined) return { line: undefined, column: undefined };
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const marker = /^(?:<{7}|={7}|>{7})(?: .*)?$/m.exec(text);
  if (marker)
    return failed({
      file,
      ...at(marker.index),
      message: 'has marks of a merge that was not finished',
      hint: 'choose one side; the file was left as it is',
    });
  const [error] = document.errors;
  if (error) {
    const hint = 'the file is not valid YAML; it was left as it is';
    return failed({ file, ...at(error.pos[0]), message: error.message, hint });
  }
  const refuse: Refuse = (node, message, hint) => failed({ file, ...at(startOf(node)), message, hint });

  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null))
    return ok({ document, ideas: [], entries: [] });
  if (!isMap(root))
    return refuse(root, 'must hold `ideas:` with a list', 'clone init makes one to start from');
  const list: unknown = root.get('ideas', true);
  if (list === undefined || (isScalar(list) && list.value === null))
    return ok({ document, ideas: [], entries: [] });
  if (!isSeq(list)) return refuse(list, 'ideas must be a list', 'one `- title: ...` per idea');

  const ideas: Idea[] = [];
  const entries: YAMLMap[] = [];
  for (const item of list.items) {
    const entry = isAlias(item) ? item.resolve(document) : item;
    if (!isMap(entry))
      return refuse(item, 'an idea must hold `title:`', 'for example: - title: Incident diary');
    const read = readIdea(entry, document, { refuse, nameFromTitle });
    if (!read.ok) return read;
    const twin = ideas.findIndex((other) => isTwin(other, read.value));
    if (twin >= 0)
      return refuseTwin(read.value, entry, { other: ideas[twin], at: entries[twin], refuse, lines });
    ideas.push(read.value);
    entries.push(entry);
  }
  return ok({ document, ideas, entries });
}

function isTwin(a: Idea, b: Idea): boolean {
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  return same(a.id, b.id) || (a.repoName !== '' && same(a.repoName, b.repoName));
}

function refuseTwin(
  idea: Idea,
  entry: YAMLMap,
  { other, at, refuse, lines }: { other: Idea | undefined; at: unknown; refuse: Refuse; lines: LineCounter },
): ReturnType<Refuse> {
  const what =
    other?.id.toLowerCase() === idea.id.toLowerCase()
      ? `the id ${idea.id}`
      : `the repo_name ${idea.repoName}`;
  const first = lines.linePos(startOf(at) ?? 0).line;
  const second = lines.linePos(startOf(entry) ?? 0).line;
  return refuse(
    entry,
    `two ideas have ${what}: in line ${first} and in line ${second}`,
    'give one of the two another id and repo_name, or remove it',
  );
}

function readIdea(
  entry: YAMLMap,
  document: Document,
  { refuse, nameFromTitle }: { refuse: Refuse; nameFromTitle: NameFromTitle },
): Result<Idea, FileProblem> {
  const values = entry.toJS(document, { maxAliasCount: 100 }) as Readonly<Record<string, unknown>>;
  const nodeOf = (key: string): unknown => entry.get(key, true) ?? entry;
  for (const key of ['id', 'title', 'summary', 'status', 'repo_name', 'objective', 'last_error'])
    if (typeof values[key] === 'object' && values[key] !== null)
      return refuse(nodeOf(key), `${key} must be a text`, 'put it in quotes');
  const text = (key: string): string => textOf(entry.get(key, true), values[key]).trim();

  const title = oneLine(text('title'));
  if (title === '') return refuse(entry, 'an idea needs a `title`', 'for example: - title: Incident diary');
  const written = text('id');
  if (written !== '' && !isId(written))
    return refuse(
      nodeOf('id'),
      `the id ${JSON.stringify(written.slice(0, 70))} cannot be used`,
      'letters, digits, "-", "_" and ".", beginning with a letter or digit, at most 80',
    );
  const status = statusOf(text('status'));
  if (status === undefined)
    return refuse(
      nodeOf('status'),
      `status must be one of ${ideaStatuses.join(', ')}`,
      'NEW is the usual one',
    );
  const made = nameFromTitle(title);
  const id = written || made;
  if (id === '')
    return refuse(entry, `the idea "${title}" needs an \`id\``, 'its title has no letter a-z in it');
  return ok({
    id,
    title,
    summary: text('summary'),
    status,
    repoName: text('repo_name') || made,
    objective: text('objective'),
    lastError: text('last_error') || undefined,
  });
}

/** What an id may be: it is typed on command lines and is part of file names. */
export function isId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(text);
}

/** The first Clone counted a missing status as NEW. */
function statusOf(text: string): IdeaStatus | undefined {
  if (text === '') return 'NEW';
  return ideaStatuses.find((status) => status === text.toUpperCase());
}

/** What a person wrote: `007` and `1.0` are names here, not numbers. */
function textOf(node: unknown, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (isScalar(node) && node.source !== undefined) return node.source;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) ? (node.range as readonly number[])[0] : undefined;
}
