import type { Sha } from '../../domain/repo.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { gitFailure } from './explain.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror } from './mirror-context.ts';

/**
 * The lines of a file (counted from 1) that a person wrote: those whose commit does not carry our session trailer.
 * Whose name a commit is under says nothing: clone may sign with the name of its user.
 */
export async function humanLines(
  context: MirrorContext,
  sha: Sha,
  path: string,
): Promise<Result<ReadonlySet<number>, GitFailure>> {
  const blamed = await inMirror(context, ['blame', '--porcelain', sha, '--', path]);
  if (!blamed.ok || blamed.cut) return failed(gitFailure(`asking who wrote ${path}`, blamed.stderr));
  const lines = linesOf(blamed.stdout);
  const format = '--format=%H%x00%(trailers:key=Clone-Session,valueonly,separator=%x20)%x00';
  const input = [...new Set(lines.map(({ commit }) => commit))].map((commit) => `${commit}\n`).join('');
  const logged = await inMirror(context, ['log', '-z', '--no-walk=unsorted', format, '--stdin'], { input });
  if (!logged.ok) return failed(gitFailure(`asking who wrote ${path}`, logged.stderr));
  const parts = logged.stdout.split('\0');
  const ours = new Set<Sha>();
  for (let at = 0; at + 1 < parts.length; at += 3) {
    if (parts[at + 1]?.trim() !== '') ours.add(parts[at] ?? '');
  }
  return ok(new Set(lines.filter(({ commit }) => !ours.has(commit)).map(({ line }) => line)));
}

/** Each line of the file has one header, `<commit> <line before> <line now> [<lines in group>]`; its text follows a tab. */
function linesOf(porcelain: string): readonly { commit: Sha; line: number }[] {
  const lines: { commit: Sha; line: number }[] = [];
  for (const header of porcelain.split('\n')) {
    const found = /^([0-9a-f]{40}|[0-9a-f]{64}) \d+ (\d+)(?: \d+)?$/.exec(header);
    if (found?.[1] !== undefined) lines.push({ commit: found[1], line: Number(found[2]) });
  }
  return lines;
}
