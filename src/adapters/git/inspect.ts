import { randomBytes } from 'node:crypto';
import type { Change, FileChange } from '../../domain/change.ts';
import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { gitFailure } from './explain.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror } from './mirror-context.ts';

/** What differs between two commits, file by file, in one process. */
export async function change(
  context: MirrorContext,
  from: Sha,
  to: Sha,
): Promise<Result<Change, GitFailure>> {
  const out = await inMirror(context, ['diff-tree', '-r', '-M', '-z', '--raw', '--numstat', from, to]);
  if (!out.ok) return failed(gitFailure(`comparing ${from} with ${to}`, out.stderr));
  return ok({ from, to, files: parseChange(out.stdout) });
}

const statusByLetter: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  C: 'added',
  D: 'deleted',
  R: 'renamed',
  T: 'type-changed',
};

/** All raw records come first, then all counts, in the same order; NUL ends each part. */
function parseChange(text: string): FileChange[] {
  const parts = text.split('\0');
  const files: { path: string; oldPath: string | undefined; status: FileChange['status'] }[] = [];
  let at = 0;
  while (parts[at]?.startsWith(':') === true) {
    const letter = parts[at]?.split(' ')[4]?.charAt(0) ?? '';
    const two = letter === 'R' || letter === 'C';
    const [first = '', second = ''] = [parts[at + 1], parts[at + 2]];
    const status = statusByLetter[letter] ?? 'modified';
    files.push({ path: two ? second : first, oldPath: two ? first : undefined, status });
    at += two ? 3 : 2;
  }
  return files.map((file) => {
    const [added, deleted, name] = (parts[at] ?? '').split('\t');
    at += name === '' ? 3 : 1;
    return { ...file, added: toCount(added), deleted: toCount(deleted) };
  });
}

/** A binary file has `-` for a count. */
function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The unified diff, cut at `maxBytes`. */
export async function diff(
  context: MirrorContext,
  from: Sha,
  to: Sha,
  maxBytes: number,
): Promise<Result<string, GitFailure>> {
  const out = await inMirror(context, ['diff-tree', '-r', '-M', '-p', from, to], { maxBytes });
  return out.ok ? ok(out.stdout) : failed(gitFailure(`comparing ${from} with ${to}`, out.stderr));
}

export interface CommitFacts {
  readonly sha: Sha;
  readonly subject: string;
  readonly message: string;
  readonly author: string;
  readonly files: number;
}

/** The commits that `to` has and `from` has not, oldest first. */
export async function commits(
  context: MirrorContext,
  from: Sha,
  to: Sha,
): Promise<Result<readonly CommitFacts[], GitFailure>> {
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
      const files = names.filter((name) => name.trim() !== '').length;
      return { sha, subject, message, author, files };
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
