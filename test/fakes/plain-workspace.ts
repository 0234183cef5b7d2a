import { ok } from '../../src/domain/result.ts';
import type { PlainFile, Workspace } from '../../src/ports/mirrors.ts';

/** What lies at a path of the fake; the words `a link` are one. */
export type Lying = string | Uint8Array | undefined;

type PlainWorkspace = Pick<
  Workspace,
  'folder' | 'readPlain' | 'writePlain' | 'snapshot' | 'snapshotWith' | 'commit' | 'changedAside' | 'todos'
> & {
  /** Path → what lies there. */
  readonly files: Map<string, Lying>;
  readonly commits: string[];
};

const link = 'a link';

/** A workspace in memory: its files, and the messages of the commits that were made of them. */
export function plainWorkspace(
  lying: Readonly<Record<string, Lying>> = {},
  ignored: readonly string[] = [],
): PlainWorkspace {
  const files = new Map<string, Lying>(Object.entries(lying));
  const commits: string[] = [];
  const tree = (): string => JSON.stringify([...files].filter(([file]) => !isIgnored(file)).toSorted());
  const isIgnored = (file: string): boolean => ignored.some((one) => file.startsWith(one));
  let before = tree();
  return {
    folder: '/w',
    files,
    commits,
    readPlain: (file, maxBytes) => Promise.resolve(asPlain(files.get(file), maxBytes)),
    writePlain(file, content) {
      if (content === undefined) files.delete(file);
      else files.set(file, typeof content === 'string' ? content : Buffer.from(content).toString());
      return Promise.resolve(true);
    },
    snapshot: () => Promise.resolve(ok({ tree: tree(), changed: tree() !== before })),
    changedAside: () => [],
    todos: () => Promise.resolve([]),
    snapshotWith(_than, written) {
      for (const [file, text] of written) files.set(file, text);
      const missing = [...written.keys()].filter((file) => isIgnored(file));
      return Promise.resolve(ok({ tree: tree(), changed: tree() !== before, missing }));
    },
    commit(_tree, _parent, message) {
      commits.push(message);
      before = tree();
      return Promise.resolve(ok(`m${commits.length}`));
    },
  };
}

function asPlain(lying: Lying, maxBytes: number): PlainFile {
  if (lying === undefined) return { kind: 'none' };
  if (lying === link) return { kind: 'unusable', why: 'it is a link' };
  const bytes = Buffer.from(lying);
  if (bytes.length > maxBytes) return { kind: 'unusable', why: 'it is too large' };
  return { kind: 'file', bytes, mode: 0o644 };
}
