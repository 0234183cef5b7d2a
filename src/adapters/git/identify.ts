import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Identity, Repo } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import type { ConfigValues } from './config-file.ts';
import { valueOf } from './config-file.ts';
import { listRefs, readPointer, readRef } from './ref-files.ts';
import type { Place } from './user-repository.ts';
import { findRepository, readConfig, readRemotes, remoteName } from './user-repository.ts';

/** Says what repository a path is, from its files alone: no process is started. */
export async function identify(
  repo: Pick<Repo, 'name' | 'path' | 'branch'>,
): Promise<Result<Identity, GitFailure>> {
  const place = await findRepository(repo.path);
  if (!place) return failed({ kind: 'not-a-repository', message: await whyNot(repo.path) });
  const config = await readConfig(place.commonDir);
  if (valueOf(config, 'extensions.refstorage') === 'reftable') {
    return failed({ kind: 'git', message: `${repo.path} keeps its refs as reftable, which we cannot read` });
  }
  const branch = await chooseBranch(place, config, repo.branch);
  if (!branch.ok) return branch;
  const remotes = readRemotes(config, branch.value, place.checkout ?? place.commonDir);
  return ok({
    gitDir: place.commonDir,
    key: keyOf(place.commonDir),
    checkout: place.checkout,
    remoteUrl: remotes?.fetch.shown,
    branch: branch.value,
  });
}

/**
 * The branch that the entry names; where it names none, the remote's default, else main or master. Never one that does
 * not exist, and never another than a person chose: only `main` may stand for any, since the first Clone wrote it for
 * everything, and then made it.
 */
async function chooseBranch(
  place: Place,
  config: ConfigValues,
  wanted: string,
): Promise<Result<string, GitFailure>> {
  const { commonDir } = place;
  const remote = remoteName(config, wanted);
  const exists = async (branch: string): Promise<boolean> =>
    (remote !== undefined && (await readRef(commonDir, `refs/remotes/${remote}/${branch}`)) !== undefined) ||
    (await readRef(commonDir, `refs/heads/${branch}`)) !== undefined;

  if (wanted !== '' && (await exists(wanted))) return ok(wanted);
  if (wanted !== '' && wanted !== 'main')
    return failed(nothingToChoose(place, wanted, await branchesOf(commonDir, remote)));
  const byRemote = remote === undefined ? undefined : await defaultOf(commonDir, remote);
  if (byRemote !== undefined) return ok(byRemote);
  const current = await checkedOut(place);
  const usual = ['main', 'master'];
  const inOrder = current !== undefined && usual.includes(current) ? [current, ...usual] : usual;
  for (const branch of inOrder) if (await exists(branch)) return ok(branch);

  const there = await branchesOf(commonDir, remote);
  const [only] = there;
  if (only !== undefined && there.length === 1) return ok(only);
  return failed(nothingToChoose(place, wanted, there));
}

async function defaultOf(commonDir: string, remote: string): Promise<string | undefined> {
  const head = await readPointer(path.join(commonDir, `refs/remotes/${remote}/HEAD`));
  const below = `refs/remotes/${remote}/`;
  if (head?.kind !== 'symbolic' || !head.ref.startsWith(below)) return undefined;
  return (await readRef(commonDir, head.ref)) === undefined ? undefined : head.ref.slice(below.length);
}

async function checkedOut({ adminDir }: Place): Promise<string | undefined> {
  const head = await readPointer(path.join(adminDir, 'HEAD'));
  return head?.kind === 'symbolic' ? head.ref.replace(/^refs\/heads\//, '') : undefined;
}

/** Names of the remote's branches; of the local ones when there is no remote, or nothing of it was fetched. */
async function branchesOf(commonDir: string, remote: string | undefined): Promise<string[]> {
  const folders = remote === undefined ? ['refs/heads/'] : [`refs/remotes/${remote}/`, 'refs/heads/'];
  for (const below of folders) {
    const names = [...(await listRefs(commonDir, below)).keys()].map((name) => name.slice(below.length));
    if (names.length > 0) return names.filter((name) => name !== 'HEAD').sort();
  }
  return [];
}

function nothingToChoose(place: Place, wanted: string, there: readonly string[]): GitFailure {
  const where = place.checkout ?? place.commonDir;
  if (there.length === 0) return { kind: 'no-commits', message: `${where} has no commits yet` };
  const asked = wanted === '' ? 'no default branch could be found' : `there is no branch ${wanted}`;
  const some = there.slice(0, 10).join(', ');
  return {
    kind: 'no-such-branch',
    message: `${asked} in ${where}; it has ${some}${there.length > 10 ? ', …' : ''}`,
  };
}

function keyOf(commonDir: string): string {
  const base = path.basename(commonDir) === '.git' ? path.dirname(commonDir) : commonDir;
  const name = path
    .basename(base)
    .replace(/\.git$/, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 40);
  const hash = createHash('sha256').update(commonDir).digest('hex').slice(0, 12);
  return name === '' ? hash : `${name}-${hash}`;
}

async function whyNot(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) return `nothing is at ${folder}; was it moved or deleted?`;
  if (!found.isDirectory()) return `${folder} is a file, not a repository`;
  const around = await repositoryAround(await realpath(folder));
  if (around !== undefined) return `${folder} is a folder inside the repository ${around}; name that one`;
  return `${folder} is not a git repository (no .git in it)`;
}

async function repositoryAround(folder: string): Promise<string | undefined> {
  for (let at = path.dirname(folder); ; at = path.dirname(at)) {
    if ((await findRepository(at)) !== undefined) return at;
    if (at === path.dirname(at)) return undefined;
  }
}
