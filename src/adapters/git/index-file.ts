import { readFileSync } from 'node:fs';

/** What we need to know of an index that our own git wrote. */
export interface IndexFacts {
  /** Paths that are commits of another repository (submodules), not files. */
  readonly gitlinks: readonly string[];
  /** Those of the paths asked about that are plain files. */
  readonly files: readonly string[];
  /** The tree that the index is, when git has left it in the cache; undefined: it has to be written. */
  readonly tree: string | undefined;
}

/** One path of an index. */
export interface IndexEntry {
  readonly name: Buffer;
  readonly mode: number;
  readonly id: string;
  /** Not a file as any other: in conflict, promised but not added, or left out of the work tree. */
  readonly special: boolean;
  /** The ten numbers of 32 bits that begin the entry: what `stat` said when git last looked at the file. */
  readonly stat: Buffer;
}

export interface Index {
  readonly entries: readonly IndexEntry[];
  /** Trees that git has left in the cache, by folder; '' is the whole. */
  readonly trees: ReadonlyMap<string, string>;
  /** Extensions that change what the entries mean. */
  readonly partial: boolean;
}

const header = 12;
const fixedPart = 40;
const gitlink = 0o160000;
const plainFile = 0o100000;

/**
 * Reads an index (versions 2 and 3, as git writes them unless told otherwise) to save the processes
 * `ls-files -s` and `rev-parse ^{tree}`. `hashBytes` is 20, or 32 for sha256 repositories.
 */
export function readIndex(file: string, hashBytes = 20, askedAbout: readonly string[] = []): IndexFacts {
  const bytes = bytesOf(file);
  if (bytes === undefined) return { gitlinks: [], files: [], tree: undefined };
  const gitlinks: string[] = [];
  const files: string[] = [];
  const end = walk(bytes, file, hashBytes, ({ at, nameAt, nameEnd }) => {
    const kind = bytes.readUInt32BE(at + 24) & 0o170000;
    if (kind === gitlink) gitlinks.push(bytes.toString('utf8', nameAt, nameEnd));
    if (kind === plainFile && askedAbout.length > 0) {
      const name = bytes.toString('utf8', nameAt, nameEnd);
      if (askedAbout.includes(name)) files.push(name);
    }
  });
  return { gitlinks, files, tree: extensionsOf(bytes, end, hashBytes).trees.get('') };
}

/** Reads all of an index; undefined when there is none. */
export function readWholeIndex(file: string, hashBytes = 20): Index | undefined {
  const bytes = bytesOf(file);
  if (bytes === undefined) return undefined;
  const entries: IndexEntry[] = [];
  const end = walk(bytes, file, hashBytes, ({ at, nameAt, nameEnd, flags, more }) => {
    entries.push({
      name: bytes.subarray(nameAt, nameEnd),
      mode: bytes.readUInt32BE(at + 24),
      id: bytes.toString('hex', at + fixedPart, at + fixedPart + hashBytes),
      special: (flags & 0xb000) !== 0 || (more & 0x6000) !== 0,
      stat: bytes.subarray(at, at + fixedPart),
    });
  });
  return { entries, ...extensionsOf(bytes, end, hashBytes) };
}

function bytesOf(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    return bytes.length < header || bytes.toString('latin1', 0, 4) !== 'DIRC' ? undefined : bytes;
  } catch {
    return undefined;
  }
}

interface Place {
  readonly at: number;
  readonly nameAt: number;
  readonly nameEnd: number;
  readonly flags: number;
  readonly more: number;
}

/** Answers where the entries end. */
function walk(bytes: Buffer, file: string, hashBytes: number, each: (place: Place) => void): number {
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw new Error(`${file} is an index of version ${version}`);
  const count = bytes.readUInt32BE(8);
  let at = header;
  for (let entry = 0; entry < count; entry += 1) {
    const flagsAt = at + fixedPart + hashBytes;
    const flags = bytes.readUInt16BE(flagsAt);
    const isLong = (flags & 0x4000) !== 0;
    const nameAt = flagsAt + (isLong ? 4 : 2);
    const nameEnd = bytes.indexOf(0, nameAt);
    if (nameEnd < 0) throw new Error(`${file} ends in the middle of an entry`);
    each({ at, nameAt, nameEnd, flags, more: isLong ? bytes.readUInt16BE(flagsAt + 2) : 0 });
    at += Math.floor((nameEnd - at + 8) / 8) * 8;
  }
  return at;
}

function extensionsOf(bytes: Buffer, from: number, hashBytes: number): Pick<Index, 'trees' | 'partial'> {
  let trees = new Map<string, string>();
  let partial = false;
  for (let at = from; at + 8 <= bytes.length - hashBytes; at += 8 + bytes.readUInt32BE(at + 4)) {
    const name = bytes.toString('latin1', at, at + 4);
    if (name === 'TREE') trees = cachedTrees(bytes, at + 8, hashBytes);
    // Extensions in small letters must be understood: a split index, a sparse one.
    else if (name.charAt(0) === name.charAt(0).toLowerCase()) partial = true;
  }
  return { trees, partial };
}

/** A tree: its name, `<entries> <subtrees>`, its id when it is valid; then its subtrees, each with all below it. */
function cachedTrees(bytes: Buffer, from: number, hashBytes: number): Map<string, string> {
  const trees = new Map<string, string>();
  let at = from;
  function read(below: string): void {
    const nameEnd = bytes.indexOf(0, at);
    const name = below + bytes.toString('latin1', at, nameEnd);
    const lineEnd = bytes.indexOf(0x0a, nameEnd);
    const [entries, subtrees] = bytes
      .toString('latin1', nameEnd + 1, lineEnd)
      .split(' ')
      .map(Number);
    at = lineEnd + 1;
    if ((entries ?? -1) >= 0) {
      trees.set(name, bytes.toString('hex', at, at + hashBytes));
      at += hashBytes;
    }
    for (let count = 0; count < (subtrees ?? 0); count += 1) read(name === '' ? '' : `${name}/`);
  }
  read('');
  return trees;
}
