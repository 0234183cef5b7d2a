import { constants, copyFileSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { Author } from '../../ports/mirrors.ts';
import { promised } from './promised.ts';

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
export function writeRepository(wanted: RepositoryFolder): Promise<void> {
  return promised(() => {
    write(wanted);
  });
}

function write(wanted: RepositoryFolder): void {
  const { gitDir, refs = {}, alternates = [] } = wanted;
  for (const name of ['.', 'objects', 'refs']) realFolder(path.join(gitDir, name));
  for (const name of ['objects/info', 'objects/pack', 'refs/heads']) noLink(path.join(gitDir, name));
  put(path.join(gitDir, 'config'), configOf(wanted));
  if (alternates.length > 0) {
    realFolder(path.join(gitDir, 'objects/info'));
    put(path.join(gitDir, 'objects/info/alternates'), alternates.map((folder) => `${folder}\n`).join(''));
  }
  for (const [name, sha] of Object.entries(refs)) {
    let below = gitDir;
    for (const part of name.split('/').slice(0, -1)) {
      below = path.join(below, part);
      realFolder(below);
    }
    put(path.join(gitDir, name), `${sha}\n`);
  }
  if (wanted.index !== undefined) putCopy(path.join(gitDir, 'index'), wanted.index);
  put(path.join(gitDir, 'HEAD'), `${wanted.head}\n`);
}

function realFolder(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found !== undefined) rmSync(folder);
  mkdirSync(folder, { recursive: found === undefined });
}

/** Git makes these when it needs them. */
function noLink(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) rmSync(folder);
}

/**
 * What is right already stays. Else it goes before the new one is made, which fails if something comes in between: a
 * rename over it would make the disk write at once, for a file that is made anew whenever it is missing.
 */
function put(file: string, text: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isFile() === true && found.size <= maxOldBytes && readFileSync(file, 'utf8') === text) return;
  if (found !== undefined) rmSync(file, { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
}

/** What we write is small: something larger is the agent's, and not worth reading. */
const maxOldBytes = 64 * 1024;

function putCopy(file: string, from: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) rmSync(file, { recursive: true });
  copyFileSync(from, file, constants.COPYFILE_EXCL);
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
