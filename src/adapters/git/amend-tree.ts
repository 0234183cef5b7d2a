import type { Sha } from '../../domain/repo.ts';
import type { LooseObjects } from './loose-objects.ts';
import { folderMode, type TreeEntry, treeEntries } from './tree-entries.ts';

const fileModes = ['100644', '100755'];

/**
 * The tree with these plain files in it, as `git add` would make it, without a process. Undefined where git has a say:
 * attributes may change what is stored, ignore rules may keep a new file out, a tree does not lie loose, or something
 * else than a file stands at that place.
 */
export function amendTree(
  objects: LooseObjects,
  tree: Sha | undefined,
  files: ReadonlyMap<string, string>,
): Sha | undefined {
  const entries = treeEntries(objects, tree);
  if (entries === undefined || entries.has('.gitattributes')) return undefined;
  const mayBeIgnored = entries.has('.gitignore');

  const below = new Map<string, Map<string, string>>();
  for (const [path, text] of files) {
    const [first, rest] = split(path);
    if (rest !== undefined) {
      below.set(first, new Map([...(below.get(first) ?? []), [rest, text]]));
      continue;
    }
    const there = entries.get(first);
    if (there === undefined ? mayBeIgnored : !fileModes.includes(there.mode)) return undefined;
    const id = objects.write('blob', Buffer.from(text));
    entries.set(first, { mode: there?.mode ?? '100644', id });
  }
  for (const [folder, inside] of below) {
    const there = entries.get(folder);
    // Whether something new in a folder is ignored depends on rules all the way up.
    if (mayBeIgnored || (there !== undefined && there.mode !== folderMode)) return undefined;
    const id = amendTree(objects, there?.id, inside);
    if (id === undefined) return undefined;
    entries.set(folder, { mode: folderMode, id });
  }
  return objects.write('tree', bodyOf(entries));
}

function split(path: string): readonly [first: string, rest: string | undefined] {
  const slash = path.indexOf('/');
  const name = slash < 0 ? path : path.slice(0, slash);
  return [Buffer.from(name).toString('latin1'), slash < 0 ? undefined : path.slice(slash + 1)];
}

/** In git's order, in which a folder is sorted as if its name ended in a slash. */
function bodyOf(entries: ReadonlyMap<string, TreeEntry>): Buffer {
  const key = ([name, { mode }]: readonly [string, TreeEntry]): string =>
    mode === folderMode ? `${name}/` : name;
  const sorted = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return Buffer.concat(
    sorted.flatMap(([name, { mode, id }]) => [
      Buffer.from(`${mode} ${name}\0`, 'latin1'),
      Buffer.from(id, 'hex'),
    ]),
  );
}
