import { isMarkedError, looksLikeError } from './looks-like-error.ts';

/** Reads a log of any size in pieces and keeps what explains a failure. */
export interface LogCollector {
  push(chunk: string): void;
  /** What was kept, in order, with the cut places marked; at most `maxBytes` of UTF-8. */
  finish(): string;
}

const around = 40;
const longestLine = 600;
const longestRead = 8192;

/**
 * Keeps the lines around errors, each with the head of the step it happened in, and as much of the end as fits. The
 * lines that the runner itself marks (`##[error]`) come first: their first and their last windows are sure of a
 * place. What only looks like an error gets a share. Memory is bounded by `maxBytes`, not by the log.
 */
export function collectLog({ maxBytes }: { maxBytes: number }): LogCollector {
  const share = Math.floor(maxBytes / 5);
  const firstMarked = keepFirst(share);
  const lastMarked = keepLast(share);
  const suspicious = keepFirst(share);
  const tail = keepLast(maxBytes);
  const recent = lastLines(around);
  let step: Line | undefined;
  let following = 0;
  let target: Keeper | undefined;
  let number = 0;
  let unfinished = '';

  function readLine(raw: string): void {
    number += 1;
    const line = { number, text: cleanLine(raw, number) };
    if (line.text.startsWith('##[group]')) step = line;
    const mark = markOf(line.text);
    if (mark) open(mark);
    if (following > 0) target?.add(line);
    following = Math.max(0, following - 1);
    tail.add(line);
    recent.add(line);
  }

  /** What only looks like an error does not lengthen a window around a mark: it could push the mark out. */
  function open(mark: 'marked' | 'suspicious'): void {
    const before = following > 0 ? target : undefined;
    if (mark === 'suspicious' && before && before !== suspicious) return;
    const marked = firstMarked.full() ? lastMarked : firstMarked;
    target = mark === 'marked' ? marked : suspicious;
    following = around + 1;
    if (target === before) return;
    for (const line of [...(step ? [step] : []), ...recent.all()]) target.add(line);
  }

  return {
    push(chunk) {
      const lines = (unfinished + chunk).split('\n');
      unfinished = (lines.pop() ?? '').slice(0, longestRead);
      for (const line of lines) readLine(line);
    },
    finish() {
      if (unfinished !== '') readLine(unfinished);
      unfinished = '';
      return assemble([firstMarked, lastMarked, suspicious], tail, { maxBytes, lastNumber: number });
    },
  };
}

interface Line {
  readonly number: number;
  readonly text: string;
}

interface Keeper {
  add(line: Line): void;
  lines(): readonly Line[];
}

const longestMark = 40;

/** What a line costs in the answer: one that does not follow on another needs a mark before it. */
function costOf(line: Line, previous: number): number {
  return Buffer.byteLength(line.text) + 1 + (line.number === previous + 1 ? 0 : longestMark);
}

/** Takes lines in ascending order until it is full. */
function keepFirst(maxBytes: number): Keeper & { full(): boolean } {
  const kept: Line[] = [];
  let last = 0;
  let bytes = 0;
  let closed = false;
  return {
    add(line) {
      if (closed || line.number <= last) return;
      bytes += costOf(line, last);
      closed = bytes > maxBytes;
      if (closed) return;
      kept.push(line);
      last = line.number;
    },
    full: () => closed || bytes > maxBytes / 2,
    lines: () => kept,
  };
}

/** Takes lines in ascending order and lets go of the oldest. */
function keepLast(maxBytes: number): Keeper {
  let kept: Line[] = [];
  let costs: number[] = [];
  let from = 0;
  let last = 0;
  let bytes = 0;
  return {
    add(line) {
      if (line.number <= last) return;
      const cost = costOf(line, last);
      kept.push(line);
      costs.push(cost);
      last = line.number;
      bytes += cost;
      for (; bytes > maxBytes && from < kept.length; from += 1) bytes -= costs[from] ?? 0;
      if (from < 1024 || from < kept.length / 2) return;
      kept = kept.slice(from);
      costs = costs.slice(from);
      from = 0;
    },
    lines: () => kept.slice(from),
  };
}

function lastLines(count: number): { add(line: Line): void; all(): readonly Line[] } {
  const ring: Line[] = [];
  return {
    add(line) {
      ring[line.number % count] = line;
    },
    all: () => ring.filter(Boolean).sort((a, b) => a.number - b.number),
  };
}

/** Timestamps, colours and the byte order mark say nothing; a long line says what it says at its start. */
function cleanLine(raw: string, number: number): string {
  const text = (number === 1 ? raw.replace(/^\ufeff/, '') : raw)
    .slice(0, longestRead)
    .replace(/^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z ?/, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what we look for
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/\r$/, '');
  const lastState = text.slice(text.lastIndexOf('\r') + 1);
  if (lastState.length <= longestLine) return lastState;
  return `${lastState.slice(0, longestLine).replace(/[\ud800-\udbff]$/, '')} [line cut]`;
}

function markOf(text: string): 'marked' | 'suspicious' | undefined {
  if (isMarkedError(text)) return 'marked';
  return looksLikeError(text) ? 'suspicious' : undefined;
}

function assemble(
  windows: readonly Keeper[],
  tail: Keeper,
  { maxBytes, lastNumber }: { maxBytes: number; lastNumber: number },
): string {
  const kept = new Map<number, Line>();
  let bytes = 2 * longestMark;
  let previous = 0;
  for (const line of windows.flatMap((keeper) => keeper.lines())) kept.set(line.number, line);
  for (const line of inOrder(kept)) {
    bytes += Buffer.byteLength(line.text) + 1 + (line.number === previous + 1 ? 0 : longestMark);
    previous = line.number;
  }
  for (const line of [...tail.lines()].reverse()) {
    if (kept.has(line.number)) continue;
    bytes += Buffer.byteLength(line.text) + 1;
    if (bytes > maxBytes) break;
    kept.set(line.number, line);
  }
  return render(inOrder(kept), lastNumber);
}

function inOrder(lines: ReadonlyMap<number, Line>): readonly Line[] {
  return [...lines.values()].sort((a, b) => a.number - b.number);
}

function render(lines: readonly Line[], lastNumber: number): string {
  const parts: string[] = [];
  let next = 1;
  for (const line of lines) {
    if (line.number > next) parts.push(`[… ${line.number - next} lines cut …]`);
    parts.push(line.text);
    next = line.number + 1;
  }
  if (next <= lastNumber) parts.push(`[… ${lastNumber - next + 1} lines cut …]`);
  return parts.join('\n');
}
