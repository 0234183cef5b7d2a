import { constants } from 'node:fs';
import { appendFile, copyFile, lstat, mkdir, open, readdir, realpath, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Workplace } from '../../ports/workplace.ts';
import { excludePattern } from '../git/exclude-pattern.ts';

export interface DiskWorkplaceOptions {
  /** Where the workspaces are. */
  readonly folder: string;
}

const defaultMaxBytes = 1024 * 1024;

/** Files on disk, in folders where an agent may have put links, pipes and giants. */
export function diskWorkplace({ folder: root }: DiskWorkplaceOptions): Workplace {
  return {
    async readText(folder, file, maxBytes = defaultMaxBytes) {
      const real = await resolveInside(folder, file);
      return real === undefined ? undefined : readPlain(real, maxBytes);
    },
    async list(folder, below) {
      const real = await resolveInside(folder, below);
      return real === undefined ? [] : (await readdir(real).catch(() => [])).sort();
    },
    readEnds,
    async copyInto(from, to, paths) {
      const missing: string[] = [];
      for (const wanted of paths) if (!(await copyOne(from, to, wanted))) missing.push(wanted);
      return missing;
    },
    async freeBytes() {
      const found = await statfs(await nearestFolder(root));
      return found.bavail * found.bsize;
    },
  };
}

/** The real path of something inside `folder`; undefined: not there, or a link leads out. */
async function resolveInside(folder: string, below: string): Promise<string | undefined> {
  const top = await realpath(folder).catch(() => undefined);
  if (top === undefined || below.includes('\0')) return undefined;
  const real = await realpath(path.resolve(top, below)).catch(() => undefined);
  return real !== undefined && isInside(top, real) ? real : undefined;
}

function isInside(top: string, real: string): boolean {
  return real === top || real.startsWith(top.endsWith(path.sep) ? top : top + path.sep);
}

async function readPlain(file: string, maxBytes: number): Promise<string | undefined> {
  // Opening a pipe would wait for its other end for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(file, flags).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > maxBytes) return undefined;
    const bytes = Buffer.alloc(found.size);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Half from the beginning, half from the end; a line between says how much was left out. */
async function readEnds(file: string, maxBytes: number): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const found = await handle.stat();
    if (!found.isFile()) return '';
    const read = async (from: number, length: number): Promise<string> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
      return buffer.toString('utf8', 0, bytesRead);
    };
    if (found.size <= maxBytes) return await read(0, found.size);
    const head = Math.ceil(maxBytes / 2);
    const tail = maxBytes - head;
    const between = `\n… ${found.size - maxBytes} bytes left out …\n`;
    return (await read(0, head)) + between + (await read(found.size - tail, tail));
  } finally {
    await handle.close();
  }
}

/**
 * A file, or the files of a folder. What the workspace has already stays as it is. Copies are named in the
 * workspace's `.exclude` file, which keeps them out of every commit even where the repository forgot to ignore them.
 */
async function copyOne(from: string, to: string, wanted: string): Promise<boolean> {
  const clean = path.normalize(wanted).replace(/[/\\]+$/, '');
  const parts = clean.split(path.sep);
  if (path.isAbsolute(clean) || parts.includes('..') || parts.includes('.git') || clean === '.') return false;
  const source = await resolveInside(from, clean);
  if (source === undefined) return false;
  const found = await lstat(source);
  if (found.isDirectory()) {
    for (const entry of await readdir(source, { withFileTypes: true })) {
      if (entry.isFile() || entry.isDirectory()) await copyOne(from, to, path.join(clean, entry.name));
    }
    return true;
  }
  if (!found.isFile()) return false;
  return copyPlain(source, to, clean);
}

async function copyPlain(source: string, to: string, clean: string): Promise<boolean> {
  const folder = await makeFolderInside(to, path.dirname(clean));
  if (folder === undefined) return false;
  const target = path.join(folder, path.basename(clean));
  try {
    await copyFile(source, target, constants.COPYFILE_EXCL);
  } catch (cause) {
    // Tracked, or copied before: theirs already.
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return true;
    throw cause;
  }
  await appendFile(`${to}.exclude`, `/${excludePattern(clean.split(path.sep).join('/'))}\n`);
  return true;
}

/** Makes the folders step by step, so that a link among them is noticed and not followed out. */
async function makeFolderInside(top: string, below: string): Promise<string | undefined> {
  let folder = await realpath(top);
  const steps = below === '.' ? [] : below.split(path.sep);
  for (const step of steps) {
    folder = path.join(folder, step);
    const found = await lstat(folder).catch(() => undefined);
    if (found === undefined) await mkdir(folder);
    else if (!found.isDirectory()) return undefined;
  }
  return folder;
}

async function nearestFolder(folder: string): Promise<string> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = await lstat(at).catch(() => undefined);
    if (found !== undefined || at === path.dirname(at)) return at;
  }
}
