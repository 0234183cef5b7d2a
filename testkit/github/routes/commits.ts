import { listRefs, resolveCommit } from '../git/git.ts';
import { cut, pageOf } from '../http/paging.ts';
import { found, notFound, problem, type Reply } from '../http/reply.ts';
import { type Call, type Route, repoRoute } from '../http/route.ts';
import type { Repo } from '../model.ts';
import { showCommit, showGitCommit } from '../show/commit.ts';
import { changedFiles, diffText } from '../show/diff.ts';
import { showPull } from '../show/pull.ts';
import { fullName } from '../state.ts';

export const commitRoutes: readonly Route[] = [
  repoRoute('GET', '/commits', 'read', async (repo, call) => {
    const start = call.query.get('sha') ?? repo.defaultBranch;
    const sha = await resolveCommit(call.world.git, repo.gitDir, start);
    if (sha === undefined) {
      const any = await listRefs(call.world.git, repo.gitDir, 'refs/heads/');
      return any.length === 0 ? problem(409, 'Git Repository is empty.') : notFound();
    }
    const path = call.query.get('path') ?? undefined;
    const since = Date.parse(call.query.get('since') ?? '');
    const until = Date.parse(call.query.get('until') ?? '');
    const author = call.query.get('author');
    const commits = (await call.world.commits.list(repo.gitDir, sha, { path })).filter((commit) => {
      const at = commit.committer.date.getTime();
      if (at < since || at > until) return false;
      return (
        author === null || commit.author.email === author || commit.author.email.startsWith(`${author}@`)
      );
    });
    return pageOf(call, commits, (commit) => showCommit(call.world, repo, commit));
  }),
  repoRoute('GET', '/commits/{commit_sha}/pulls', 'read', async (repo, call) => {
    const sha = await resolveCommit(call.world.git, repo.gitDir, call.params['commit_sha'] ?? '');
    const pulls = [...repo.issues.values()].filter(
      (issue) => sha !== undefined && issue.pull?.headSha === sha,
    );
    const page = cut(call, pulls);
    return found(
      await Promise.all(page.rows.map((issue) => showPull(call.world, issue, false))),
      page.headers,
    );
  }),
  repoRoute('GET', '/git/commits/{commit_sha}', 'read', async (repo, call) => {
    const sha = call.params['commit_sha'] ?? '';
    const commit = /^[0-9a-f]{40}$/.test(sha) ? await call.world.commits.read(repo.gitDir, sha) : undefined;
    return commit === undefined ? notFound() : found(showGitCommit(call.world.site, repo, commit));
  }),
  repoRoute('GET', '/git/trees/{tree_sha}', 'read', async (repo, call) => {
    const { git, site } = call.world;
    const name = call.params['tree_sha'] ?? '';
    const commit = await resolveCommit(git, repo.gitDir, name);
    const sha = await git.ask(repo.gitDir, ['rev-parse', '--verify', '-q', `${commit ?? name}^{tree}`]);
    if (sha === undefined) return notFound();
    const deep = call.query.has('recursive') ? ['-r', '-t'] : [];
    const listing = (await git.ask(repo.gitDir, ['ls-tree', '-z', '-l', ...deep, sha])) ?? '';
    const url = `${site.api}/repos/${fullName(repo)}/git`;
    const tree = listing
      .split('\0')
      .map((line) => /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/s.exec(line))
      .filter((match) => match !== null)
      .map(([, mode = '', type = '', object = '', size = '', path = '']) => ({
        path,
        mode,
        type,
        sha: object,
        ...(type === 'blob' ? { size: Number(size) } : {}),
        url: `${url}/${type}s/${object}`,
      }));
    return found({ sha, url: `${url}/trees/${sha}`, tree, truncated: false });
  }),
  repoRoute('GET', '/compare/{basehead}', 'read', async (repo, call) => await compare(repo, call)),
];

/** /commits/{ref} takes every path below /commits, so it has to come after the others. */
export const lastCommitRoutes: readonly Route[] = [
  repoRoute('GET', '/commits/{ref}', 'read', async (repo, call) => {
    const name = call.params['ref'] ?? '';
    const sha = await resolveCommit(call.world.git, repo.gitDir, name);
    const commit = sha === undefined ? undefined : await call.world.commits.read(repo.gitDir, sha);
    if (commit === undefined) return problem(422, `No commit found for SHA: ${name}`);
    if (call.media.includes('sha'))
      return { status: 200, raw: { type: 'application/vnd.github.sha; charset=utf-8', bytes: commit.sha } };
    if (call.media.includes('diff')) return await diffReply(call, repo, commit.parents[0], commit.sha);
    const files = await changedFiles(call.world, repo, commit.parents[0], commit.sha);
    const additions = files.reduce((sum, file) => sum + file.additions, 0);
    const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
    return found({
      ...showCommit(call.world, repo, commit),
      stats: { total: additions + deletions, additions, deletions },
      files,
    });
  }),
];

async function diffReply(call: Call, repo: Repo, from: string | undefined, to: string): Promise<Reply> {
  const bytes = await diffText(call.world, repo, from, to);
  return { status: 200, raw: { type: 'application/vnd.github.diff; charset=utf-8', bytes } };
}

async function compare(repo: Repo, call: Call): Promise<Reply> {
  const { git, commits, site } = call.world;
  const [baseName = '', headName = ''] = (call.params['basehead'] ?? '').split('...');
  const base = await resolveCommit(git, repo.gitDir, baseName);
  const head = await resolveCommit(git, repo.gitDir, headName);
  const common = base && head ? await git.ask(repo.gitDir, ['merge-base', base, head]) : undefined;
  if (base === undefined || head === undefined || common === undefined) return notFound();
  if (call.media.includes('diff')) return await diffReply(call, repo, common, head);
  const ahead = (await commits.list(repo.gitDir, `${base}..${head}`)).reverse();
  const behind = await commits.list(repo.gitDir, `${head}..${base}`);
  const status =
    ahead.length > 0
      ? behind.length > 0
        ? 'diverged'
        : 'ahead'
      : behind.length > 0
        ? 'behind'
        : 'identical';
  const page = `${site.url}/${fullName(repo)}/compare/${baseName}...${headName}`;
  const baseCommit = await commits.read(repo.gitDir, base);
  const commonCommit = await commits.read(repo.gitDir, common);
  return found({
    url: `${site.api}/repos/${fullName(repo)}/compare/${baseName}...${headName}`,
    html_url: page,
    permalink_url: `${site.url}/${fullName(repo)}/compare/${base}...${head}`,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: baseCommit && showCommit(call.world, repo, baseCommit),
    merge_base_commit: commonCommit && showCommit(call.world, repo, commonCommit),
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: ahead.map((commit) => showCommit(call.world, repo, commit)),
    files: await changedFiles(call.world, repo, common, head),
  });
}
