import { access, constants, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseDocument } from 'yaml';
import type { IdeaPlace } from '../../domain/idea.ts';
import { failed, ok } from '../../domain/result.ts';
import type { Incubator } from '../../ports/ideas.ts';
import type { Author } from '../../ports/mirrors.ts';
import { createRemoteAccess } from '../git/remote-access.ts';
import { createRunGit } from '../git/run-git.ts';
import { findRepository } from '../git/user-repository.ts';
import { expandTilde } from '../home/home-files.ts';
import { readUserFile } from '../home/read-user-file.ts';
import { firstCommit, makeSeed, seedFolder } from './idea-seed.ts';
import { plant } from './plant-repository.ts';
import { connect, pushFirst } from './push-first.ts';

export interface DiskIncubatorOptions {
  /** The home. */
  readonly home: string;
  /** The user's environment; little of it is ever handed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The token for a remote URL, if we hold one. */
  readonly tokenFor: (url: string) => string | undefined;
  /** Who signs our commits. */
  readonly author: Author;
}

/** The incubator on this disk, with the machine's git. */
export function diskIncubator({ home, environment, tokenFor, author }: DiskIncubatorOptions): Incubator {
  const folder = path.join(home, '.clone');
  const run = createRunGit(environment);
  const given = { folder, run, author, access: createRemoteAccess({ run, environment, tokenFor }) };
  return {
    codeRoot: () => codeRootIn(home),
    isUsableFolder,
    lookAt,
    async makeFolder(at) {
      try {
        await mkdir(at);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? '';
        const { place } = await lookAt(at);
        if (code === 'EEXIST' && place.is === 'empty-folder') return ok(undefined);
        if (code === 'EEXIST') return failed('something was put there in the meantime');
        const why = reasons[code];
        if (why === undefined) throw error;
        return failed(why);
      }
      return ok(undefined);
    },
    seed: (key) => makeSeed(given, key),
    firstCommit: (seed, tree, message) => firstCommit(given, seed, tree, message),
    plant: (order) => plant(given, order),
    pushFirst: (seed, url, sha) => pushFirst(given, seed, url, sha),
    connect: (at, url, sha) => connect(given, at, url, sha),
    clear: (key) => rm(seedFolder(folder, key), { recursive: true, force: true }),
  };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'the folder above it is gone',
  ENOTDIR: 'the folder above it is not a folder',
};

/** What a broken repos.yaml says does not count here; whoever reads the portfolio says that it is broken. */
async function codeRootIn(home: string): Promise<string | undefined> {
  const text = await readUserFile(path.join(home, 'repos.yaml'));
  if (!text.ok || text.value === undefined) return undefined;
  const document = parseDocument(text.value, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  const value: unknown = document.get('code_root');
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return path.resolve(home, expandTilde(value.trim(), os.homedir()));
}

async function isUsableFolder(at: string): Promise<boolean> {
  const found = await stat(at).catch(() => undefined);
  if (found?.isDirectory() !== true) return false;
  return access(at, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function lookAt(at: string): Promise<{ place: IdeaPlace; neighbour: string | undefined }> {
  const name = path.basename(at);
  const around = await readdir(path.dirname(at)).catch(() => []);
  const neighbour = around.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
  return { place: await placeAt(at), neighbour };
}

async function placeAt(at: string): Promise<IdeaPlace> {
  if ((await lstat(at).catch(() => undefined)) === undefined) return { is: 'nothing' };
  if ((await findRepository(at)) !== undefined) return { is: 'repository' };
  // A link to a folder is not a folder that could be put in place of.
  if (!(await lstat(at)).isDirectory()) return { is: 'no-folder' };
  const [first] = await readdir(at);
  return first === undefined ? { is: 'empty-folder' } : { is: 'files', first };
}
