import { linkSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import { valueOf } from './config-file.ts';
import { isThere, putObject } from './loose-objects.ts';
import type { MirrorContext } from './mirror-context.ts';
import { broughtBy } from './own-commits.ts';
import { readConfig } from './user-repository.ts';

/**
 * Copies commits of ours, from the one the user's repository stands at (`current`) up to `sha`, into it: object by
 * object, since we made them and know what is new in them. False when git has to fetch them: commits that we know
 * only by name, objects that are packed, or a repository whose files want rights of their own.
 */
export async function handOver(context: MirrorContext, sha: Sha, current: Sha | undefined): Promise<boolean> {
  const { gitDir } = context.identity;
  if (current === undefined || !(await isOrdinary(gitDir))) return false;
  const ids = await newObjects(context, sha, current);
  if (ids === undefined) return false;
  for (const id of ids) {
    const to = path.join(gitDir, 'objects', id.slice(0, 2), id.slice(2));
    if (isThere(to)) continue;
    if (!give(context.objects.fileOf(id), to)) return false;
  }
  return true;
}

async function isOrdinary(gitDir: string): Promise<boolean> {
  const shared = valueOf(await readConfig(gitDir), 'core.sharedrepository');
  return shared === undefined || /^(?:false|umask|0)$/i.test(shared);
}

/** What the commits `current..sha` brought, what is pointed at before what points at it; undefined: not all is known. */
async function newObjects(context: MirrorContext, sha: Sha, current: Sha): Promise<Sha[] | undefined> {
  const commits: Sha[][] = [];
  for (let at = sha; at !== current; ) {
    const made = context.made.get(at);
    if (made === undefined) return undefined;
    const brought = await broughtBy(context, made, at);
    if (brought === undefined) return undefined;
    const trees = treesAround(context, made.tree, brought.paths);
    if (trees === undefined) return undefined;
    commits.unshift([...brought.ids, ...trees, at]);
    at = made.parent;
  }
  return commits.flat();
}

/** The root and the folders that lie on the way to some paths, as far as they exist, the deepest first. */
function treesAround(context: MirrorContext, root: Sha, paths: readonly string[]): Sha[] | undefined {
  const found = new Map<string, Sha>([['', root]]);
  const open = [''];
  const folders = new Set(paths.flatMap(foldersAbove));
  for (let folder = open.shift(); folder !== undefined; folder = open.shift()) {
    const body = context.objects.read('tree', found.get(folder) ?? '');
    if (body === undefined) return undefined;
    for (const [name, id] of subtreesIn(body, context.objects.hashBytes)) {
      const below = folder === '' ? name : `${folder}/${name}`;
      if (!folders.has(below)) continue;
      found.set(below, id);
      open.push(below);
    }
  }
  return [...found.values()].reverse();
}

function foldersAbove(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

function* subtreesIn(body: Buffer, hashBytes: number): Generator<readonly [name: string, id: Sha]> {
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const end = body.indexOf(0, space);
    const isTree = body.toString('latin1', at, space) === '40000';
    if (isTree)
      yield [body.toString('latin1', space + 1, end), body.toString('hex', end + 1, end + 1 + hashBytes)];
    at = end + 1 + hashBytes;
  }
}

/** By a link, as `git clone` of a folder does: an object is never written to again. False: there is no such file. */
function give(from: string, to: string): boolean {
  if (!isThere(from)) return false;
  try {
    linkSync(from, to);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // No folder yet, another disk, or one that knows no links.
    if (code !== 'EEXIST') putObject(to, readFileSync(from));
  }
  return true;
}
