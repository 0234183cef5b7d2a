import { type FileHandle, open } from 'node:fs/promises';

import { lineSplitter } from './lines.ts';

/** Follows a file that another process writes. */
export interface Tail extends AsyncDisposable {
  /** Reads what has come, at most 4 MiB. Answers how many bytes: 0 is the end for now. */
  read(): Promise<number>;
  /** Reads to the end, and hands on a last line without an end. */
  finish(): Promise<void>;
}

const chunk = 256 * 1024;
const chunksAtOnce = 16;

/** Follows `file` from byte `from` on, in bounded memory; each line goes to `onLine`. */
export async function tailFile(file: string, from: number, onLine: (line: string) => void): Promise<Tail> {
  const handle = await open(file, 'r');
  const buffer = Buffer.allocUnsafe(chunk);
  const lines = lineSplitter(onLine);
  let at = from;

  async function readSome(): Promise<number> {
    const { bytesRead } = await handle.read(buffer, 0, chunk, at);
    at += bytesRead;
    lines.push(buffer.subarray(0, bytesRead));
    return bytesRead;
  }

  async function read(): Promise<number> {
    let total = 0;
    for (let count = 0; count < chunksAtOnce; count += 1) {
      const bytes = await readSome();
      if (bytes === 0) break;
      total += bytes;
    }
    return total;
  }

  return {
    read,
    async finish() {
      while ((await read()) > 0);
      lines.end();
    },
    async [Symbol.asyncDispose]() {
      await handle.close();
    },
  };
}

/** The last `maxBytes` of a file as text; empty when there is none. A torn first character is dropped. */
export async function endOfFile(file: string, from: number, maxBytes: number): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    const start = Math.max(from, size - maxBytes);
    const length = Math.max(0, size - start);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return start > from ? text.replace(/^\uFFFD+/, '') : text;
  } catch {
    return '';
  } finally {
    await handle?.close();
  }
}
