import type { Sha } from '../../domain/repo.ts';
import type { LooseObjects } from './loose-objects.ts';

interface Line {
  /** As bytes in latin1: not every name is text. */
  readonly name: string;
  readonly mode: string;
  readonly id: Sha;
}

const folderMode = '40000';
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
  const lines = tree === undefined ? new Map<string, Line>() : linesOf(objects, tree);
  if (lines === undefined) return undefined;
  const mayBeIgnored = lines.has('.gitignore');
  if (lines.has('.gitattributes')) return undefined;

  const below = new Map<string, Map<string, string>>();
  for (const [path, text] of files) {
    const [first, rest] = split(path);
    if (rest !== undefined) {
      below.set(first, new Map([...(below.get(first) ?? []), [rest, text]]));
      continue;
    }
    const there = lines.get(first);
    if (there === undefined ? mayBeIgnored : !fileModes.includes(there.mode)) return undefined;
    const id = objects.write('blob', Buffer.from(text));
    lines.set(first, { name: first, mode: there?.mode ?? '100644', id });
  }
  for (const [folder, inside] of below) {
    const there = lines.get(folder);
    // Whether something new in a folder is ignored depends on rules all the way up.
    if (mayBeIgnored || (there !== undefined && there.mode !== folderMode)) return undefined;
    const id = amendTree(objects, there?.id, inside);
    if (id === undefined) return undefined;
    lines.set(folder, { name: folder, mode: folderMode, id });
  }
  return objects.write('tree', bodyOf([...lines.values()]));
}

function split(path: string): readonly [first: string, rest: string | undefined] {
  const slash = path.indexOf('/');
  const name = slash < 0 ? path : path.slice(0, slash);
  return [Buffer.from(name).toString('latin1'), slash < 0 ? undefined : path.slice(slash + 1)];
}

function linesOf(objects: LooseObjects, tree: Sha): Map<string, Line> | undefined {
  const body = objects.read('tree', tree);
  if (body === undefined) return undefined;
  const lines = new Map<string, Line>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(0x20, at);
    const end = body.indexOf(0, space);
    const next = end + 1 + objects.hashBytes;
    const name = body.toString('latin1', space + 1, end);
    const mode = body.toString('latin1', at, space);
    lines.set(name, { name, mode, id: body.toString('hex', end + 1, next) });
    at = next;
  }
  return lines;
}

/** In git's order, in which a folder is sorted as if its name ended in a slash. */
function bodyOf(lines: readonly Line[]): Buffer {
  const key = ({ name, mode }: Line): string => (mode === folderMode ? `${name}/` : name);
  const sorted = lines.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  return Buffer.concat(
    sorted.flatMap(({ name, mode, id }) => [
      Buffer.from(`${mode} ${name}\0`, 'latin1'),
      Buffer.from(id, 'hex'),
    ]),
  );
}
