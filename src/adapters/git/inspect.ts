import { randomBytes } from 'node:crypto';
import type { Change } from '../../domain/change.ts';
import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { compare } from './compare.ts';
import { gitFailure } from './explain.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror } from './mirror-context.ts';
import { type CommitFacts, ownCommits } from './own-commits.ts';

/** What differs between two commits, file by file. */
export async function change(
  context: MirrorContext,
  from: Sha,
  to: Sha,
): Promise<Result<Change, GitFailure>> {
  const compared = await compare(context, from, to);
  if (!compared.ok) return compared;
  return ok({ from, to, files: compared.value.files.map((file) => file.change) });
}

/** The unified diff, cut at `maxBytes`. */
export async function diff(
  context: MirrorContext,
  from: Sha,
  to: Sha,
  maxBytes: number,
): Promise<Result<string, GitFailure>> {
  const known = context.compared.get(`${from}..${to}`)?.patch;
  if (known !== undefined && Buffer.byteLength(known) <= maxBytes) return ok(known);
  const out = await inMirror(context, ['diff-tree', '-r', '-M', '-p', from, to], { maxBytes });
  return out.ok ? ok(out.stdout) : failed(gitFailure(`comparing ${from} with ${to}`, out.stderr));
}

/** The commits that `to` has and `from` has not, oldest first. */
export async function commits(
  context: MirrorContext,
  from: Sha,
  to: Sha,
): Promise<Result<readonly CommitFacts[], GitFailure>> {
  const own = await ownCommits(context, from, to);
  if (own !== undefined) return own;
  // Messages and file names are anybody's text: only a mark that nobody could foresee separates the commits.
  const mark = randomBytes(16).toString('hex');
  const format = `--format=${mark}%H%x00%s%x00%an <%ae>%x00%B%x00`;
  const order = ['--reverse', '--topo-order'];
  const out = await inMirror(context, ['log', ...order, '-z', '-M', '--name-only', format, `${from}..${to}`]);
  if (!out.ok) return failed(gitFailure(`listing ${from}..${to}`, out.stderr));
  const records = out.stdout.split(mark).slice(1);
  return ok(
    records.map((record) => {
      const [sha = '', subject = '', author = '', message = '', ...names] = record.split('\0');
      // An empty line stands before the first name.
      const [first = '', ...others] = names.filter((name) => name !== '' && name !== '\n');
      const paths = first === '' ? [] : [first.replace(/^\n/, ''), ...others].toSorted();
      return { sha, subject, message, author, files: paths.length, paths };
    }),
  );
}

/** Text of a file at a commit; undefined: no such file, or over `maxBytes`. */
export async function readFile(
  context: MirrorContext,
  sha: Sha,
  path: string,
  maxBytes = 1024 * 1024,
): Promise<string | undefined> {
  const out = await inMirror(context, ['cat-file', 'blob', `${sha}:${path}`], { maxBytes });
  return out.ok && !out.cut ? out.stdout : undefined;
}

/** Paths directly below a folder at a commit. */
export async function list(context: MirrorContext, sha: Sha, folder: string): Promise<readonly string[]> {
  const below = folder.replace(/\/+$/, '');
  const within = below === '' ? [] : [`${below}/`];
  const out = await inMirror(context, ['ls-tree', '-z', '--name-only', '--full-tree', sha, '--', ...within]);
  return out.ok ? out.stdout.split('\0').filter((name) => name !== '') : [];
}
