import type { Git } from './git.ts';

/** Who wrote or committed, as git keeps it. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
}

export interface CommitInfo {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** Reads commits; they never change, so each is read once. */
export interface Commits {
  read(gitDir: string, sha: string): Promise<CommitInfo | undefined>;
  /** The newest first, from a starting point, optionally only those that touch a path. */
  list(
    gitDir: string,
    range: string,
    options?: { path?: string | undefined; limit?: number },
  ): Promise<CommitInfo[]>;
}

const format = '%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%aI%x1f%cn%x1f%ce%x1f%cI%x1f%B%x1e';

export function createCommits(git: Git): Commits {
  const known = new Map<string, CommitInfo>();

  async function list(
    gitDir: string,
    range: string,
    options: { path?: string | undefined; limit?: number } = {},
  ): Promise<CommitInfo[]> {
    const limit = options.limit ?? 1000;
    const paths = options.path === undefined ? [] : [options.path];
    const out = await git.bytes(gitDir, [
      'log',
      `--format=${format}`,
      `-n${String(limit)}`,
      range,
      '--',
      ...paths,
    ]);
    const commits = (out?.toString('utf8') ?? '')
      .split('\x1e')
      .map((text) => parse(text.replace(/^\n/, '')))
      .filter((commit) => commit !== undefined);
    for (const commit of commits) known.set(commit.sha, commit);
    return commits;
  }

  return {
    list,
    async read(gitDir, sha) {
      return known.get(sha) ?? (await list(gitDir, sha, { limit: 1 }))[0];
    },
  };
}

function parse(text: string): CommitInfo | undefined {
  const [sha, tree, parents, an, ae, ad, cn, ce, cd, message] = text.split('\x1f');
  if (sha === undefined || tree === undefined || message === undefined) return undefined;
  return {
    sha,
    tree,
    parents: (parents ?? '').split(' ').filter((parent) => parent !== ''),
    author: { name: an ?? '', email: ae ?? '', date: new Date(ad ?? 0) },
    committer: { name: cn ?? '', email: ce ?? '', date: new Date(cd ?? 0) },
    message: message.trimEnd(),
  };
}
