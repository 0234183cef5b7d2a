import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { explainRemote, gitFailure } from './explain.ts';
import { linkObjects } from './link-objects.ts';
import { folderOf } from './local-remote.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror, trackingRef } from './mirror-context.ts';
import { isSafeRef, readRef, writeRef } from './ref-files.ts';
import type { Remote } from './remote-url.ts';
import { parseRemote } from './remote-url.ts';
import type { GitOutput } from './run-git.ts';

/** Brings the target branch into the mirror, from the remote or, without one, from the user's repository. */
export async function fetchBranch(context: MirrorContext): Promise<Result<Sha, GitFailure>> {
  const { identity } = context;
  const source = context.remotes?.fetch ?? parseRemote(identity.gitDir, '/');
  if (!isSafeRef(`refs/heads/${identity.branch}`)) {
    return failed({ kind: 'no-such-branch', message: `${identity.branch} is no name for a branch` });
  }
  const near = await fromThisDisk(context, source);
  if (near !== undefined) return ok(near);
  const spec = `+refs/heads/${identity.branch}:${trackingRef(identity)}`;
  const out = await fetchPatiently(context, source, spec);
  const said = context.access.redact(source, out.stderr);
  if (!out.ok) return failed(explainRemote(said));
  const tip = await readRef(context.gitDir, trackingRef(identity));
  return tip === undefined ? failed(gitFailure(`fetching ${identity.branch}`, said)) : ok(tip);
}

/**
 * The tip of a remote that is a folder on this disk, when its files alone will do: nothing is new since the last time,
 * or it is the first time and its objects can be linked. Undefined: git has to fetch.
 */
async function fromThisDisk(context: MirrorContext, source: Remote): Promise<Sha | undefined> {
  const { gitDir, identity, sha256 } = context;
  const folder = await folderOf(source);
  const tip = folder && (await readRef(folder, `refs/heads/${identity.branch}`));
  if (!folder || !tip) return undefined;
  const known = await readRef(gitDir, trackingRef(identity));
  if (known === tip) return tip;
  // Who writes `file://` asks for a real transport, as with `git clone`.
  const mayLink = known === undefined && !/^file:/i.test(source.url);
  if (!mayLink || !(await linkObjects(folder, gitDir, sha256))) return undefined;
  await writeRef(gitDir, trackingRef(identity), tip);
  return tip;
}

/** What the user has fetched already need not cross the network again. A failure here costs only that. */
export async function seedFromUser(context: MirrorContext, remoteName: string): Promise<void> {
  const { identity } = context;
  const source = parseRemote(identity.gitDir, '/');
  const spec = `+refs/remotes/${remoteName}/${identity.branch}:${trackingRef(identity)}`;
  await fetchOnce(context, source, spec);
}

/** A git that was killed leaves its lock on the ref; one that lives holds it for milliseconds. */
const lockIsDeadAfterMs = 5_000;

async function fetchPatiently(context: MirrorContext, source: Remote, spec: string): Promise<GitOutput> {
  const out = await fetchOnce(context, source, spec);
  if (out.ok || !/\.lock': File exists/.test(out.stderr)) return out;
  const lock = path.join(context.gitDir, `${trackingRef(context.identity)}.lock`);
  const age =
    Date.now() -
    (await stat(lock).then(
      (found) => found.mtimeMs,
      () => 0,
    ));
  await sleep(Math.max(0, lockIsDeadAfterMs - age));
  await rm(lock, { force: true });
  return fetchOnce(context, source, spec);
}

async function fetchOnce(context: MirrorContext, source: Remote, spec: string): Promise<GitOutput> {
  const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
  return inMirror(context, ['fetch', ...flags, '--', source.url, spec], await context.access.to(source));
}
