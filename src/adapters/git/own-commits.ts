import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { ok } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { subjectOf } from './commit-object.ts';
import { compare } from './compare.ts';
import { compareTrees, type Difference } from './compare-trees.ts';
import type { MadeCommit, MirrorContext } from './mirror-context.ts';

export interface CommitFacts {
  readonly sha: Sha;
  readonly subject: string;
  readonly message: string;
  readonly author: string;
  readonly files: number;
  readonly paths: readonly string[];
}

/** The commits `from..to`, oldest first, that we made just now and know by heart; undefined: git has to say. */
export async function ownCommits(
  context: MirrorContext,
  from: Sha,
  to: Sha,
): Promise<Result<readonly CommitFacts[], GitFailure> | undefined> {
  const facts: CommitFacts[] = [];
  for (let sha = to; sha !== from; ) {
    const made = context.made.get(sha);
    if (made === undefined) return undefined;
    const changed = await changedFiles(context, made, sha);
    if (!changed.ok) return changed;
    const { message, author, parent } = made;
    const paths = changed.value.toSorted();
    facts.unshift({ sha, subject: subjectOf(message), message, author, files: paths.length, paths });
    sha = parent;
  }
  return ok(facts);
}

async function changedFiles(
  context: MirrorContext,
  made: MadeCommit,
  sha: Sha,
): Promise<Result<readonly string[], GitFailure>> {
  const files = context.compared.has(`${made.parent}..${sha}`) ? undefined : differences(context, made);
  // One that went and one that came may be one that was renamed, which is for git to say.
  const mayBeRenamed = ['added', 'deleted'].every((kind) => files?.some((file) => file.kind === kind));
  if (files !== undefined && !mayBeRenamed) return ok(files.map(({ path }) => asText(path)));
  const compared = await compare(context, made.parent, sha);
  return compared.ok ? ok(compared.value.files.map(({ change: { path } }) => path)) : compared;
}

/** Trees have bytes for names. */
function asText(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}

/** What a commit of ours did to the files, where both trees lie loose in the mirror. */
function differences(
  context: MirrorContext,
  { parent, tree }: MadeCommit,
): readonly Difference[] | undefined {
  const before = context.trees.get(parent);
  return before === undefined ? undefined : compareTrees(context.objects, before, tree);
}

/** The files that a commit of ours brought, by id, and every path that it touched; undefined: not to be known. */
export async function broughtBy(
  context: MirrorContext,
  made: MadeCommit,
  sha: Sha,
): Promise<{ ids: readonly Sha[]; paths: readonly string[] } | undefined> {
  const own = differences(context, made);
  if (own) return { ids: own.flatMap(newFile), paths: own.map((file) => file.path) };
  const compared = await compare(context, made.parent, sha);
  if (!compared.ok) return undefined;
  const { files } = compared.value;
  const paths = files.flatMap(({ change: { path, oldPath } }) => [path, oldPath ?? path]);
  // A name that is no text cannot be found again.
  if (paths.some((path) => path.includes('\uFFFD'))) return undefined;
  return {
    ids: files.flatMap(({ id, mode, change: { status } }) => newFile({ id, mode, kind: status })),
    // As trees have them: bytes.
    paths: paths.map((path) => Buffer.from(path).toString('latin1')),
  };
}

const submodule = '160000';

/** A submodule is a commit of another repository. */
function newFile({ id, mode, kind }: { id: Sha | undefined; mode: string | undefined; kind: string }): Sha[] {
  return id === undefined || kind === 'deleted' || mode === submodule ? [] : [id];
}
