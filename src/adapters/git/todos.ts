import type { Sha } from '../../domain/repo.ts';
import type { Todo } from '../../ports/mirrors.ts';
import { readWholeIndex } from './index-file.ts';
import { inMirror, type MirrorContext } from './mirror-context.ts';
import { readPlain } from './plain-files.ts';
import type { OpenWorkspace } from './workspace-files.ts';

const mostBytes = 256 * 1024;
const mostOfOne = 3;
const mark = '(^|[^A-Za-z])(TODO|FIXME)(\\(|:)';

/** Comments in the code that say what is left to do, with their place; a few of each file. */
export async function todos(open: OpenWorkspace, tip: Sha): Promise<readonly Todo[]> {
  const few = fewFiles(open);
  if (few === undefined) return await searched(open.context, tip);
  const found = [];
  for (const file of few) found.push(...(await inFile(open.folder, file)));
  return found;
}

/** So few that looking into each costs less than a start of git. */
const mostFiles = 50;

/** Files of a small repository that are code; undefined: it is not small, or not plain. */
function fewFiles(open: OpenWorkspace): readonly string[] | undefined {
  const index = readWholeIndex(open.indexFile, open.context.objects.hashBytes);
  if (index === undefined || index.partial || index.entries.length > mostFiles) return undefined;
  const names = index.entries.map(({ name }) => name.toString('utf8'));
  return names.filter((name) => !name.endsWith('.md') && !/(?:^|\/)vendor\//.test(name));
}

async function inFile(folder: string, file: string): Promise<readonly Todo[]> {
  const found = await readPlain(folder, file, mostBytes);
  // Git, too, takes a file for binary by its first 8,000 bytes.
  if (found.kind !== 'file' || found.bytes.subarray(0, 8000).includes(0)) return [];
  const isOne = new RegExp(mark);
  return Buffer.from(found.bytes)
    .toString('utf8')
    .split('\n')
    .flatMap((text, before) => (isOne.test(text) ? [todoAt(file, before + 1, text)] : []))
    .slice(0, mostOfOne);
}

async function searched(context: MirrorContext, sha: Sha): Promise<readonly Todo[]> {
  const search = ['grep', '-z', '-n', '-I', '-E', `--max-count=${mostOfOne}`, mark];
  const where = ['--', ':(top)', ':(top,exclude,glob)**/*.md', ':(top,exclude,glob)**/vendor/**'];
  const out = await inMirror(context, [...search, sha, ...where], { maxBytes: mostBytes });
  return out.stdout.split('\n').flatMap((row) => {
    const [place = '', line = '', text] = row.split('\0');
    if (text === undefined || !place.startsWith(`${sha}:`) || !/^\d+$/.test(line)) return [];
    return [todoAt(place.slice(sha.length + 1), Number(line), text)];
  });
}

function todoAt(file: string, line: number, text: string): Todo {
  return { file, line, text: text.slice(0, 500) };
}
