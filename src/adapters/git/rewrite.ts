import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { Author, GitFailure } from '../../ports/mirrors.ts';
import { gitFailure } from './explain.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror, scratchFolder, signedBy } from './mirror-context.ts';
import { writeRepository } from './repository-folder.ts';
import type { GitOutput } from './run-git.ts';

/** Puts the commits `from..to` onto `onto`, keeping author and message; those that become empty are dropped. */
export async function rebase(
  context: MirrorContext,
  from: Sha,
  to: Sha,
  onto: Sha,
): Promise<Result<readonly { old: Sha; now: Sha }[], GitFailure>> {
  const listed = await inMirror(context, ['rev-list', '--reverse', '--topo-order', `${from}..${to}`]);
  if (!listed.ok) return failed(gitFailure(`listing ${from}..${to}`, listed.stderr));
  const pairs: { old: Sha; now: Sha }[] = [];
  const done = await replay(context, onto, listed.stdout.split('\n').filter(Boolean), {
    command: 'cherry-pick',
    describe: (old) => readCommit(context, old),
    made: (old, now) => {
      pairs.push({ old, now });
    },
  });
  return done.ok ? ok(pairs) : done;
}

/** Takes back `shas`, newest first, each as a commit of ours on top of `onto`; answers the last of them. */
export async function revert(
  context: MirrorContext,
  shas: readonly Sha[],
  onto: Sha,
  message: (sha: Sha) => string,
): Promise<Result<Sha, GitFailure>> {
  const reverted = await replay(context, onto, shas, {
    command: 'revert',
    describe: (sha) =>
      Promise.resolve(ok({ message: message(sha), author: context.author, date: undefined })),
    made: () => undefined,
  });
  if (!reverted.ok || !emptyTrees.has(context.trees.get(reverted.value) ?? '')) return reverted;
  return failed({ kind: 'git', message: 'taking it back would leave a repository without a single file' });
}

/** The tree without entries, in both formats of ids. */
const emptyTrees: ReadonlySet<string> = new Set([
  '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
]);

interface Description {
  readonly message: string;
  readonly author: Author;
  readonly date: string | undefined;
}

interface Replay {
  readonly command: 'cherry-pick' | 'revert';
  readonly describe: (sha: Sha) => Promise<Result<Description, GitFailure>>;
  readonly made: (old: Sha, now: Sha) => void;
}

/** Works in a repository and a work tree that are thrown away; what it makes goes into the mirror. */
async function replay(
  context: MirrorContext,
  onto: Sha,
  shas: readonly Sha[],
  { command, describe, made }: Replay,
): Promise<Result<Sha, GitFailure>> {
  await using scratch = scratchFolder(context);
  const gitDir = path.join(scratch.folder, 'repo.git');
  const workTree = path.join(scratch.folder, 'tree');
  await mkdir(workTree);
  await writeRepository({ gitDir, head: onto, bare: false, sha256: context.sha256 });
  const objects = { GIT_OBJECT_DIRECTORY: path.join(context.gitDir, 'objects') };
  const git = (
    args: readonly string[],
    call: { input?: string; environment?: Record<string, string> } = {},
  ) => context.run(args, { ...call, gitDir, workTree, environment: { ...objects, ...call.environment } });

  const filled = await git(['read-tree', '-u', '--reset', onto]);
  if (!filled.ok) return failed(gitFailure(`checking out ${onto}`, filled.stderr));
  let tip = onto;
  let treeOfTip = (await git(['write-tree'])).stdout.trim();
  for (const sha of shas) {
    const identity = signedBy(context.author);
    const applied = await git([command, '--no-commit', sha], { environment: identity });
    if (!applied.ok) return failed(await whyNot(git, `${command} of ${sha}`, applied));
    const tree = await git(['write-tree']);
    if (!tree.ok) return failed(gitFailure(`${command} of ${sha}`, tree.stderr));
    if (tree.stdout.trim() === treeOfTip) continue;
    const described = await describe(sha);
    if (!described.ok) return described;
    const { message, author, date } = described.value;
    const environment = signedBy(context.author, author, date);
    const commit = ['commit-tree', tree.stdout.trim(), '-p', tip, '-F', '-'];
    const commitOut = await git(commit, { input: message, environment });
    if (!commitOut.ok) return failed(gitFailure(`${command} of ${sha}`, commitOut.stderr));
    treeOfTip = tree.stdout.trim();
    context.parents.set(commitOut.stdout.trim(), tip);
    context.trees.set(commitOut.stdout.trim(), treeOfTip);
    tip = commitOut.stdout.trim();
    made(sha, tip);
  }
  return ok(tip);
}

async function whyNot(
  git: (args: readonly string[]) => Promise<GitOutput>,
  what: string,
  applied: GitOutput,
): Promise<GitFailure> {
  const unmerged = await git(['diff', '--name-only', '--diff-filter=U', '-z']);
  const paths = unmerged.stdout.split('\0').filter(Boolean);
  if (!unmerged.ok || paths.length === 0) return gitFailure(what, applied.stderr);
  return { kind: 'conflict', message: `${what} conflicts in ${paths.join(', ')}`, paths };
}

/** Author, author's date and message as they stand in the commit. */
async function readCommit(context: MirrorContext, sha: Sha): Promise<Result<Description, GitFailure>> {
  const out = await inMirror(context, ['cat-file', 'commit', sha]);
  if (!out.ok) return failed(gitFailure(`reading ${sha}`, out.stderr));
  const end = out.stdout.indexOf('\n\n');
  const author = /^author (.*) <([^>]*)> (\d+ [+-]\d{4})$/m.exec(out.stdout.slice(0, end));
  if (!author) return failed({ kind: 'git', message: `${sha} has no author that could be read` });
  const [, name = '', email = '', date = ''] = author;
  // Git refuses a name without a letter in it.
  const who = { name: name.trim() === '' ? 'unknown' : name, email };
  return ok({ message: out.stdout.slice(end + 2), author: who, date: `@${date}` });
}
