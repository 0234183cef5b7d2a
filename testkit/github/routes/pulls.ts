import { moveRef } from '../git/move-ref.ts';
import { cut, pageOf } from '../http/paging.ts';
import { created, found, invalid, noContent, notFound, problem, type Reply } from '../http/reply.ts';
import { type Call, type Route, repoRoute } from '../http/route.ts';
import { closeIssue, note, openIssue, renameIssue, reopenIssue, rewrite } from '../issues.ts';
import type { Issue, Repo } from '../model.ts';
import { allows, effectivePermission } from '../permissions.ts';
import { startPullRuns } from '../runs/on-moved-refs.ts';
import { showCommit } from '../show/commit.ts';
import { changedFiles, diffText } from '../show/diff.ts';
import { mergeTree, showPull } from '../show/pull.ts';
import { flag, numberParam, text } from './fields.ts';
import { sortedIssues } from './sort-issues.ts';

export const pullRoutes: readonly Route[] = [
  repoRoute('GET', '/pulls', 'read', async (repo, call) => {
    const head = call.query.get('head');
    const base = call.query.get('base');
    const rows = sortedIssues([...repo.issues.values()], call.query).filter(({ pull }) => {
      if (pull === null || (base !== null && pull.base !== base)) return false;
      return head === null || `${repo.owner.login}:${pull.head}`.toLowerCase() === head.toLowerCase();
    });
    const page = cut(call, rows);
    return found(
      await Promise.all(page.rows.map((issue) => showPull(call.world, issue, false))),
      page.headers,
    );
  }),
  repoRoute('POST', '/pulls', 'write', open),
  repoRoute('GET', '/pulls/{pull_number}', 'read', async (repo, call) => {
    const issue = pullInPath(repo, call);
    if (issue?.pull == null) return notFound();
    if (call.media.includes('diff')) {
      const common = await call.world.git.ask(repo.gitDir, [
        'merge-base',
        issue.pull.baseSha,
        issue.pull.headSha,
      ]);
      const bytes = await diffText(call.world, repo, common, issue.pull.headSha);
      return { status: 200, raw: { type: 'application/vnd.github.diff; charset=utf-8', bytes } };
    }
    return found(await showPull(call.world, issue, true));
  }),
  repoRoute('PATCH', '/pulls/{pull_number}', 'read', async (repo, call) => {
    const issue = pullInPath(repo, call);
    if (issue === undefined) return notFound();
    if (issue.author !== call.viewer && !allows(effectivePermission(repo, call.token), 'write')) {
      return problem(403, 'Must have admin rights to Repository.');
    }
    const { state } = call.world;
    renameIssue(state, issue, text(call, 'title') ?? issue.title, call.viewer);
    rewrite(issue, text(call, 'body') ?? issue.body, call.viewer);
    if (text(call, 'state') === 'closed') closeIssue(state, issue, call.viewer);
    if (text(call, 'state') === 'open') {
      if (issue.pull?.mergedAt != null)
        return invalid('PullRequest', 'state', 'invalid', 'cannot be reopened');
      reopenIssue(state, issue, call.viewer);
    }
    return found(await showPull(call.world, issue, true));
  }),
  repoRoute('GET', '/pulls/{pull_number}/files', 'read', async (repo, call) => {
    const issue = pullInPath(repo, call);
    if (issue?.pull == null) return notFound();
    const { headSha, baseSha } = issue.pull;
    const common = await call.world.git.ask(repo.gitDir, ['merge-base', baseSha, headSha]);
    return pageOf(call, await changedFiles(call.world, repo, common, headSha), (file) => file);
  }),
  repoRoute('GET', '/pulls/{pull_number}/commits', 'read', async (repo, call) => {
    const issue = pullInPath(repo, call);
    if (issue?.pull == null) return notFound();
    const range = `${issue.pull.baseSha}..${issue.pull.headSha}`;
    const commits = (await call.world.commits.list(repo.gitDir, range)).reverse();
    return pageOf(call, commits, (commit) => showCommit(call.world, repo, commit));
  }),
  repoRoute('GET', '/pulls/{pull_number}/merge', 'read', (repo, call) => {
    return pullInPath(repo, call)?.pull?.mergedAt == null ? notFound() : noContent();
  }),
  repoRoute('PUT', '/pulls/{pull_number}/merge', 'write', merge),
];

