import { beginMarker, endMarker, factsTitle } from './contract-text.ts';
import { bare } from './lines.ts';
import { headingIn, type Outline, titleKey } from './markdown.ts';

/** Where our part of AGENTS.md is; lines are counted from 0. */
export interface ContractPart {
  readonly begin: number;
  readonly end: number;
  /** The heading of Repo Facts, and the line after the last one that belongs to it. Undefined: there is none. */
  readonly facts: { readonly heading: number; readonly end: number } | undefined;
}

/** Our part; undefined: no marker at all. Else what is wrong with the markers, and where. */
export type FoundPart =
  | { readonly is: 'part'; readonly part: ContractPart }
  | { readonly is: 'none' }
  | { readonly is: 'damaged'; readonly line: number; readonly message: string };

export function findPart({ lines }: Pick<Outline, 'lines'>): FoundPart {
  const begins = linesWith(lines, 'begin');
  const ends = linesWith(lines, 'end');
  const [begin, secondBegin] = begins;
  const [end, secondEnd] = ends;
  if (begin === undefined && end === undefined) return { is: 'none' };
  if (begin === undefined) return damaged(end, `${endMarker} stands there without ${beginMarker}`);
  if (end === undefined) return damaged(begin, `${beginMarker} stands there without ${endMarker}`);
  if (secondBegin !== undefined) return damaged(secondBegin, `${beginMarker} stands there twice`);
  if (secondEnd !== undefined) return damaged(secondEnd, `${endMarker} stands there twice`);
  if (end < begin) return damaged(end, `${endMarker} stands before ${beginMarker}`);
  for (const [line, marker] of [
    [begin, beginMarker],
    [end, endMarker],
  ] as const) {
    if (bare(lines[line] ?? '').trim() !== marker)
      return damaged(line, `${marker} has to stand alone on its line`);
  }
  const facts = factsIn(lines, begin, end);
  if (facts === 'several') return damaged(begin, `${factsTitle} stands more than once between the markers`);
  return { is: 'part', part: { begin, end, facts } };
}

/** Anything that a person or a program could take for one of the markers. */
export function looksLikeMarker(line: string, which: 'begin' | 'end' | 'begin|end'): boolean {
  return new RegExp(`<!--[\\s-]*clone\\s*:\\s*(?:${which})`, 'i').test(
    line.slice(0, 10_000).normalize('NFKC'),
  );
}

function linesWith(lines: readonly string[], which: 'begin' | 'end'): readonly number[] {
  return [...lines.keys()].filter((line) => {
    const text = lines[line] ?? '';
    return text.includes('<!--') && looksLikeMarker(text, which);
  });
}

/** Code blocks do not matter here: within our part there are none, and one from outside must not hide it. */
function factsIn(lines: readonly string[], begin: number, end: number): ContractPart['facts'] | 'several' {
  const headings: { line: number; level: number; text: string }[] = [];
  for (let line = begin + 1; line < end; line++) {
    const heading = headingIn(bare(lines[line] ?? ''));
    if (heading) headings.push({ line, ...heading });
  }
  const own = headings.filter(({ level, text }) => level === 3 && titleKey(text) === titleKey(factsTitle));
  const [first, second] = own;
  if (second) return 'several';
  if (!first) return undefined;
  const next = headings.find(({ line, level }) => line > first.line && level <= first.level);
  return { heading: first.line, end: next?.line ?? end };
}

function damaged(line: number | undefined, message: string): FoundPart {
  return { is: 'damaged', line: (line ?? 0) + 1, message };
}
