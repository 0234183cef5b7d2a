import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type ScalarTag,
} from 'yaml';

import type { Repo } from '../../domain/repo.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { FileProblem } from '../../ports/portfolio.ts';
import { isJson } from './edit-json.ts';
import { isLikeRepos } from './flat-portfolio.ts';
import { judgeEntry, type PortfolioFile } from './judge-entry.ts';

/** Reads the text of `repos.yaml`. The first thing that is wrong is the answer: nothing is guessed. */
export function readPortfolio(text: string, about: PortfolioFile): Result<readonly Repo[], FileProblem> {
  try {
    return readEntries(text, { ...about, firstClone: isJson(text) });
  } catch (error) {
    // The parser gives up that way on what is nested without end, or multiplies itself through aliases.
    if (!(error instanceof RangeError || error instanceof ReferenceError)) throw error;
    const hint = 'the file is not one that a person would write';
    return failed({ file: about.file, line: undefined, column: undefined, message: error.message, hint });
  }
}

function readEntries(text: string, about: PortfolioFile): Result<readonly Repo[], FileProblem> {
  const parsed = parsePortfolio(text, about.file);
  if (!parsed.ok) return parsed;
  const { document, problemAt } = parsed.value;
  const list = listOf(document);
  if (list === undefined) {
    const meant = misspelt(document);
    return meant === undefined
      ? ok([])
      : failed(problemAt(meant, `${meant.value} is not a key`, 'did you mean repos?'));
  }
  if (!isSeq(list))
    return failed(problemAt(list, 'repos must be a list', 'one `- name: ...` per repository'));

  const repos: Repo[] = [];
  const lines = new Map<string, number | undefined>();
  for (const item of list.items) {
    const node = isAlias(item) ? item.resolve(document) : item;
    if (!isMap(node))
      return failed(problemAt(item, 'an entry must hold `name:` and `path:`', 'see docs/CONFIGURATION.md'));
    const read = readEntry(node as EntryNode, document, about, problemAt);
    if (!read.ok) return read;
    const { name } = read.value;
    const here = problemAt(item, '', '').line;
    if (lines.has(name)) {
      const message = `${name} stands twice: in line ${lines.get(name) ?? '?'} and in line ${here ?? '?'}`;
      return failed(problemAt(item, message, 'rename one of the two, or remove it'));
    }
    lines.set(name, here);
    repos.push(read.value);
  }
  return ok(repos);
}

type ProblemAt = (node: unknown, message: string, hint: string) => FileProblem;
type EntryNode = ParsedNode & {
  readonly items: readonly { readonly key: unknown; readonly value: unknown }[];
};

/** The text as a document that can be edited and keeps its comments. */
export function parsePortfolio(
  text: string,
  file: string,
): Result<{ readonly document: Document; readonly problemAt: ProblemAt }, FileProblem> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    customTags: (tags) =>
      tags.map((tag) => (typeof tag === 'string' || tag.collection ? tag : asWritten(tag))),
  });
  const at = (offset: number | undefined): Pick<FileProblem, 'line' | 'column'> => {
    if (offset === undefined) return { line: undefined, column: undefined };
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [error] = document.errors;
  if (error) {
    const isSecond = error.code === 'MULTIPLE_DOCS';
    const message = isSecond ? 'a second document begins here' : error.message;
    const why = isSecond ? 'take out the line `---`' : 'the file is not valid YAML';
    return failed({ file, ...at(error.pos[0]), message, hint: `${why}; it was left as it is` });
  }
  const problemAt: ProblemAt = (node, message, hint) => ({ file, ...at(startOf(node)), message, hint });
  if (document.contents !== null && !isMap(document.contents) && !isEmpty(document.contents))
    return failed(
      problemAt(document.contents, 'must hold `repos:` with a list', 'clone init makes one to start from'),
    );
  return ok({ document, problemAt });
}

/** Numbers are written back as they were read: `007` is not to become `7`. */
function asWritten(tag: ScalarTag): ScalarTag {
  const { stringify } = tag;
  if (!stringify || !/:(int|float)$/.test(tag.tag)) return tag;
  return {
    ...tag,
    stringify(item, ...rest) {
      const { source, value } = item;
      if (source !== undefined && typeof value === 'number' && Number(source) === value) return source;
      return stringify(item, ...rest);
    },
  };
}

/** The node that holds the entries; undefined: there is none yet. */
export function listOf(document: Document): unknown {
  const list = isMap(document.contents) ? document.contents.get('repos', true) : undefined;
  return isEmpty(list) ? undefined : list;
}

/** A key that was probably to be `repos`: the portfolio would seem to be empty. */
function misspelt(document: Document): { readonly value: string } | undefined {
  if (!isMap(document.contents) || document.contents.has('repos')) return undefined;
  for (const { key } of document.contents.items)
    if (isScalar(key) && typeof key.value === 'string' && isLikeRepos(key.value))
      return key as { value: string };
  return undefined;
}

function readEntry(
  node: EntryNode,
  document: Document,
  about: PortfolioFile,
  problemAt: ProblemAt,
): Result<Repo, FileProblem> {
  const values = (
    node as unknown as { toJS(document: Document, options: object): Readonly<Record<string, unknown>> }
  ).toJS(document, { maxAliasCount: 100 });
  const pairOf = (key: string): EntryNode['items'][number] | undefined =>
    node.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
  const judged = judgeEntry({ values, text: (key) => textOf(pairOf(key)?.value, values[key]) }, about);
  if (judged.ok) return judged;
  const { key, message, hint } = judged.failure;
  return failed(problemAt(pairOf(key)?.value ?? pairOf(key)?.key ?? node, message, hint));
}

/** What a person wrote: `007` and `1.0` are names here, not numbers. */
function textOf(node: unknown, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (isScalar(node) && node.source !== undefined) return node.source;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function isEmpty(node: unknown): boolean {
  return node === undefined || node === null || (isScalar(node) && node.value === null);
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) ? (node.range as readonly number[])[0] : undefined;
}