async function open(repo: Repo, call: Call): Promise<Reply> {
  const { git, state } = call.world;
  const title = text(call, 'title') ?? '';
  const head = branchOf(repo, text(call, 'head') ?? '');
  const base = text(call, 'base') ?? '';
  if (title === '') return invalid('PullRequest', 'title', 'missing_field');
  const shaOf = (branch: string): Promise<string | undefined> =>
    git.ask(repo.gitDir, ['rev-parse', '--verify', '-q', `refs/heads/${branch}`]);
  const headSha = await shaOf(head);
  const baseSha = await shaOf(base);
  if (headSha === undefined) return invalid('PullRequest', 'head', 'invalid');
  if (baseSha === undefined) return invalid('PullRequest', 'base', 'invalid');
  const common = await git.ask(repo.gitDir, ['merge-base', baseSha, headSha]);
  if (common === headSha) return custom(`No commits between ${base} and ${head}`);
  const twin = [...repo.issues.values()].some(
    (issue) => issue.state === 'open' && issue.pull?.head === head && issue.pull.base === base,
  );
  if (twin) return custom(`A pull request already exists for ${repo.owner.login}:${head}.`);
  const issue = openIssue(state, repo, { author: call.viewer, title, body: text(call, 'body') });
  issue.pull = {
    head,
    headSha,
    base,
    baseSha,
    draft: flag(call, 'draft') ?? false,
    mergedAt: null,
    mergedBy: null,
    mergeSha: null,
  };
  await git.must(repo.gitDir, ['update-ref', `refs/pull/${String(issue.number)}/head`, headSha]);
  startPullRuns(call.world, repo, issue, call.viewer!);
  return created(await showPull(call.world, issue, true));
}

async function merge(repo: Repo, call: Call): Promise<Reply> {
  const { git, state } = call.world;
  const issue = pullInPath(repo, call);
  if (issue?.pull == null) return notFound();
  const { pull } = issue;
  if (issue.state === 'closed' || pull.draft) return problem(405, 'Pull Request is not mergeable');
  const expected = text(call, 'sha');
  if (expected !== undefined && expected !== pull.headSha) {
    return problem(409, 'Head branch was modified. Review and try the merge again.');
  }
  const method = text(call, 'merge_method') ?? 'merge';
  if (method === 'rebase') return problem(405, 'Rebase merges are not allowed on this repository.');
  const merged = await mergeTree(call.world, issue);
  if (merged === undefined) return problem(405, 'Pull Request is not mergeable');
  const squash = method === 'squash';
  const subject =
    text(call, 'commit_title') ??
    (squash
      ? `${issue.title} (#${String(issue.number)})`
      : `Merge pull request #${String(issue.number)} from ${repo.owner.login}/${pull.head}`);
  const message = `${subject}\n\n${text(call, 'commit_message') ?? (squash ? '' : issue.title)}`.trimEnd();
  const parents = squash ? ['-p', merged.base] : ['-p', merged.base, '-p', pull.headSha];
  const sha = await git.must(repo.gitDir, ['commit-tree', merged.tree, ...parents, '-F', '-'], message);
  pull.mergedAt = new Date();
  pull.mergedBy = call.viewer;
  pull.mergeSha = sha;
  note(state, issue, call.viewer, { kind: 'merged', commit: sha });
  closeIssue(state, issue, call.viewer);
  await moveRef(call.world, repo, { ref: `refs/heads/${pull.base}`, to: sha, by: call.viewer! });
  return found({ sha, merged: true, message: 'Pull Request successfully merged' });
}

/** `owner:branch` names a branch of this repository too. */
function branchOf(repo: Repo, head: string): string {
  const [owner = '', ...branch] = head.split(':');
  return branch.length > 0 && owner.toLowerCase() === repo.owner.login.toLowerCase()
    ? branch.join(':')
    : head;
}

function custom(message: string): Reply {
  return problem(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
}

function pullInPath(repo: Repo, call: Call): Issue | undefined {
  const issue = repo.issues.get(numberParam(call, 'pull_number'));
  return issue?.pull === null ? undefined : issue;
}
