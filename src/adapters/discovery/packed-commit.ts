import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';

import { readSmall } from './small-file.ts';

/**
 * The text of a commit that lies in a pack, found through the pack's index. Commits are nearly always stored whole;
 * undefined: it is not there, or it is stored as a difference, and git must be asked.
 */
export function readPackedCommit(common: string, sha: string): string | undefined {
  for (const objects of [path.join(common, 'objects'), ...alternates(common)])
    for (const index of packIndexes(path.join(objects, 'pack'))) {
      const text = withFile(index, (file) => {
        const offset = offsetOf(file, sha);
        return offset === undefined
          ? undefined
          : withFile(index.replace(/\.idx$/, '.pack'), (pack) => commitAt(pack, offset));
      });
      if (text !== undefined) return text;
    }
  return undefined;
}

const headerSize = 8;
const fanoutSize = 1024;

/** Where the object begins in the pack: version 2 of the index, as every git since 2007 writes it. */
function offsetOf(index: number, sha: string): number | undefined {
  const head = readAt(index, 0, headerSize + fanoutSize);
  if (
    head.length < headerSize + fanoutSize ||
    head.readUInt32BE(0) !== 0xff744f63 ||
    head.readUInt32BE(4) !== 2
  )
    return undefined;
  const wanted = Buffer.from(sha, 'hex');
  const [first = 0] = wanted;
  const fanout = (byte: number): number => (byte < 0 ? 0 : head.readUInt32BE(headerSize + byte * 4));
  const total = fanout(255);
  const from = fanout(first - 1);
  const count = fanout(first) - from;
  if (count <= 0 || count > total) return undefined;
  const names = headerSize + fanoutSize;
  const ids = readAt(index, names + from * wanted.length, count * wanted.length);
  const place = findId(ids, wanted);
  if (place === undefined) return undefined;
  const offsets = names + total * (wanted.length + 4);
  const offset = readAt(index, offsets + (from + place) * 4, 4).readUInt32BE(0);
  if (offset < 0x80000000) return offset;
  const far = offsets + total * 4 + (offset - 0x80000000) * 8;
  return Number(readAt(index, far, 8).readBigUInt64BE(0));
}

function findId(ids: Buffer, wanted: Buffer): number | undefined {
  const size = wanted.length;
  let low = 0;
  let high = Math.floor(ids.length / size) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = ids.subarray(middle * size, (middle + 1) * size).compare(wanted);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

const commitType = 1;
/** More than enough for the head of a commit, and for most commits whole. */
const mostBytes = 16 * 1024;

function commitAt(pack: number, offset: number): string | undefined {
  const bytes = readAt(pack, offset, mostBytes);
  const [first = 0] = bytes;
  if (((first >> 4) & 7) !== commitType) return undefined;
  let start = 1;
  for (let byte = first; byte & 0x80 && start < bytes.length; start++) byte = bytes[start] ?? 0;
  // What follows the commit is the next object: the stream ends where it ends, and a cut one is read as far as it goes.
  return inflateSync(bytes.subarray(start), { finishFlush: 2, maxOutputLength: 4 * 1024 * 1024 }).toString(
    'utf8',
  );
}

function packIndexes(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.idx'))
      .map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** Other places that hold objects of this repository; git lets a clone borrow. */
function alternates(common: string): readonly string[] {
  const text = readSmall(path.join(common, 'objects/info/alternates')) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(0, 5)
    .map((line) => path.resolve(common, 'objects', line));
}

function withFile<Value>(file: string, read: (handle: number) => Value | undefined): Value | undefined {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    return read(handle);
  } catch {
    // A damaged pack is git's to report.
    return undefined;
  } finally {
    closeSync(handle);
  }
}

function readAt(file: number, at: number, size: number): Buffer {
  const buffer = Buffer.alloc(size);
  return buffer.subarray(0, readSync(file, buffer, 0, size, at));
}
