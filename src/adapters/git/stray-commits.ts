import { lstat, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror, scratchFolder } from './mirror-context.ts';
import { listRefs, readPointer, readRef } from './ref-files.ts';
import { writeRepository } from './repository-folder.ts';

export interface StraySearch {
  readonly context: MirrorContext;
  readonly session: string;
  readonly folder: string;
  readonly ours: ReadonlySet<Sha>;
  readonly shown: ReadonlySet<string>;
  readonly settled: Set<Sha>;
}

const mostAtOnce = 30;

/**
 * Commits on refs of the workspace that neither we made nor the files have shown, fetched into the mirror under
 * `refs/clone/salvage/<session>/`. Each is looked at once; no process when there is none that is new.
 */
export async function findStrays(search: StraySearch): Promise<readonly { sha: Sha; ref: string }[]> {
  const gitDir = path.join(search.folder, '.git');
  if ((await lstat(path.join(gitDir, 'objects')).catch(() => undefined))?.isDirectory() !== true) return [];
  const unknown = new Set<Sha>();
  for (const [, sha] of await tipsOf(gitDir))
    if (!search.ours.has(sha) && !search.settled.has(sha)) unknown.add(sha);

  const kept: { sha: Sha; ref: string }[] = [];
  for (const sha of [...unknown].slice(0, mostAtOnce)) {
    const ref = await salvage(search, gitDir, sha);
    if (ref !== undefined) kept.push({ sha, ref });
  }
  return kept;
}

async function tipsOf(gitDir: string): Promise<readonly (readonly [ref: string, sha: Sha])[]> {
  const head = await readPointer(path.join(gitDir, 'HEAD')).catch(() => undefined);
  const refs = [...(await listRefs(gitDir, 'refs/').catch(() => new Map<string, Sha>()))];
  return head?.kind === 'sha' ? [...refs, ['HEAD', head.sha]] : refs;
}

/**
 * The objects are fetched through a repository of ours that only borrows the workspace's object folder: the
 * settings of the workspace are never read, and git checks every object's id on the way.
 */
async function salvage(search: StraySearch, gitDir: string, sha: Sha): Promise<string | undefined> {
  const { context, session } = search;
  await using scratch = scratchFolder(context);
  const carrier = path.join(scratch.folder, 'carrier.git');
  await writeRepository({
    gitDir: carrier,
    head: 'ref: refs/heads/none',
    bare: true,
    sha256: context.sha256,
    alternates: [path.join(gitDir, 'objects'), path.join(context.gitDir, 'objects')],
    refs: { 'refs/heads/stray': sha },
  });
  const ref = `refs/clone/salvage/${session}/${sha.slice(0, 12)}`;
  const flags = ['--quiet', '--no-tags', '--no-write-fetch-head'];
  const out = await inMirror(context, ['fetch', ...flags, carrier, `+refs/heads/stray:${ref}`]);
  if (!out.ok) return undefined;
  search.settled.add(sha);
  if (await isNews(search, sha)) return ref;
  await rm(path.join(context.gitDir, ref), { force: true });
  return undefined;
}

async function isNews({ context, session, shown }: StraySearch, sha: Sha): Promise<boolean> {
  const tree = await inMirror(context, ['rev-parse', '--verify', '--quiet', `${sha}^{tree}`]);
  if (!tree.ok || shown.has(tree.stdout.trim())) return false;
  const ours = await readRef(context.gitDir, `refs/clone/sessions/${session}`);
  if (ours === undefined) return true;
  return !(await inMirror(context, ['merge-base', '--is-ancestor', sha, ours])).ok;
}
