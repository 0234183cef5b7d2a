/** A text in lines, each with its ending; joined they are the text again. */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end + 1;
    lines.push(text.slice(from, to));
    from = to;
  }
  return lines;
}

/** What a line says: without its ending, and without a byte order mark before it. */
export function bare(line: string): string {
  let end = line.length;
  if (line.endsWith('\n')) end -= 1;
  if (line.charAt(end - 1) === '\r') end -= 1;
  return line.slice(line.startsWith('\uFEFF') ? 1 : 0, end);
}

export function isBlank(line: string): boolean {
  // `trim` takes line endings and a byte order mark along.
  return line.trim() === '';
}

export function isIndented(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t');
}

export type LineEnd = '\n' | '\r\n';

/** The ending that most lines have. */
export function lineEndOf(lines: readonly string[]): LineEnd {
  let crlf = 0;
  let lf = 0;
  for (const line of lines) {
    if (line.endsWith('\r\n')) crlf += 1;
    else if (line.endsWith('\n')) lf += 1;
  }
  return crlf > lf ? '\r\n' : '\n';
}

/** Lines of ours that go before line `at`. Around them is an empty line, unless they are items beside other items. */
export interface Insertion {
  readonly at: number;
  readonly block: readonly string[];
  readonly isList?: boolean;
}

/** The text with the insertions, those at one place in their order. Every line that was there stays as it is. */
export function insertBlocks(lines: readonly string[], insertions: readonly Insertion[]): string {
  const end = lineEndOf(lines);
  const ordered = insertions.toSorted((a, b) => a.at - b.at);
  const rest = [...lines];
  const out: string[] = [];
  if (ordered[0]?.at === 0 && rest[0]?.startsWith('\uFEFF') === true) {
    out.push('\uFEFF');
    rest[0] = rest[0].slice(1);
  }
  let copied = 0;
  for (const [index, { at, block, isList = false }] of ordered.entries()) {
    while (copied < at) out.push(rest[copied++] ?? '');
    const last = out.at(-1);
    if (last !== undefined && last !== '\uFEFF' && !last.endsWith('\n')) out.push(end);
    if (last !== undefined && !isBlank(last) && !(isList && isItem(last))) out.push(end);
    for (const line of block) out.push(line + end);
    const next = rest[copied];
    const isLastHere = ordered[index + 1]?.at !== at;
    if (isLastHere && next !== undefined && !isBlank(next) && !(isList && isItem(next))) out.push(end);
  }
  while (copied < rest.length) out.push(rest[copied++] ?? '');
  return out.join('');
}

/** A bullet, or an indented line that belongs to one. */
function isItem(line: string): boolean {
  return /^(?:[-*+] |[ \t])/.test(bare(line));
}
