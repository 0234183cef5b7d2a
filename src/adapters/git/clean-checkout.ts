import { lstatSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import { type Index, type IndexEntry, readWholeIndex } from './index-file.ts';

/** A look at each of them is cheap; at very many of them it is better made in a process of its own. */
const mostEntries = 5_000;

/**
 * True when it is certain, from the index alone, that a work tree is what the commit with this tree is: nothing is
 * staged, and every file is as git saw it last. False says nothing: `git status` has to look.
 */
export function isSurelyClean(
  tree: { folder: string; adminDir: string },
  expected: Sha,
  hashBytes: number,
): boolean {
  const file = path.join(tree.adminDir, 'index');
  try {
    const index = readWholeIndex(file, hashBytes);
    if (index === undefined || !mayBeTrusted(index) || index.trees.get('') !== expected) return false;
    const written = statSync(file, { bigint: true }).mtimeNs;
    return index.entries.every((entry) => isUntouched(tree.folder, entry, written));
  } catch {
    return false;
  }
}

/** A submodule has a state of its own. */
function mayBeTrusted({ entries, partial }: Index): boolean {
  const plain = entries.every(({ special, mode }) => !special && (mode & 0o170000) !== 0o160000);
  return plain && !partial && entries.length <= mostEntries;
}

const second = 1_000_000_000n;
const low = 0xffffffffn;

/** A file that was written in the same moment as the index, or later, may have changed unseen. */
function isUntouched(folder: string, { name, stat, mode }: IndexEntry, indexWritten: bigint): boolean {
  const seen = lstatSync(path.join(folder, name.toString('utf8')), { bigint: true, throwIfNoEntry: false });
  if (seen === undefined || seen.mtimeNs >= indexWritten) return false;
  const now = [
    seen.ctimeNs / second,
    seen.ctimeNs % second,
    seen.mtimeNs / second,
    seen.mtimeNs % second,
    seen.dev,
    seen.ino,
  ];
  const isSame = now.every((value, at) => BigInt(stat.readUInt32BE(at * 4)) === (value & low));
  const rest = [seen.uid, seen.gid, seen.size].every(
    (value, at) => BigInt(stat.readUInt32BE(28 + at * 4)) === (value & low),
  );
  return isSame && rest && isSameKind(Number(seen.mode), mode);
}

function isSameKind(seen: number, mode: number): boolean {
  const isLink = (seen & 0o170000) === 0o120000;
  const isFile = (seen & 0o170000) === 0o100000;
  if (isLink) return mode === 0o120000;
  return isFile && mode === ((seen & 0o100) === 0 ? 0o100644 : 0o100755);
}
