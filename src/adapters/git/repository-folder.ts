import { randomBytes } from 'node:crypto';
import { copyFile, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { Author } from '../../ports/mirrors.ts';

export interface RepositoryFolder {
  readonly gitDir: string;
  /** `ref: refs/…` or a commit id. */
  readonly head: string;
  readonly bare: boolean;
  readonly sha256?: boolean | undefined;
  /** Object folders of other repositories that this one may read from. */
  readonly alternates?: readonly string[] | undefined;
  readonly refs?: Readonly<Record<string, Sha>> | undefined;
  readonly author?: Author | undefined;
  /** An index to start from. */
  readonly index?: string | undefined;
}

/**
 * Writes the files of a git directory, as `git init` would but without the process. What is there already is set
 * right, objects and other refs are kept. No link in it is ever followed: an agent may have put one there.
 */
export async function writeRepository(wanted: RepositoryFolder): Promise<void> {
  const { gitDir, refs = {}, alternates = [] } = wanted;
  for (const name of ['.', 'objects', 'objects/info', 'objects/pack', 'refs', 'refs/heads']) {
    await realFolder(path.join(gitDir, name));
  }
  await put(path.join(gitDir, 'config'), configOf(wanted));
  if (alternates.length > 0) {
    await put(
      path.join(gitDir, 'objects/info/alternates'),
      alternates.map((folder) => `${folder}\n`).join(''),
    );
  }
  for (const [name, sha] of Object.entries(refs)) {
    let below = gitDir;
    for (const part of name.split('/').slice(0, -1)) {
      below = path.join(below, part);
      await realFolder(below);
    }
    await put(path.join(gitDir, name), `${sha}\n`);
  }
  if (wanted.index !== undefined) await putCopy(path.join(gitDir, 'index'), wanted.index);
  await put(path.join(gitDir, 'HEAD'), `${wanted.head}\n`);
}

async function realFolder(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  if (found !== undefined) await rm(folder);
  await mkdir(folder, { recursive: found === undefined });
}

async function put(file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomBytes(4).toString('hex')}.new`;
  const handle = await open(fresh, 'wx');
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  await moveOver(fresh, file);
}

async function putCopy(file: string, from: string): Promise<void> {
  const fresh = `${file}.${randomBytes(4).toString('hex')}.new`;
  await copyFile(from, fresh);
  await moveOver(fresh, file);
}

async function moveOver(fresh: string, file: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isDirectory() === true) await rm(file, { recursive: true });
  await rename(fresh, file);
}

function configOf({ bare, sha256, author }: RepositoryFolder): string {
  const lines = ['[core]', `repositoryformatversion = ${sha256 === true ? 1 : 0}`, `bare = ${bare}`];
  lines.push('filemode = true', `logallrefupdates = ${!bare}`);
  // `git init` would have tried the disk out; this is what it finds on a Mac.
  if (process.platform === 'darwin') lines.push('ignorecase = true', 'precomposeunicode = true');
  if (sha256 === true) lines.push('[extensions]', 'objectformat = sha256');
  // Only we and the user fetch from these, always by commit id.
  if (bare) lines.push('[uploadpack]', 'allowAnySHA1InWant = true');
  if (author) lines.push('[user]', `name = ${quote(author.name)}`, `email = ${quote(author.email)}`);
  return `${lines.join('\n')}\n`;
}

function quote(value: string): string {
  return `"${value.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/["\\]/g, '\\$&')}"`;
}
