import { readFile } from 'node:fs/promises';

/** What we need to know of an index that our own git wrote. */
export interface IndexFacts {
  /** Paths that are commits of another repository (submodules), not files. */
  readonly gitlinks: readonly string[];
  /** The tree that the index is, when git has left it in the cache; undefined: it has to be written. */
  readonly tree: string | undefined;
}

const nothing: IndexFacts = { gitlinks: [], tree: undefined };
const header = 12;
const fixedPart = 40;

/**
 * Reads an index (versions 2 and 3, as git writes them unless told otherwise) to save the processes
 * `ls-files -s` and `rev-parse ^{tree}`. `hashBytes` is 20, or 32 for sha256 repositories.
 */
export async function readIndex(file: string, hashBytes = 20): Promise<IndexFacts> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined || bytes.length < header || bytes.toString('latin1', 0, 4) !== 'DIRC')
    return nothing;
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw new Error(`${file} is an index of version ${version}`);
  const count = bytes.readUInt32BE(8);

  const gitlinks: string[] = [];
  let at = header;
  for (let entry = 0; entry < count; entry += 1) {
    const flags = bytes.readUInt16BE(at + fixedPart + hashBytes);
    const nameAt = at + fixedPart + hashBytes + ((flags & 0x4000) === 0 ? 2 : 4);
    const end = bytes.indexOf(0, nameAt);
    if (end < 0) throw new Error(`${file} ends in the middle of an entry`);
    if ((bytes.readUInt32BE(at + 24) & 0o170000) === 0o160000)
      gitlinks.push(bytes.toString('utf8', nameAt, end));
    at += Math.floor((end - at + 8) / 8) * 8;
  }
  return { gitlinks, tree: cachedTree(bytes, at, hashBytes) };
}

/** The TREE extension starts with the root: an empty name, `<entries> <subtrees>`, its id. */
function cachedTree(bytes: Buffer, from: number, hashBytes: number): string | undefined {
  let at = from;
  while (at + 8 <= bytes.length - hashBytes) {
    const size = bytes.readUInt32BE(at + 4);
    if (bytes.toString('latin1', at, at + 4) === 'TREE') {
      const line = bytes.indexOf(0x0a, at + 9);
      const [entries = '-1'] = bytes.toString('latin1', at + 9, line).split(' ');
      return Number(entries) < 0 ? undefined : bytes.toString('hex', line + 1, line + 1 + hashBytes);
    }
    at += 8 + size;
  }
  return undefined;
}
