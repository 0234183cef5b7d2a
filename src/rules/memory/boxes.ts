import { bare, isBlank, isIndented } from './lines.ts';
import type { Outline, Section } from './markdown.ts';
import { wordsOf } from './words.ts';

/** `- [ ] Title`, with the lines that belong to it. */
export interface Box {
  readonly start: number;
  readonly end: number;
  readonly isDone: boolean;
  readonly title: string;
  /** An agent wrote it, and nobody has looked. */
  readonly isProposed: boolean;
}

const proposed = ' (proposed)';

/** An open box. What an agent proposed says so, until a person takes the mark away. */
export function boxLine(title: string, { isProposed }: { readonly isProposed: boolean }): string {
  return `- [ ] ${title}${isProposed ? proposed : ''}`;
}

/** The boxes of a section, in the order of the file. */
export function boxesOf(outline: Outline, section: Pick<Section, 'start' | 'end'>): readonly Box[] {
  const boxes: Box[] = [];
  for (let line = section.start + 1; line < section.end; line++) {
    const found = outline.isCode(line) ? undefined : boxIn(bare(outline.lines[line] ?? ''));
    if (!found) continue;
    const { indent, isDone, text } = found;
    let end = line + 1;
    while (end < section.end && belongsTo(outline.lines[end] ?? '', indent)) end += 1;
    const isProposed = text.endsWith(proposed);
    boxes.push({
      start: line,
      end,
      isDone,
      isProposed,
      title: isProposed ? text.slice(0, -proposed.length).trim() : text,
    });
  }
  return boxes;
}

/** The same for boxes that a person would call the same: `Title: more of it` and `Title (file.ts:4)` are `Title`, too. */
export function keysOf(title: string): readonly string[] {
  const plain = title.slice(0, 500).replace(/ \([^()]{1,80}:\d+\)$/, '');
  const head = /^(.{8,}?)(?:: | - | – | — )/.exec(plain)?.[1];
  return [title, plain, head].filter((one) => one !== undefined).map(wordsOf);
}

function boxIn(
  line: string,
): { readonly indent: number; readonly isDone: boolean; readonly text: string } | undefined {
  const found = /^([ \t]*)[-*+] \[([ xX])\] (?=\S)/.exec(line);
  if (!found) return undefined;
  const [whole, indent = '', mark] = found;
  return { indent: indent.length, isDone: mark !== ' ', text: line.slice(whole.length).trim() };
}

function belongsTo(line: string, indent: number): boolean {
  const text = bare(line);
  return !isBlank(line) && isIndented(text) && text.length - text.trimStart().length > indent;
}
