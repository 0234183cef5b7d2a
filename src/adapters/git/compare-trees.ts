import type { Sha } from '../../domain/repo.ts';
import type { LooseObjects } from './loose-objects.ts';
import { folderMode, type TreeEntry, treeEntries } from './tree-entries.ts';

/** A path that two trees do not agree about; `id` and `mode` are the later tree's, undefined: it is gone. */
export interface Difference {
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'deleted';
  readonly id: Sha | undefined;
  readonly mode: string | undefined;
}

/**
 * What differs between two trees of ours, file by file, without a process. Undefined when a tree that has to be looked
 * into does not lie loose, as those that we wrote ourselves do.
 */
export function compareTrees(objects: LooseObjects, from: Sha, to: Sha): readonly Difference[] | undefined {
  const found: Difference[] = [];
  const open: (readonly [folder: string, from: Sha | undefined, to: Sha | undefined])[] = [['', from, to]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [folder, earlier, later] = next;
    const before = treeEntries(objects, earlier);
    const after = treeEntries(objects, later);
    if (before === undefined || after === undefined) return undefined;
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(name), after.get(name)];
      if (was?.id === is?.id && was?.mode === is?.mode) continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      const [tree, file] = [treeOf(was), fileOf(was)];
      if (tree !== undefined || treeOf(is) !== undefined) open.push([path, tree, treeOf(is)]);
      const fresh = fileOf(is);
      if (file === undefined && fresh === undefined) continue;
      const kind = file === undefined ? 'added' : fresh === undefined ? 'deleted' : 'changed';
      found.push({ path, kind, id: fresh?.id, mode: fresh?.mode });
    }
  }
  return found;
}

function treeOf(entry: TreeEntry | undefined): Sha | undefined {
  return entry?.mode === folderMode ? entry.id : undefined;
}

function fileOf(entry: TreeEntry | undefined): TreeEntry | undefined {
  return entry?.mode === folderMode ? undefined : entry;
}
