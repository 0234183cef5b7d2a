import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { giveToUser, landLocally } from './checkout.ts';
import { explainRemote, shorten } from './explain.ts';
import { folderOf } from './local-remote.ts';
import type { MirrorContext } from './mirror-context.ts';
import { contains, inMirror, trackingRef } from './mirror-context.ts';
import { isSafeRef, isSha, readRef, writeRef } from './ref-files.ts';
import type { Remote } from './remote-url.ts';

/**
 * Moves the target branch from `expected` to `sha`, which must be a descendant, so that it is never by force.
 * `push` means that the remote's branch was read back and is our commit.
 */
export async function land(
  context: MirrorContext,
  sha: Sha,
  expected: Sha,
): Promise<Result<{ mode: 'push' | 'local' }, GitFailure>> {
  if (!(await contains(context, sha, expected))) {
    return failed({
      kind: 'git',
      message: `${sha} does not follow ${expected}; landing it would need force`,
    });
  }
  if (context.remotes === undefined) {
    const landed = await landLocally(context, sha, expected);
    return landed.ok ? ok({ mode: 'local' }) : landed;
  }
  const { push } = context.remotes;
  const pushed = await pushTo(context, push, `refs/heads/${context.identity.branch}`, sha, expected);
  if (!pushed.ok) return pushed;
  await writeRef(context.gitDir, trackingRef(context.identity), sha);
  return ok({ mode: 'push' });
}

/** Leaves a branch of our own where people can see it; one that is not ours, or was moved by others, stays. */
export async function leaveBranch(
  context: MirrorContext,
  name: string,
  sha: Sha,
): Promise<Result<void, GitFailure>> {
  const ref = `refs/heads/${name}`;
  if (!isSafeRef(ref) || name === context.identity.branch) throw new Error(`not a branch of ours: ${name}`);
  if (context.remotes === undefined) return giveToUser(context, sha, ref);
  const left = `refs/clone/left/${name}`;
  const before = (await readRef(context.gitDir, left)) ?? '';
  const pushed = await pushTo(context, context.remotes.push, ref, sha, before);
  if (pushed.ok) await writeRef(context.gitDir, left, sha);
  return pushed;
}

/** `expected` is what the ref must be now; '' means that it must not exist. */
async function pushTo(
  context: MirrorContext,
  remote: Remote,
  ref: string,
  sha: Sha,
  expected: Sha,
): Promise<Result<void, GitFailure>> {
  const flags = ['--porcelain', '--quiet', '--no-verify', `--force-with-lease=${ref}:${expected}`];
  const access = await context.access.to(remote);
  const out = await inMirror(context, ['push', ...flags, '--', remote.url, `${sha}:${ref}`], access);
  const said = context.access.redact(remote, `${out.stderr}\n${verdictOf(out.stdout)}`);

  // Whatever was said, only the remote knows: a connection may break after the push has gone through.
  const tip = await readBack(context, remote, ref);
  if (tip.ok && tip.value === sha) return ok(undefined);
  if (!out.ok && isRefused(said)) return failed(explainRemote(said));
  if (!tip.ok) return tip;
  if (
    tip.value !== (expected === '' ? undefined : expected) ||
    /stale info|fetch first|non-fast-forward/.test(said)
  ) {
    return failed({ kind: 'moved', message: `${ref} has moved: ${shorten(said)}`, tip: tip.value });
  }
  // A lock of another push that is under way: worth another try, not a refusal.
  if (isContended(said)) return failed({ kind: 'unreachable', message: shorten(said) });
  return failed(explainRemote(said));
}

/** The line of the porcelain output that is about our ref, without the ids. */
function verdictOf(stdout: string): string {
  const line = stdout.split('\n').find((text) => text.startsWith('!'));
  return line?.split('\t')[2] ?? '';
}

/** The remote said no to us, rather than no to a stale view of the branch. */
function isRefused(said: string): boolean {
  return !isContended(said) && explainRemote(said).kind === 'access';
}

function isContended(said: string): boolean {
  return /cannot lock ref|incorrect old value|failed to update ref|reference already exists/i.test(said);
}

/** What the remote's branch is, asked afresh; a folder is simply read. */
async function readBack(
  context: MirrorContext,
  remote: Remote,
  ref: string,
): Promise<Result<Sha | undefined, GitFailure>> {
  const folder = await folderOf(remote);
  if (folder !== undefined) return ok(await readRef(folder, ref));
  const access = await context.access.to(remote);
  const out = await inMirror(context, ['ls-remote', '--quiet', '--', remote.url, ref], access);
  if (!out.ok) return failed(explainRemote(context.access.redact(remote, out.stderr)));
  const line = out.stdout.split('\n').find((text) => text.endsWith(`\t${ref}`));
  const sha = line?.split('\t')[0] ?? '';
  return ok(isSha(sha) ? sha : undefined);
}
