import { bare, isBlank, linesOf } from './lines.ts';

export interface Heading {
  /** Counted from 0, as everywhere in here. */
  readonly line: number;
  readonly level: number;
  readonly text: string;
}

/** A heading of level 2 with all that is under it. */
export interface Section {
  readonly title: string;
  readonly start: number;
  /** The line after its last one. */
  readonly end: number;
  /** The headings within it. */
  readonly inner: readonly Heading[];
}

/** A Markdown text as we see it: lines, headings and sections; what stands in a code block is neither. */
export interface Outline {
  readonly lines: readonly string[];
  readonly headings: readonly Heading[];
  readonly sections: readonly Section[];
  isCode(line: number): boolean;
  /** Where a code block begins that is never closed; it counts as text. */
  readonly openFence: number | undefined;
}

export function outlineOf(text: string): Outline {
  const lines = linesOf(text);
  const { code, openFence } = codeBlocks(lines);
  const headings: Heading[] = [];
  for (const [line, raw] of lines.entries()) {
    const heading = code[line] === 1 || !begins(raw, '#') ? undefined : headingIn(bare(raw));
    if (heading) headings.push({ line, ...heading });
  }
  return {
    lines,
    headings,
    sections: sectionsOf(headings, lines.length),
    isCode: (line) => code[line] === 1,
    openFence,
  };
}

/** A `## Title` line, read as Markdown reads it. */
export function headingIn(line: string): { readonly level: number; readonly text: string } | undefined {
  const begin = indentOf(line);
  if (begin > 3 || line[begin] !== '#') return undefined;
  let level = 0;
  while (line[begin + level] === '#') level += 1;
  const rest = line.slice(begin + level);
  if (level > 6 || (rest !== '' && !rest.startsWith(' ') && !rest.startsWith('\t'))) return undefined;
  return { level, text: withoutClosing(rest.trim()) };
}

/** The section of that title, whatever its case and spaces. */
export function findSection(sections: readonly Section[], title: string): Section | undefined {
  const wanted = titleKey(title);
  return sections.find((section) => titleKey(section.title) === wanted);
}

export function titleKey(title: string): string {
  return title.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** The line after the last one of a section that says something. */
export function endOfText(
  { lines }: Pick<Outline, 'lines'>,
  { start, end }: Pick<Section, 'start' | 'end'>,
): number {
  let last = end;
  while (last > start + 1 && isBlank(lines[last - 1] ?? '')) last -= 1;
  return last;
}

function sectionsOf(headings: readonly Heading[], end: number): readonly Section[] {
  const sections: { title: string; start: number; end: number; inner: Heading[] }[] = [];
  let open: (typeof sections)[number] | undefined;
  for (const heading of headings) {
    if (heading.level > 2) {
      open?.inner.push(heading);
      continue;
    }
    if (open) open.end = heading.line;
    open = heading.level === 2 ? { title: heading.text, start: heading.line, end, inner: [] } : undefined;
    if (open) sections.push(open);
  }
  return sections;
}

interface Fence {
  readonly mark: string;
  readonly length: number;
  readonly closes: boolean;
  readonly opens: boolean;
}

/** Marks the lines of code blocks. One pass backwards tells which fence is closed at all, so the whole is linear. */
function codeBlocks(lines: readonly string[]): { code: Uint8Array; openFence: number | undefined } {
  const fences = new Map<number, Fence>();
  for (const [line, raw] of lines.entries()) {
    const fence = begins(raw, '`') || begins(raw, '~') ? fenceIn(bare(raw)) : undefined;
    if (fence) fences.set(line, fence);
  }
  const longest: Record<string, number> = { '`': 0, '~': 0 };
  const isClosed = new Set<number>();
  for (const [line, fence] of [...fences].reverse()) {
    if ((longest[fence.mark] ?? 0) >= fence.length) isClosed.add(line);
    if (fence.closes) longest[fence.mark] = Math.max(longest[fence.mark] ?? 0, fence.length);
  }
  const code = new Uint8Array(lines.length);
  let open: { readonly line: number; readonly fence: Fence } | undefined;
  let openFence: number | undefined;
  for (const [line, fence] of fences) {
    if (open) {
      if (!fence.closes || fence.mark !== open.fence.mark || fence.length < open.fence.length) continue;
      code.fill(1, open.line, line + 1);
      open = undefined;
    } else if (fence.opens) {
      if (isClosed.has(line)) open = { line, fence };
      else openFence ??= line;
    }
  }
  return { code, openFence };
}

function fenceIn(line: string): Fence | undefined {
  const begin = indentOf(line);
  const mark = line[begin];
  if (begin > 3 || (mark !== '`' && mark !== '~')) return undefined;
  let length = 0;
  while (line[begin + length] === mark) length += 1;
  if (length < 3) return undefined;
  const rest = line.slice(begin + length);
  return { mark, length, closes: rest.trim() === '', opens: mark === '~' || !rest.includes('`') };
}

/** Whether a line begins so, spaces aside; cheaper than to look at it closely. */
function begins(raw: string, mark: string): boolean {
  let at = raw.startsWith('\uFEFF') ? 1 : 0;
  while (raw[at] === ' ') at += 1;
  return raw[at] === mark;
}

function indentOf(line: string): number {
  let spaces = 0;
  while (line[spaces] === ' ') spaces += 1;
  return spaces;
}

/** `Title ##` says `Title`. */
function withoutClosing(text: string): string {
  let end = text.length;
  while (text[end - 1] === '#') end -= 1;
  if (end === 0) return '';
  return text[end - 1] === ' ' || text[end - 1] === '\t' ? text.slice(0, end).trimEnd() : text;
}
