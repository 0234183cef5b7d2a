import type { Sha } from '../../domain/repo.ts';
import type { LooseObjects } from './loose-objects.ts';

/** A path that two trees do not agree about; `id` and `mode` are the later tree's, undefined: it is gone. */
export interface Difference {
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'deleted';
  readonly id: Sha | undefined;
  readonly mode: string | undefined;
}

interface Entry {
  readonly id: Sha;
  readonly mode: string;
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
    const before = entriesOf(objects, earlier);
    const after = entriesOf(objects, later);
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

const folderMode = '40000';

function treeOf(entry: Entry | undefined): Sha | undefined {
  return entry?.mode === folderMode ? entry.id : undefined;
}

function fileOf(entry: Entry | undefined): Entry | undefined {
  return entry?.mode === folderMode ? undefined : entry;
}

/** No tree has no entries; undefined: it is not to be had here. */
function entriesOf(objects: LooseObjects, tree: Sha | undefined): Map<string, Entry> | undefined {
  if (tree === undefined) return new Map();
  const body = objects.read('tree', tree);
  if (body === undefined) return undefined;
  const entries = new Map<string, Entry>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const end = body.indexOf(0, space);
    const next = end + 1 + objects.hashBytes;
    // Not every name is text: as bytes, none is taken for another.
    entries.set(body.toString('latin1', space + 1, end), {
      mode: body.toString('latin1', at, space),
      id: body.toString('hex', end + 1, next),
    });
    at = next;
  }
  return entries;
}
