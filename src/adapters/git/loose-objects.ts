import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import type { Sha } from '../../domain/repo.ts';

/** Objects of a repository in git's own loose format, written and read without a process. */
export interface LooseObjects {
  /** Bytes of an id: 20, or 32 in a repository of sha256. */
  readonly hashBytes: number;
  /** Writes an object unless it is there; answers its id. Whole or not at all, whatever ends us. */
  write(type: 'blob' | 'tree' | 'commit', body: Buffer): Sha;
  /** The contents; undefined: not there as a loose object of that type. */
  read(type: 'tree' | 'commit', id: Sha): Buffer | undefined;
  /** The file of an object, whether it is there or not. */
  fileOf(id: Sha): string;
}

export function looseObjects(gitDir: string, sha256: boolean): LooseObjects {
  const fileOf = (id: Sha): string => path.join(gitDir, 'objects', id.slice(0, 2), id.slice(2));
  return {
    hashBytes: sha256 ? 32 : 20,
    fileOf,
    write(type, body) {
      const whole = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
      const id = createHash(sha256 ? 'sha256' : 'sha1')
        .update(whole)
        .digest('hex');
      const file = fileOf(id);
      // Fast rather than small, as git does for loose objects.
      if (!isThere(file)) putObject(file, deflateSync(whole, { level: 1 }));
      return id;
    },
    read(type, id) {
      const packed = contentOf(fileOf(id));
      if (packed === undefined) return undefined;
      const whole = inflateSync(packed, { maxOutputLength: mostBytes });
      const end = whole.indexOf(0);
      return whole.toString('latin1', 0, end).startsWith(`${type} `) ? whole.subarray(end + 1) : undefined;
    },
  };
}

const mostBytes = 64 * 1024 * 1024;

/** Puts the bytes of a loose object in its place; `tmp_obj_` is the name that `git prune` knows. */
export function putObject(file: string, bytes: Buffer): void {
  const fresh = path.join(path.dirname(file), `tmp_obj_${randomBytes(6).toString('hex')}`);
  const descriptor = openIn(fresh);
  try {
    writeSync(descriptor, bytes);
    closeSync(descriptor);
    renameSync(fresh, file);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw cause;
  }
}

function openIn(file: string): number {
  try {
    return openSync(file, 'wx', 0o444);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    mkdirSync(path.dirname(file), { recursive: true });
    return openSync(file, 'wx', 0o444);
  }
}

export function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
