import { readdirSync } from 'node:fs';
import path from 'node:path';

import { readPart } from './small-file.ts';

const enough = 16 * 1024;

/** The first heading of the README, else its first sentence. A README that is a link is not read. */
export function aboutRepo(workTree: string): string | undefined {
  const [readme] = readmesIn(workTree);
  if (readme === undefined) return undefined;
  const text = readPart(path.join(workTree, readme), enough, { followLinks: false })?.toString('utf8');
  return text === undefined ? undefined : firstWords(text);
}

/** Markdown goes before other forms. */
function readmesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^readme(\.(md|markdown|mdx|rst|txt|adoc))?$/i.test(name))
      .sort((a, b) => Number(/\.m/i.test(b)) - Number(/\.m/i.test(a)) || (a < b ? -1 : 1));
  } catch {
    return [];
  }
}

/** The first heading in a README's text, else its first sentence, as one plain line. */
export function firstWords(readme: string): string | undefined {
  const lines = withoutBlocks(readme).split(/\r?\n/);
  let sentence: string | undefined;
  for (const [index, line] of lines.entries()) {
    const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)?.[1] ?? /^=\s+(.*)$/.exec(line)?.[1];
    const underlined = /^\s*(=|-|~){3,}\s*$/.test(lines[index + 1] ?? '') ? line : undefined;
    const title = plainLine(heading ?? underlined ?? htmlHeading(line) ?? '');
    if (title !== '') return shortened(title);
    if (heading === undefined && sentence === undefined) sentence = sentenceIn(line);
    if (sentence !== undefined && line.trim() === '') break;
  }
  return sentence;
}

function sentenceIn(line: string): string | undefined {
  if (/^\s*(<|={3,}|-{3,}|\.\.\s|:)/.test(line)) return undefined;
  const plain = plainLine(line);
  if (!/\p{L}{2}/u.test(plain)) return undefined;
  return shortened(/^.*?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain);
}

function htmlHeading(line: string): string | undefined {
  return /<h[1-3][^>]*>(.*?)<\/h[1-3]>/i.exec(line)?.[1];
}

/** Comments, front matter and fenced code say nothing about the whole. */
function withoutBlocks(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, '')
    .replace(/<!--[\s\S]*?(-->|$)/g, '')
    .replace(/^\s*(```|~~~)[\s\S]*?^\s*\1\s*$/gm, '');
}

function plainLine(line: string): string {
  return line
    .replace(/!\[[^\]]*\]\([^)]*\)|!\[[^\]]*\]\[[^\]]*\]/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)|\[([^\]]*)\]\[[^\]]*\]/g, '$1$2')
    .replace(/<[^>]*>/g, '')
    .replace(/[*`]|(?<!\w)_+|_+(?!\w)/g, '')
    .replace(/\p{C}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

const longest = 160;

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}
