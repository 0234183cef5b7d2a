import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { failed, ok, type Result } from '../../domain/result.ts';
import type { FoundHome, GuardedRead, HomeFiles } from '../../ports/home-files.ts';
import { promised } from './promised.ts';
import { readUserFile } from './read-user-file.ts';

export interface HomeFilesOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's own folder: what `~` stands for. */
  readonly userFolder: string;
}

/**
 * Home files on the local disk. They are few and small, so they are read at once: several times faster than the
 * thread pool, which many a command needs for nothing else.
 */
export function homeFiles({ cwd, env, userFolder }: HomeFilesOptions): HomeFiles {
  const resolve = (name: string): string => path.resolve(cwd, expandTilde(name, userFolder));
  const find = (asked: string | undefined): FoundHome => {
    if (asked) return found(resolve(asked), '--home');
    if (env['CLONE_HOME']) return found(resolve(env['CLONE_HOME']), 'CLONE_HOME');
    for (const folder of upwards(cwd))
      if (['clone.yaml', 'repos.yaml'].some((name) => isThere(path.join(folder, name), 'file')))
        return { folder, by: 'clone.yaml or repos.yaml', exists: true };
    return found(path.join(userFolder, '.clone'), '~/.clone');
  };
  return {
    resolve,
    find: (asked) => promised(() => find(asked)),
    readText: readUserFile,
    readGuarded: (folder, name, maxBytes) => promised(() => readGuarded(folder, name, maxBytes)),
    isFolder: (name) => promised(() => isThere(name, 'folder')),
    list: (folder) => promised(() => filesIn(folder)),
    writeNew: (file, text) => promised(() => writeNew(file, text)),
  };
}

function writeNew(file: string, text: string): Result<boolean, string> {
  try {
    makeFolder(path.dirname(file));
    writeFileSync(file, text, { flag: 'wx' });
    return ok(true);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code === 'EEXIST' && isThere(path.dirname(file), 'folder')) return ok(false);
    const reason = cannotWrite[code];
    if (reason === undefined) throw error;
    return failed(reason);
  }
}

/** With all above it. Node's own way never ends where a folder that is there refuses with ENOENT, as in /proc. */
function makeFolder(folder: string): void {
  if (isThere(folder, 'folder')) return;
  if (folder !== path.dirname(folder)) makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else may have been faster.
    if (codeOf(error) !== 'EEXIST' || !isThere(folder, 'folder')) throw error;
  }
}

const cannotWrite: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is there already and is no folder',
  ENOENT: 'no folder can be made there',
  ELOOP: 'a part of the path is a link that leads to itself',
  ENAMETOOLONG: 'a name in it is too long',
  EDQUOT: 'your share of the disk is used up',
};

/** `~` and `~/x` as paths below the user's own folder; everything else as it is. */
export function expandTilde(name: string, userFolder: string): string {
  if (name === '~') return userFolder;
  return name.startsWith('~/') ? path.join(userFolder, name.slice(2)) : name;
}

function found(folder: string, by: FoundHome['by']): FoundHome {
  return { folder, by, exists: isThere(folder, 'folder') };
}

function isThere(name: string, kind: 'file' | 'folder'): boolean {
  try {
    const seen = statSync(name, { throwIfNoEntry: false });
    return (kind === 'file' ? seen?.isFile() : seen?.isDirectory()) ?? false;
  } catch {
    return false;
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    const found = readdirSync(folder, { withFileTypes: true });
    return found.filter((one) => !one.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

function* upwards(from: string): Generator<string> {
  let folder = path.resolve(from);
  yield folder;
  for (let above = path.dirname(folder); above !== folder; above = path.dirname(folder)) {
    folder = above;
    yield folder;
  }
}

function readGuarded(folder: string, name: string, maxBytes: number): GuardedRead {
  // No link is followed, and opening a pipe does not wait for its writer.
  const how = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    const file = openSync(path.join(folder, name), how);
    try {
      const seen = fstatSync(file);
      if (!seen.isFile()) return { is: 'refused', why: 'it is not a plain file' };
      if (seen.size > maxBytes) return { is: 'refused', why: `it is larger than ${maxBytes} bytes` };
      const buffer = Buffer.alloc(seen.size + 1);
      const length = readAll(file, buffer);
      if (length > seen.size) return { is: 'refused', why: 'it grew while it was read' };
      return { is: 'text', text: buffer.toString('utf8', 0, length) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        return { is: 'missing' };
      case 'ELOOP':
        return { is: 'refused', why: 'it is a link' };
      case 'EACCES':
      case 'EPERM':
      case 'EISDIR':
      case 'ENXIO':
        return { is: 'refused', why: 'it cannot be read' };
      default:
        throw error;
    }
  }
}

function readAll(file: number, buffer: Buffer): number {
  let length = 0;
  for (;;) {
    const read = readSync(file, buffer, length, buffer.length - length, length);
    length += read;
    if (read === 0 || length === buffer.length) return length;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
