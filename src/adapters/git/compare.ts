import type { FileChange } from '../../domain/change.ts';
import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { gitFailure } from './explain.ts';
import type { Comparison, MirrorContext } from './mirror-context.ts';
import { inMirror } from './mirror-context.ts';

/** Larger ones are rare, and are asked for when somebody wants them. */
const mostPatchBytes = 1024 * 1024;

/** Compares two commits once: the files, their new contents by id, and the patch where it is small, in one process. */
export async function compare(
  context: MirrorContext,
  from: Sha,
  to: Sha,
): Promise<Result<Comparison, GitFailure>> {
  const pair = `${from}..${to}`;
  const known = context.compared.get(pair);
  if (known) return ok(known);
  const args = ['diff-tree', '-r', '-M', '-z', '--raw', '--numstat'];
  const all = await inMirror(context, [...args, '-p', from, to], { maxBytes: mostPatchBytes });
  const out = all.cut ? await inMirror(context, [...args, from, to]) : all;
  if (!out.ok) return failed(gitFailure(`comparing ${from} with ${to}`, out.stderr));
  const { files, rest } = parseComparison(out.stdout);
  const comparison: Comparison = { files, patch: all.cut ? undefined : rest };
  context.compared.set(pair, comparison);
  return ok(comparison);
}

const statusByLetter: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  C: 'added',
  D: 'deleted',
  R: 'renamed',
  T: 'type-changed',
};

/** All raw records come first, then all counts, in the same order; NUL ends each part. What is left is the patch. */
function parseComparison(text: string): { files: Comparison['files']; rest: string } {
  const parts = text.split('\0');
  const files: { change: Omit<FileChange, 'added' | 'deleted'>; id: string; mode: string }[] = [];
  let at = 0;
  while (parts[at]?.startsWith(':') === true) {
    const [, mode = '', , id = '', letters = ''] = parts[at]?.split(' ') ?? [];
    const letter = letters.charAt(0);
    const two = letter === 'R' || letter === 'C';
    const [first = '', second = ''] = [parts[at + 1], parts[at + 2]];
    const status = statusByLetter[letter] ?? 'modified';
    const change = { path: two ? second : first, oldPath: two ? first : undefined, status };
    files.push({ change, id, mode });
    at += two ? 3 : 2;
  }
  const counted = files.map(({ change, id, mode }) => {
    const [added, deleted, name] = (parts[at] ?? '').split('\t');
    at += name === '' ? 3 : 1;
    return { change: { ...change, added: toCount(added), deleted: toCount(deleted) }, id, mode };
  });
  return { files: counted, rest: parts.slice(at + 1).join('\0') };
}

/** A binary file has `-` for a count. */
function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
