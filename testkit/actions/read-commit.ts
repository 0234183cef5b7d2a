import { git } from './git.ts';

/** A commit and the workflow files of its tree. */
export interface PushedCommit {
  sha: string;
  message: string;
  author: { name: string; email: string };
  files: { path: string; text: string }[];
}

/** Reads the commit a ref now points to, through a tag if need be; undefined when it is no commit. */
export async function readCommit(gitDir: string, revision: string): Promise<PushedCommit | undefined> {
  const [commits, listing] = await Promise.all([
    git(gitDir, ['cat-file', '--batch'], `${revision}^{commit}\n`),
    git(gitDir, ['ls-tree', '-z', revision, '.github/workflows/']),
  ]);
  const [commit] = commits ? objects(commits) : [];
  if (!commit || !listing) return undefined;
  return {
    sha: commit.sha,
    ...header(commit.body.toString()),
    files: await readFiles(gitDir, listing.toString()),
  };
}

async function readFiles(gitDir: string, listing: string): Promise<PushedCommit['files']> {
  const entries = [...listing.matchAll(/100\d+ blob ([0-9a-f]+)\t([^\0]+\.ya?ml)\0/g)].map(
    ([, sha = '', path = '']) => ({ sha, path }),
  );
  if (entries.length === 0) return [];
  const blobs = await git(gitDir, ['cat-file', '--batch'], entries.map(({ sha }) => `${sha}\n`).join(''));
  const bodies = blobs ? objects(blobs) : [];
  return entries.map(({ path }, index) => ({ path, text: bodies[index]?.body.toString() ?? '' }));
}

function header(body: string): Pick<PushedCommit, 'message' | 'author'> {
  const end = body.indexOf('\n\n');
  const author = /^author (?<name>.*?) ?<(?<email>[^>]*)>/m.exec(body.slice(0, end))?.groups;
  return {
    message: body.slice(end + 2),
    author: { name: author?.['name'] ?? '', email: author?.['email'] ?? '' },
  };
}

/** The answers of `git cat-file --batch`. */
function objects(output: Buffer): { sha: string; body: Buffer }[] {
  const found: { sha: string; body: Buffer }[] = [];
  let at = 0;
  while (at < output.length) {
    const lineEnd = output.indexOf('\n', at);
    const [sha = '', , size = ''] = output.toString('utf8', at, lineEnd).split(' ');
    if (!/^\d+$/.test(size)) break;
    const start = lineEnd + 1;
    found.push({ sha, body: output.subarray(start, start + Number(size)) });
    at = start + Number(size) + 1;
  }
  return found;
}
