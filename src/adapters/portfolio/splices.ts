/** A part of a text, and what stands there from now on; an empty part is a place. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text after splices that do not clash; those at one place keep their order. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let done = '';
  let at = 0;
  for (const splice of splices.toSorted((a, b) => a.from - b.from)) {
    done += text.slice(at, splice.from) + splice.text;
    at = splice.to;
  }
  return done + text.slice(at);
}

/** Whether two splices were made for the same words, or for the same place. */
export function clash(one: Splice, other: Splice): boolean {
  if (one.from === one.to || other.from === other.to) return one.from <= other.to && other.from <= one.to;
  return one.from < other.to && other.from < one.to;
}

/** Whether two splices only add, and at the same place. */
export function addTogether(one: Splice, other: Splice): boolean {
  return one.from === one.to && other.from === other.to && one.from === other.from;
}

/** Where the line of a place begins, behind the byte order mark. */
export function lineStart(text: string, at: number): number {
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}

/** Where the line of a place ends, before its line end. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  const stop = end < 0 ? text.length : end;
  return stop > at && text[stop - 1] === '\r' ? stop - 1 : stop;
}

/** Where the line behind that of a place begins. */
export function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** What stands before a place in its line. */
export function before(text: string, at: number): string {
  return text.slice(lineStart(text, at), at);
}

/** The line end that is used there. */
export function lineBreak(text: string, at: number): string {
  const next = text.indexOf('\n', at);
  const end = next < 0 ? text.lastIndexOf('\n') : next;
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

/** Takes whole lines out: from the line of a place to that of another. */
export function withoutLines(text: string, from: number, to: number): Splice {
  return { from: lineStart(text, from), to: nextLine(text, to), text: '' };
}
