import type { Sha } from '../../domain/repo.ts';
import { inMirror, type MirrorContext } from './mirror-context.ts';

const mostBytes = 256 * 1024;

/** Comments in the code that say what is left to do, with their place; a few of each file. */
export async function todos(
  context: MirrorContext,
  sha: Sha,
): Promise<readonly { file: string; line: number; text: string }[]> {
  const search = ['grep', '-z', '-n', '-I', '-E', '--max-count=3', '(^|[^A-Za-z])(TODO|FIXME)(\\(|:)'];
  const where = ['--', ':(top)', ':(top,exclude,glob)**/*.md', ':(top,exclude,glob)**/vendor/**'];
  const out = await inMirror(context, [...search, sha, ...where], { maxBytes: mostBytes });
  return out.stdout.split('\n').flatMap((row) => {
    const [place = '', line = '', text] = row.split('\0');
    if (text === undefined || !place.startsWith(`${sha}:`) || !/^\d+$/.test(line)) return [];
    return [{ file: place.slice(sha.length + 1), line: Number(line), text: text.slice(0, 500) }];
  });
}
