import type { Sha } from '../../domain/repo.ts';
import type { LooseObjects } from './loose-objects.ts';

export interface TreeEntry {
  readonly id: Sha;
  readonly mode: string;
}

export const folderMode = '40000';

/**
 * What stands in a tree, by name. Not every name is text: they are bytes (latin1), so that none is taken for another. No
 * tree has no entries; undefined: it does not lie loose.
 */
export function treeEntries(
  objects: LooseObjects,
  tree: Sha | undefined,
): Map<string, TreeEntry> | undefined {
  if (tree === undefined) return new Map();
  const body = objects.read('tree', tree);
  if (body === undefined) return undefined;
  const entries = new Map<string, TreeEntry>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const end = body.indexOf(0, space);
    const next = end + 1 + objects.hashBytes;
    entries.set(body.toString('latin1', space + 1, end), {
      mode: body.toString('latin1', at, space),
      id: body.toString('hex', end + 1, next),
    });
    at = next;
  }
  return entries;
}
