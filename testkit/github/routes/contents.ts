import { resolveCommit } from '../git/git.ts';
import { moveRef } from '../git/move-ref.ts';
import { found, invalid, notFound, problem, type Reply } from '../http/reply.ts';
import { type Call, type Route, repoRoute } from '../http/route.ts';
import type { Repo } from '../model.ts';
import { mayPushWorkflows } from '../permissions.ts';
import { showGitCommit } from '../show/commit.ts';
import { fullName } from '../state.ts';
import { text } from './fields.ts';

export const contentRoutes: readonly Route[] = [
  repoRoute(
    'GET',
    '/contents/{path}',
    'read',
    async (repo, call) => await read(repo, call, call.params['path'] ?? ''),
  ),
  repoRoute('GET', '/contents', 'read', async (repo, call) => await read(repo, call, '')),
  repoRoute('GET', '/readme', 'read', async (repo, call) => await read(repo, call, 'README.md')),
  repoRoute(
    'PUT',
    '/contents/{path}',
    'write',
    async (repo, call) => await write(repo, call, call.params['path'] ?? ''),
  ),
];

async function read(repo: Repo, call: Call, path: string): Promise<Reply> {
  const { git } = call.world;
  const name = call.query.get('ref') ?? repo.defaultBranch;
  const commit = await resolveCommit(git, repo.gitDir, name);
  if (commit === undefined) {
    return problem(
      404,
      call.query.has('ref') ? `No commit found for the ref ${name}` : 'This repository is empty.',
    );
  }
  const clean = path.replace(/^\/+|\/+$/g, '');
  const type = clean === '' ? 'tree' : await git.ask(repo.gitDir, ['cat-file', '-t', `${commit}:${clean}`]);
  if (type === undefined) return notFound();
  const sha = (await git.ask(repo.gitDir, ['rev-parse', `${commit}:${clean}`])) ?? '';
  if (type === 'blob') {
    const bytes = (await git.bytes(repo.gitDir, ['cat-file', 'blob', sha])) ?? Buffer.alloc(0);
    if (call.media.includes('raw')) {
      return { status: 200, raw: { type: 'application/vnd.github.raw; charset=utf-8', bytes } };
    }
    const content = bytes.toString('base64').replace(/(.{60})/g, '$1\n');
    const entry = showEntry(repo, call, { path: clean, sha, type, size: bytes.length, ref: name });
    return found({ ...entry, content: content === '' ? '' : `${content}\n`, encoding: 'base64' });
  }
  const listing = (await git.ask(repo.gitDir, ['ls-tree', '-z', '-l', sha])) ?? '';
  const entries = listing
    .split('\0')
    .map((line) => /^\d+ (\w+) (\w+) +(\S+)\t(.*)$/s.exec(line))
    .filter((match) => match !== null)
    .map(([, kind = '', object = '', size = '', entry = '']) =>
      showEntry(repo, call, {
        path: clean === '' ? entry : `${clean}/${entry}`,
        sha: object,
        type: kind,
        size: Number(size) || 0,
        ref: name,
      }),
    );
  return found(entries);
}

async function write(repo: Repo, call: Call, path: string): Promise<Reply> {
  const { git } = call.world;
  const message = text(call, 'message');
  const content = text(call, 'content');
  if (message === undefined) return invalid('Commit', 'message', 'missing_field');
  if (content === undefined) return invalid('Content', 'content', 'missing_field');
  if (path.split('/').some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase()))) {
    return problem(422, 'path contains a malformed path component');
  }
  const branch = text(call, 'branch') ?? repo.defaultBranch;
  if (repo.protectedBranches.has(branch)) {
    return problem(409, 'Repository rule violations found\n\nChanges must be made through a pull request.');
  }
  if (path.startsWith('.github/workflows/') && call.token !== null && !mayPushWorkflows(call.token)) {
    return problem(404, 'Not Found');
  }
  const parent = await git.ask(repo.gitDir, ['rev-parse', '--verify', '-q', `refs/heads/${branch}`]);
  if (parent === undefined && branch !== repo.defaultBranch)
    return problem(404, `Branch ${branch} not found`);
  const old = parent && (await git.ask(repo.gitDir, ['rev-parse', '--verify', '-q', `${parent}:${path}`]));
  const given = text(call, 'sha');
  if (old !== undefined && given === undefined)
    return problem(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  if (old !== undefined && given !== old) return problem(409, `${path} does not match ${given ?? ''}`);

  const blob = await git.must(repo.gitDir, ['hash-object', '-w', '--stdin'], Buffer.from(content, 'base64'));
  const listing = parent === undefined ? '' : await git.must(repo.gitDir, ['ls-tree', '-r', '-z', parent]);
  const kept = listing
    .split('\0')
    .filter((line) => line !== '' && line.slice(line.indexOf('\t') + 1) !== path);
  const tree = await treeOf(call, repo, [...kept, `100644 blob ${blob}\t${path}`]);
  const parents = parent === undefined ? [] : ['-p', parent];
  const sha = await git.must(repo.gitDir, ['commit-tree', tree, ...parents, '-F', '-'], message);
  await moveRef(call.world, repo, { ref: `refs/heads/${branch}`, to: sha, by: call.viewer! });
  const commit = await call.world.commits.read(repo.gitDir, sha);
  const size = Buffer.from(content, 'base64').length;
  return {
    status: old === undefined ? 201 : 200,
    body: {
      content: showEntry(repo, call, { path, sha: blob, type: 'blob', size, ref: branch }),
      commit: commit && showGitCommit(call.world.site, repo, commit),
    },
  };
}

/** Builds nested trees from a flat listing, the deepest first. */
async function treeOf(call: Call, repo: Repo, lines: readonly string[]): Promise<string> {
  const here: string[] = [];
  const folders = new Map<string, string[]>();
  for (const line of lines) {
    const tab = line.indexOf('\t');
    const path = line.slice(tab + 1);
    const slash = path.indexOf('/');
    if (slash < 0) {
      here.push(line);
      continue;
    }
    const folder = path.slice(0, slash);
    folders.set(folder, [...(folders.get(folder) ?? []), `${line.slice(0, tab)}\t${path.slice(slash + 1)}`]);
  }
  for (const [folder, below] of folders) {
    here.push(`040000 tree ${await treeOf(call, repo, below)}\t${folder}`);
  }
  return await call.world.git.must(repo.gitDir, ['mktree', '-z'], here.map((line) => `${line}\0`).join(''));
}

function showEntry(
  repo: Repo,
  call: Call,
  entry: { path: string; sha: string; type: string; size: number; ref: string },
): Record<string, unknown> {
  const { site } = call.world;
  const encoded = entry.path.split('/').map(encodeURIComponent).join('/');
  const url = `${site.api}/repos/${fullName(repo)}/contents/${encoded}?ref=${encodeURIComponent(entry.ref)}`;
  const isFile = entry.type === 'blob';
  const git = `${site.api}/repos/${fullName(repo)}/git/${entry.type}s/${entry.sha}`;
  const html = `${site.url}/${fullName(repo)}/${entry.type}/${entry.ref}/${encoded}`;
  return {
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url,
    html_url: html,
    git_url: git,
    download_url: isFile ? `${site.url}/${fullName(repo)}/raw/${entry.ref}/${encoded}` : null,
    type: isFile ? 'file' : entry.type === 'tree' ? 'dir' : 'submodule',
    _links: { self: url, git, html },
  };
}
