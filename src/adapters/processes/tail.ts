import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import { lineSplitter } from './lines.ts';

/** Follows a file that another process writes. Small reads of what is in memory: at once, not in a thread. */
export interface Tail extends Disposable {
  /** Reads what has come, at most 1 MiB. Answers how many bytes: 0 is the end for now. */
  read(): number;
  /** Reads to the end, and hands on a last line without an end. */
  finish(): void;
}

const chunk = 256 * 1024;
const chunksAtOnce = 4;

/** Follows `file` from byte `from` on, in bounded memory; each line goes to `onLine`. */
export function tailFile(file: string, from: number, onLine: (line: string) => void): Tail {
  const descriptor = openSync(file, 'r');
  const lines = lineSplitter(onLine);
  let buffer: Buffer | undefined;
  let at = from;

  function read(): number {
    // Most looks find nothing: the memory is taken when there is something.
    if (fstatSync(descriptor).size <= at) return 0;
    buffer ??= Buffer.allocUnsafeSlow(chunk);
    let total = 0;
    for (let count = 0; count < chunksAtOnce; count += 1) {
      const bytes = readSync(descriptor, buffer, 0, chunk, at);
      at += bytes;
      total += bytes;
      lines.push(buffer.subarray(0, bytes));
      if (bytes < chunk) break;
    }
    return total;
  }

  return {
    read,
    finish() {
      while (read() > 0);
      lines.end();
    },
    [Symbol.dispose]() {
      closeSync(descriptor);
    },
  };
}

/** The last `maxBytes` of a file as text; empty when there is none. A torn first character is dropped. */
export function endOfFile(file: string, from: number, maxBytes: number): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    const start = Math.max(from, size - maxBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    const bytes = buffer.length === 0 ? 0 : readSync(descriptor, buffer, 0, buffer.length, start);
    const text = buffer.subarray(0, bytes).toString('utf8');
    return start > from ? text.replace(/^\uFFFD+/, '') : text;
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
