import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';

/** The commit a ref points at, read from the files of a repository; undefined: there is no such ref. */
export async function readRef(gitDir: string, name: string, depth = 5): Promise<Sha | undefined> {
  const direct = await readPointer(path.join(gitDir, name));
  if (direct?.kind === 'sha') return direct.sha;
  if (direct?.kind === 'symbolic') return depth > 0 ? readRef(gitDir, direct.ref, depth - 1) : undefined;
  return (await readPackedRefs(gitDir)).get(name);
}

export type Pointer =
  | { readonly kind: 'sha'; readonly sha: Sha }
  | { readonly kind: 'symbolic'; readonly ref: string };

/** What a file such as HEAD says: a commit, or another ref. */
export async function readPointer(file: string): Promise<Pointer | undefined> {
  const text = (await readIfThere(file))?.trim();
  if (text === undefined) return undefined;
  if (isSha(text)) return { kind: 'sha', sha: text };
  const ref = /^ref:\s*(refs\/\S.*)$/.exec(text)?.[1];
  return ref === undefined || ref.split('/').includes('..') ? undefined : { kind: 'symbolic', ref };
}

/** Every ref below a folder such as `refs/heads/`, by its full name. */
export async function listRefs(gitDir: string, below: string): Promise<ReadonlyMap<string, Sha>> {
  const refs = new Map<string, Sha>();
  for (const [name, sha] of await readPackedRefs(gitDir)) if (name.startsWith(below)) refs.set(name, sha);
  const folder = path.join(gitDir, below);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.endsWith('.lock')) continue;
    const file = path.join(entry.parentPath, entry.name);
    const pointer = await readPointer(file);
    const name = path.relative(gitDir, file).split(path.sep).join('/');
    if (pointer?.kind === 'sha') refs.set(name, pointer.sha);
  }
  return refs;
}

async function readPackedRefs(gitDir: string): Promise<Map<string, Sha>> {
  const refs = new Map<string, Sha>();
  const text = (await readIfThere(path.join(gitDir, 'packed-refs'))) ?? '';
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
export async function writeRef(gitDir: string, name: string, sha: Sha): Promise<void> {
  if (!isSafeRef(name)) throw new Error(`not a ref that we would write: ${name}`);
  await writeDurably(path.join(gitDir, name), `${sha}\n`);
}

/** The whole text or the old one, never a part, even when the power fails. */
async function writeDurably(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = `${file}.${randomBytes(6).toString('hex')}.lock`;
  try {
    const handle = await open(fresh, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (cause) {
    await rm(fresh, { force: true });
    throw cause;
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
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      return found.isFile() && found.size <= maxTextBytes ? await handle.readFile('utf8') : undefined;
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO'].includes(code)) return undefined;
    throw cause;
  }
}
