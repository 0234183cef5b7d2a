import { constants } from 'node:fs';
import { mkdir, open, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { failed, ok } from '../../domain/result.ts';
import type { FoundHome, GuardedRead, HomeFiles } from '../../ports/home-files.ts';
import { readUserFile } from './read-user-file.ts';

export interface HomeFilesOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's own folder: what `~` stands for. */
  readonly userFolder: string;
}

/** Home files on the local disk. */
export function homeFiles({ cwd, env, userFolder }: HomeFilesOptions): HomeFiles {
  const resolve = (name: string): string => path.resolve(cwd, expandTilde(name, userFolder));
  return {
    resolve,
    async find(asked) {
      if (asked) return found(resolve(asked), '--home');
      if (env['CLONE_HOME']) return found(resolve(env['CLONE_HOME']), 'CLONE_HOME');
      for (const folder of upwards(cwd)) {
        const marks = ['clone.yaml', 'repos.yaml'].map((name) => isThere(path.join(folder, name), 'file'));
        if ((await Promise.all(marks)).includes(true))
          return { folder, by: 'clone.yaml or repos.yaml', exists: true };
      }
      return found(path.join(userFolder, '.clone'), '~/.clone');
    },
    readText: readUserFile,
    readGuarded,
    isFolder: (name) => isThere(name, 'folder'),
    async writeNew(file, text) {
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text, { flag: 'wx' });
        return ok(true);
      } catch (error) {
        const code = codeOf(error) ?? '';
        if (code === 'EEXIST' && (await isThere(path.dirname(file), 'folder'))) return ok(false);
        const reason = cannotWrite[code];
        if (reason === undefined) throw error;
        return failed(reason);
      }
    },
  };
}

const cannotWrite: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'it is a file, not a folder',
};

/** `~` and `~/x` as paths below the user's own folder; everything else as it is. */
export function expandTilde(name: string, userFolder: string): string {
  if (name === '~') return userFolder;
  return name.startsWith('~/') ? path.join(userFolder, name.slice(2)) : name;
}

async function found(folder: string, by: FoundHome['by']): Promise<FoundHome> {
  return { folder, by, exists: await isThere(folder, 'folder') };
}

async function isThere(name: string, kind: 'file' | 'folder'): Promise<boolean> {
  const seen = await stat(name).catch(() => undefined);
  return (kind === 'file' ? seen?.isFile() : seen?.isDirectory()) ?? false;
}

function* upwards(from: string): Generator<string> {
  let folder = path.resolve(from);
  yield folder;
  for (let above = path.dirname(folder); above !== folder; above = path.dirname(folder)) {
    folder = above;
    yield folder;
  }
}

async function readGuarded(folder: string, name: string, maxBytes: number): Promise<GuardedRead> {
  // No link is followed, and opening a pipe does not wait for its writer.
  const how = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    await using file = await open(path.join(folder, name), how);
    const seen = await file.stat();
    if (!seen.isFile()) return { is: 'refused', why: 'it is not a plain file' };
    if (seen.size > maxBytes) return { is: 'refused', why: `it is larger than ${maxBytes} bytes` };
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
    if (bytesRead > maxBytes) return { is: 'refused', why: `it is larger than ${maxBytes} bytes` };
    return { is: 'text', text: buffer.toString('utf8', 0, bytesRead) };
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

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
