import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const plainly = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * The first `maxBytes` of a plain file, or its last ones; undefined: missing, unreadable, no plain file. Reading
 * at once is several times faster than asking the thread pool for a few bytes.
 */
export function readPart(
  file: string,
  maxBytes: number,
  { end = false, followLinks = true }: { readonly end?: boolean; readonly followLinks?: boolean } = {},
): Buffer | undefined {
  // Most of what is asked for is not there, and an exception costs more than a look.
  if (!existsSync(file)) return undefined;
  let handle: number;
  try {
    handle = openSync(file, followLinks ? plainly : plainly | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
  try {
    const seen = fstatSync(handle);
    if (!seen.isFile()) return undefined;
    const size = Math.min(seen.size, maxBytes);
    const buffer = Buffer.allocUnsafe(size);
    const read = readSync(handle, buffer, 0, size, end ? seen.size - size : 0);
    return buffer.subarray(0, read);
  } catch {
    return undefined;
  } finally {
    closeSync(handle);
  }
}

/** The text of a small plain file; undefined: missing, unreadable, no plain file. A longer one is cut. */
export function readSmall(file: string, maxBytes = 64 * 1024): string | undefined {
  return readPart(file, maxBytes)?.toString('utf8');
}
