import type { Sha } from '../../domain/repo.ts';
import type { Index, IndexEntry } from './index-file.ts';
import type { LooseObjects } from './loose-objects.ts';

const slash = 0x2f;

/**
 * Writes the trees of an index as `git write-tree` would, and answers the root. Undefined where that is not for us to
 * say: a conflict in it, an entry that is only promised, an index that holds only a part.
 */
export function writeTrees(objects: LooseObjects, index: Index): Sha | undefined {
  const { entries, trees, partial } = index;
  if (partial || entries.some(({ special, mode }) => special || (mode & 0o170000) === 0o040000)) {
    return undefined;
  }

  /** The tree of `entries[from..to]`, which all begin with the same `depth` bytes, the folder. */
  function writeTree(from: number, to: number, depth: number): Sha {
    const known = trees.get(folderOf(entries[from], depth));
    if (known !== undefined) return known;
    const parts: Buffer[] = [];
    for (let at = from; at < to; ) {
      const entry = entries[at];
      if (entry === undefined) break;
      const end = entry.name.indexOf(slash, depth);
      if (end < 0) {
        parts.push(lineOf(entry.mode, entry.name.subarray(depth), entry.id));
        at += 1;
        continue;
      }
      const next = endOfFolder(entries, at, to, end + 1);
      parts.push(lineOf(0o040000, entry.name.subarray(depth, end), writeTree(at, next, end + 1)));
      at = next;
    }
    return objects.write('tree', Buffer.concat(parts));
  }
  return writeTree(0, entries.length, 0);
}

function folderOf(entry: IndexEntry | undefined, depth: number): string {
  return entry === undefined || depth === 0 ? '' : entry.name.toString('latin1', 0, depth - 1);
}

function lineOf(mode: number, name: Buffer, id: Sha): Buffer {
  return Buffer.concat([Buffer.from(`${mode.toString(8)} `), name, Buffer.from([0]), Buffer.from(id, 'hex')]);
}

/** Names are in order, so what lies in one folder stands together. */
function endOfFolder(entries: readonly IndexEntry[], from: number, to: number, depth: number): number {
  const folder = entries[from]?.name.subarray(0, depth);
  let at = from + 1;
  while (at < to && folder !== undefined && entries[at]?.name.subarray(0, depth).equals(folder)) at += 1;
  return at;
}
