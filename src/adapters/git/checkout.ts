import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { isSurelyClean } from './clean-checkout.ts';
import { gitFailure, shorten } from './explain.ts';
import { handOver } from './hand-over.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror } from './mirror-context.ts';
import { readPointer, readRef } from './ref-files.ts';
import type { GitOutput } from './run-git.ts';
import type { WorkTree } from './user-repository.ts';
import { findRepository, inProgress, whereCheckedOut } from './user-repository.ts';

/** Fast-forwards the user's checkout if it is clean and on the branch; else says why it was left alone. */
export async function updateCheckout(
  context: MirrorContext,
  sha: Sha,
): Promise<{ moved: boolean; why: string }> {
  const { identity } = context;
  if (identity.checkout === undefined) return { moved: false, why: 'the repository is bare' };
  const place = await findRepository(identity.checkout);
  if (place === undefined) return { moved: false, why: `no repository is at ${identity.checkout} any more` };
  const head = await readPointer(path.join(place.adminDir, 'HEAD'));
  if (head?.kind !== 'symbolic') return { moved: false, why: 'the checkout is on no branch' };
  if (head.ref !== `refs/heads/${identity.branch}`) {
    return { moved: false, why: `the checkout is on ${head.ref.replace('refs/heads/', '')}` };
  }
  const current = await readRef(place.commonDir, head.ref);
  if (current === sha) return { moved: false, why: 'the checkout is up to date' };
  const tree = { folder: identity.checkout, adminDir: place.adminDir };
  const moved = await fastForward(context, tree, { current, sha });
  return moved.ok ? { moved: true, why: 'fast-forwarded' } : { moved: false, why: moved.failure.message };
}

/**
 * Moves a work tree of the user's to `sha` and nothing else. Refused when a tracked file was edited, something is
 * under way, a file of theirs (ignored or not) would be overwritten, or their branch has commits of its own.
 */
async function fastForward(
  context: MirrorContext,
  tree: WorkTree,
  { current, sha }: { current: Sha | undefined; sha: Sha },
): Promise<Result<void, GitFailure>> {
  const busy = inProgress(tree.adminDir);
  if (busy !== undefined) return failed({ kind: 'in-the-way', message: busy });
  const clean = await refuseChanges(context, tree, current);
  if (!clean.ok) return clean;
  if (!(await handOver(context, sha, current))) {
    const fetched = await giveToUser(context, sha);
    if (!fetched.ok) return fetched;
  }
  const merged = await inUsers(
    context,
    ['merge', '--ff-only', '--no-overwrite-ignore', '--no-stat', '--quiet', sha],
    tree,
  );
  if (merged.ok) return ok(undefined);
  const why = /not possible to fast-forward|diverging/i.test(merged.stderr)
    ? 'the branch of the checkout has commits of its own'
    : shorten(merged.stderr);
  return failed({ kind: 'in-the-way', message: why });
}

async function refuseChanges(
  context: MirrorContext,
  tree: WorkTree,
  current: Sha | undefined,
): Promise<Result<void, GitFailure>> {
  const expected = current === undefined ? undefined : context.trees.get(current);
  if (expected !== undefined && isSurelyClean(tree, expected, context.objects.hashBytes))
    return ok(undefined);
  const status = await inUsers(context, ['status', '--porcelain', '--untracked-files=no'], tree);
  if (!status.ok) return failed(gitFailure('looking at the checkout', status.stderr));
  if (status.stdout === '') return ok(undefined);
  return failed({ kind: 'in-the-way', message: 'the checkout has changes that are not committed' });
}

/** Moves the branch of the user's repository, as its only landing place. */
export async function landLocally(
  context: MirrorContext,
  sha: Sha,
  expected: Sha,
): Promise<Result<void, GitFailure>> {
  const { gitDir, branch } = context.identity;
  const ref = `refs/heads/${branch}`;
  const tip = await readRef(gitDir, ref);
  if (tip === sha) return ok(undefined);
  if (tip !== expected) return failed({ kind: 'moved', message: `${branch} has moved in ${gitDir}`, tip });
  const tree = await whereCheckedOut(gitDir, branch);
  if (tree !== undefined) {
    const moved = await fastForward(context, tree, { current: tip, sha });
    if (!moved.ok) return moved;
  } else {
    const fetched = await giveToUser(context, sha);
    if (!fetched.ok) return fetched;
    const args = ['update-ref', '-m', 'clone: landed', ref, sha, expected];
    const updated = await inUsers(context, args, undefined);
    if (!updated.ok && (await readRef(gitDir, ref)) === expected) {
      return failed(gitFailure(`moving ${branch}`, updated.stderr));
    }
  }
  const now = await readRef(gitDir, ref);
  if (now === sha) return ok(undefined);
  return failed({ kind: 'moved', message: `${branch} has moved in ${gitDir}`, tip: now });
}

/** Copies the objects of a commit into the user's repository; `ref`, when named, is made to point at it. */
export async function giveToUser(
  context: MirrorContext,
  sha: Sha,
  ref?: string,
): Promise<Result<void, GitFailure>> {
  const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
  const spec = ref === undefined ? sha : `${sha}:${ref}`;
  const out = await inUsers(context, ['fetch', ...flags, '--', context.gitDir, spec], undefined);
  if (out.ok) return ok(undefined);
  const message = shorten(out.stderr);
  if (/rejected|refusing to fetch into/.test(out.stderr)) return failed({ kind: 'in-the-way', message });
  return failed(gitFailure('handing the commit to the repository', message));
}

/**
 * Git in the user's repository, with the user's own configuration: what is ignored, and how files are filtered on
 * checkout, is theirs to say. Hooks and file watchers stay off.
 */
function inUsers(
  context: MirrorContext,
  args: readonly string[],
  tree: WorkTree | undefined,
): Promise<GitOutput> {
  const environment = { GIT_REFLOG_ACTION: 'clone: landed' };
  if (tree === undefined) {
    return inMirror(context, args, { gitDir: context.identity.gitDir, asUser: true, environment });
  }
  const { adminDir, folder } = tree;
  return inMirror(context, args, { gitDir: adminDir, workTree: folder, asUser: true, environment });
}
