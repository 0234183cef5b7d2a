import { type MemoryProblem, memoryFiles } from '../../domain/memory.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { bare } from './lines.ts';

const mebibyte = 1024 * 1024;

/** What is larger is left alone. A memory that grew for long is what compaction is for, so it may be larger. */
export function largestOf(file: string): number {
  return file === memoryFiles.memory ? 8 * mebibyte : mebibyte;
}

/** The text of a file that remembers, byte order mark and all; or why it is left alone. */
export function readMemoryFile(bytes: Uint8Array, file: string): Result<string, MemoryProblem> {
  if (bytes.length > largestOf(file)) return failed(tooLarge(file));
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'LE' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'BE' : undefined;
  if (mark !== undefined) return failed(notUtf8(file, undefined, `is UTF-16${mark}, not UTF-8`));
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return failed(notUtf8(file, firstBadLine(bytes), 'is not UTF-8 text'));
  }
  const problem = problemIn(text, file);
  return problem ? failed(problem) : ok(text);
}

/** The same for a text that somebody else has decoded, with U+FFFD where that went wrong. */
export function problemOf(text: string, file: string): MemoryProblem | undefined {
  if (text.length > largestOf(file)) return tooLarge(file);
  const bad = text.indexOf('\uFFFD');
  if (bad >= 0) return notUtf8(file, lineAt(text, bad), 'is not UTF-8 text');
  return problemIn(text, file);
}

function problemIn(text: string, file: string): MemoryProblem | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    return {
      kind: 'nul',
      file,
      line: lineAt(text, nul),
      message: 'has a NUL character: it is not text, or UTF-16 without its mark',
      hint: 'save it as UTF-8 text',
    };
  }
  const line = conflictMarker(text);
  if (line === undefined) return undefined;
  return {
    kind: 'conflict-markers',
    file,
    line,
    message: 'has a conflict marker of a half-done merge',
    hint: 'resolve the conflict and remove the markers',
  };
}

/** The line, counted from 1, of the first thing a half-done merge leaves behind. */
export function conflictMarker(text: string): number | undefined {
  const first = ['<<<<<<<', '>>>>>>>', '|||||||']
    .map((mark) => firstMark(text, mark))
    .filter((at) => at !== undefined);
  return first.length === 0 ? undefined : lineAt(text, Math.min(...first));
}

function firstMark(text: string, mark: string): number | undefined {
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    const before = text[at - 1];
    const after = text[at + mark.length];
    const begins = at === 0 || before === '\n' || (at === 1 && before === '\uFEFF');
    if (begins && (after === undefined || ' \r\n'.includes(after))) return at;
  }
  return undefined;
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) line += 1;
  return line;
}

function firstBadLine(bytes: Uint8Array): number {
  const text = bare(new TextDecoder('utf-8').decode(bytes));
  // A text may well contain U+FFFD; the first one is then only near.
  return lineAt(text, Math.max(0, text.indexOf('\uFFFD')));
}

function tooLarge(file: string): MemoryProblem {
  return {
    kind: 'too-large',
    file,
    line: undefined,
    message: `is larger than ${largestOf(file) / mebibyte} MB`,
    hint: 'shorten it, or move the old part to another file',
  };
}

function notUtf8(file: string, line: number | undefined, message: string): MemoryProblem {
  return { kind: 'not-utf8', file, line, message, hint: 'save it as UTF-8' };
}
