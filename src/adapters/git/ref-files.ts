import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import { promised } from './promised.ts';

/** The commit a ref points at, read from the files of a repository; undefined: there is no such ref. */
export function readRef(gitDir: string, name: string): Promise<Sha | undefined> {
  return promised(() => follow(gitDir, name, 5));
}

function follow(gitDir: string, name: string, depth: number): Sha | undefined {
  const direct = pointerIn(path.join(gitDir, name));
  if (direct?.kind === 'sha') return direct.sha;
  if (direct?.kind === 'symbolic') return depth > 0 ? follow(gitDir, direct.ref, depth - 1) : undefined;
  return packedRefs(gitDir).get(name);
}

export type Pointer =
  | { readonly kind: 'sha'; readonly sha: Sha }
  | { readonly kind: 'symbolic'; readonly ref: string };

/** What a file such as HEAD says: a commit, or another ref. */
export function readPointer(file: string): Promise<Pointer | undefined> {
  return promised(() => pointerIn(file));
}

/** The same, at once. */
export function pointerIn(file: string): Pointer | undefined {
  const text = textOf(file)?.trim();
  if (text === undefined) return undefined;
  if (isSha(text)) return { kind: 'sha', sha: text };
  const ref = /^ref:\s*(refs\/\S.*)$/.exec(text)?.[1];
  return ref === undefined || ref.split('/').includes('..') ? undefined : { kind: 'symbolic', ref };
}

/** Every ref below a folder such as `refs/heads/`, by its full name. */
export function listRefs(gitDir: string, below: string): Promise<ReadonlyMap<string, Sha>> {
  return promised(() => {
    const refs = new Map<string, Sha>();
    for (const [name, sha] of packedRefs(gitDir)) if (name.startsWith(below)) refs.set(name, sha);
    for (const file of filesBelow(path.join(gitDir, below))) {
      const pointer = pointerIn(file);
      const name = path.relative(gitDir, file).split(path.sep).join('/');
      if (pointer?.kind === 'sha') refs.set(name, pointer.sha);
    }
    return refs;
  });
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'))
      .map((entry) => path.join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function packedRefs(gitDir: string): Map<string, Sha> {
  const refs = new Map<string, Sha>();
  const text = textOf(path.join(gitDir, 'packed-refs')) ?? '';
  for (const line of text.split('\n')) {
    const [sha = '', name] = line.split(' ');
    if (name !== undefined && isSha(sha)) refs.set(name.trim(), sha);
  }
  return refs;
}

/**
 * Points a ref of a repository of ours at a commit, durably. Only for repositories with one writer (the holder
 * of the lease), so git's own locks are not needed, nor a process.
 */
export function writeRef(gitDir: string, name: string, sha: Sha): Promise<void> {
  return promised(() => {
    if (!isSafeRef(name)) throw new Error(`not a ref that we would write: ${name}`);
    writeDurably(path.join(gitDir, name), `${sha}\n`);
  });
}

/** The whole text or the old one, never a part, even when the power fails. */
function writeDurably(file: string, text: string): void {
  const fresh = `${file}.${randomBytes(6).toString('hex')}.lock`;
  try {
    const descriptor = create(fresh);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, file);
  } catch (cause) {
    rmSync(fresh, { force: true });
    throw cause;
  }
}

/** The folder is there as a rule: asking first would cost more than being told. */
function create(file: string): number {
  try {
    return openSync(file, 'wx');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    mkdirSync(path.dirname(file), { recursive: true });
    return openSync(file, 'wx');
  }
}

export function isSha(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** A full ref name that git would accept and that stays below the folder it names. */
export function isSafeRef(name: string): boolean {
  return (
    /^refs\/[^\s~^:?*[\\\p{Cc}]+$/u.test(name) &&
    name
      .split('/')
      .every(
        (part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock') && !part.endsWith('.'),
      ) &&
    !name.includes('..') &&
    !name.includes('@{')
  );
}

const maxTextBytes = 64 * 1024 * 1024;

/** The text of a plain file; undefined when there is none. A pipe in its place does not make us wait. */
export function textOf(file: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(descriptor);
    return found.isFile() && found.size <= maxTextBytes ? readFileSync(descriptor, 'utf8') : undefined;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO'].includes(code)) return undefined;
    throw cause;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
