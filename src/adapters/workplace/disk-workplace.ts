import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
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
    readText: (folder, file, maxBytes = defaultMaxBytes) =>
      promised(() => {
        const real = resolveInside(folder, file);
        return real === undefined ? undefined : readPlain(real, maxBytes);
      }),
    list: (folder, below) =>
      promised(() => {
        const real = resolveInside(folder, below);
        return real === undefined ? [] : namesIn(real).sort();
      }),
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

/** At once, for small files; what is thrown is a rejection. */
function promised<Value>(work: () => Value): Promise<Value> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

/** The real path of something inside `folder`; undefined: not there, or a link leads out. */
function resolveInside(folder: string, below: string): string | undefined {
  const top = realPath(folder);
  if (top === undefined || below.includes('\0')) return undefined;
  const real = realPath(path.resolve(top, below));
  return real !== undefined && isInside(top, real) ? real : undefined;
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isInside(top: string, real: string): boolean {
  return real === top || real.startsWith(top.endsWith(path.sep) ? top : top + path.sep);
}

function readPlain(file: string, maxBytes: number): string | undefined {
  let descriptor: number | undefined;
  try {
    // Opening a pipe would wait for its other end for ever.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size > maxBytes) return undefined;
    const bytes = Buffer.alloc(found.size);
    const length = found.size === 0 ? 0 : readSync(descriptor, bytes, 0, bytes.length, 0);
    return bytes.toString('utf8', 0, length);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
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
  const source = resolveInside(from, clean);
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
