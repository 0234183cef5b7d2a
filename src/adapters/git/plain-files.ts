import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { PlainFile } from '../../ports/mirrors.ts';

/** One file below a folder where an agent was at work: never through a link, never more than `maxBytes`. */
export async function readPlain(folder: string, file: string, maxBytes: number): Promise<PlainFile> {
  const above = await folderAbove(folder, file, { make: false });
  if (above === 'none') return { kind: 'none' };
  if (above === 'link') return { kind: 'unusable', why: 'its folder is a link' };
  const place = path.join(folder, file);
  const found = await lstat(place).catch(() => undefined);
  if (found === undefined) return { kind: 'none' };
  if (found.isSymbolicLink()) return { kind: 'unusable', why: 'it is a link' };
  if (found.isDirectory()) return { kind: 'unusable', why: 'it is a folder' };
  if (!found.isFile()) return { kind: 'unusable', why: 'it is not a plain file' };
  if (found.size > maxBytes) return { kind: 'unusable', why: `it is larger than ${maxBytes} bytes` };
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(place, flags).catch(() => undefined);
  if (handle === undefined) return { kind: 'unusable', why: 'it cannot be opened' };
  try {
    const bytes = Buffer.alloc(found.size);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return { kind: 'file', bytes: bytes.subarray(0, bytesRead), mode: found.mode & 0o777 };
  } finally {
    await handle.close();
  }
}

/**
 * Puts a plain file in place of whatever is there, a link among it; undefined: removes it. Moved into place, so that
 * nothing is written through a link or a hard link that leads elsewhere.
 */
export async function writePlain(
  folder: string,
  file: string,
  content: string | Uint8Array | undefined,
): Promise<boolean> {
  const above = await folderAbove(folder, file, { make: content !== undefined });
  if (above === 'none') return content === undefined;
  if (above === 'link') return false;
  const place = path.join(folder, file);
  const found = await lstat(place).catch(() => undefined);
  if (found?.isDirectory() === true) return false;
  if (content === undefined) {
    await rm(place, { force: true });
    return true;
  }
  const fresh = path.join(path.dirname(place), `.${path.basename(place)}.new`);
  await rm(fresh, { force: true, recursive: true });
  const mode = found?.isFile() === true ? found.mode & 0o777 : 0o644;
  const handle = await open(fresh, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
  await rename(fresh, place);
  return true;
}

/** Whether the folders above a file are folders, all the way; makes them where asked to. */
async function folderAbove(
  top: string,
  file: string,
  { make }: { make: boolean },
): Promise<'folder' | 'none' | 'link'> {
  if (
    path.isAbsolute(file) ||
    file.split('/').some((step) => step === '..' || step === '.git' || step === '')
  )
    throw new Error(`not a path of a workspace: ${file}`);
  let folder = top;
  for (const step of file.split('/').slice(0, -1)) {
    folder = path.join(folder, step);
    const found = await lstat(folder).catch(() => undefined);
    if (found === undefined && !make) return 'none';
    if (found === undefined) await mkdir(folder);
    else if (!found.isDirectory()) return 'link';
  }
  return 'folder';
}
