import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import type { GitFolder } from './git-folder.ts';
import { readSmall } from './small-file.ts';

interface Head {
  readonly branch: string | undefined;
  readonly sha: string | undefined;
  /** The refs are kept in a way that only git can read. */
  readonly opaque: boolean;
}

/** Refs of one repository as its files say: loose ones first, else packed. */
export interface Refs {
  head(): Head;
  /** The commit that a ref such as `refs/heads/main` points at; undefined: there is no such ref. */
  tip(ref: string): string | undefined;
  /** The branch that others meet first; undefined: the files do not say. */
  defaultBranch(): string | undefined;
}

const shaForm = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

export function readRefs({ own, common }: GitFolder): Refs {
  let packed: ReadonlyMap<string, string> | undefined;
  const packedRefs = (): ReadonlyMap<string, string> => (packed ??= readPacked(common));
  const shaOf = (ref: string, links = 0): string | undefined => {
    const text = safeRef(ref) ? readSmall(path.join(common, ref), 1024)?.trim() : undefined;
    if (text?.startsWith('ref: ') && links < 5) return shaOf(text.slice(5).trim(), links + 1);
    if (text !== undefined && shaForm.test(text)) return text;
    return packedRefs().get(ref);
  };
  const namesBelow = (prefix: string): readonly string[] => {
    const loose = listBelow(path.join(common, prefix));
    const names = [...packedRefs().keys()]
      .filter((ref) => ref.startsWith(prefix))
      .map((ref) => ref.slice(prefix.length));
    return [...new Set([...loose, ...names])].filter((name) => name !== 'HEAD');
  };

  return {
    head() {
      const text = readSmall(path.join(own, 'HEAD'), 1024)?.trim() ?? '';
      if (text === 'ref: refs/heads/.invalid') return { branch: undefined, sha: undefined, opaque: true };
      if (!text.startsWith('ref: '))
        return { branch: undefined, sha: shaForm.test(text) ? text : undefined, opaque: false };
      const ref = text.slice(5).trim();
      const branch = ref.startsWith('refs/heads/') ? ref.slice(11) : undefined;
      return { branch, sha: shaOf(ref), opaque: false };
    },
    tip: (ref) => shaOf(ref),
    defaultBranch() {
      const named = readSmall(path.join(common, 'refs/remotes/origin/HEAD'), 1024)?.trim();
      const prefix = 'ref: refs/remotes/origin/';
      if (named?.startsWith(prefix)) return named.slice(prefix.length);
      return usual(namesBelow('refs/remotes/origin/')) ?? usual(namesBelow('refs/heads/'));
    },
  };
}

/** The only branch, or the one of `main` and `master` that is there. Anything else would be a guess. */
function usual(names: readonly string[]): string | undefined {
  if (names.length === 1) return names[0];
  const known = ['main', 'master'].filter((name) => names.includes(name));
  return known.length === 1 ? known[0] : undefined;
}

function readPacked(common: string): ReadonlyMap<string, string> {
  const text = readSmall(path.join(common, 'packed-refs'), 8 * 1024 * 1024) ?? '';
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    const sha = line.slice(0, space);
    if (shaForm.test(sha)) refs.set(line.slice(space + 1).trim(), sha);
  }
  return refs;
}

/** Branches with a slash are left out: they are nobody's default here. */
function listBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** A HEAD is a file that anybody can write: it must not lead us out of the git directory. */
function safeRef(ref: string): boolean {
  return ref.startsWith('refs/') && !ref.split('/').includes('..') && !ref.includes('\0');
}
