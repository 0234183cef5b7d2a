import type { Issue, Repo } from '../model.ts';
import { fullName, iso, isoOrNull } from '../state.ts';
import type { World } from '../world.ts';
import { changedFiles } from './diff.ts';
import { association, showLabel } from './issue.ts';
import { listedRepo } from './repo.ts';
import { nodeId } from './site.ts';
import { simpleUser, simpleUserOrNull } from './user.ts';

/** A pull request, in a list or in full. */
export async function showPull(
  world: Pick<World, 'git' | 'site' | 'commits'>,
  issue: Issue,
  full: boolean,
): Promise<Record<string, unknown>> {
  const { site } = world;
  const { repo } = issue;
  const pull = issue.pull!;
  const api = `${site.api}/repos/${fullName(repo)}`;
  const url = `${api}/pulls/${String(issue.number)}`;
  const page = `${site.url}/${fullName(repo)}/pull/${String(issue.number)}`;
  const about = `${api}/issues/${String(issue.number)}`;
  const statuses = `${api}/statuses/${pull.headSha}`;
  const side = (ref: string, sha: string): Record<string, unknown> => ({
    label: `${repo.owner.login}:${ref}`,
    ref,
    sha,
    user: simpleUser(site, repo.owner),
    repo: listedRepo(site, repo, null),
  });
  return {
    url,
    id: issue.id,
    node_id: nodeId('PullRequest', issue.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: about,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: simpleUserOrNull(site, issue.author),
    body: issue.body === '' ? null : issue.body,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeSha,
    assignee: simpleUserOrNull(site, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((user) => simpleUser(site, user)),
    requested_reviewers: [],
    requested_teams: [],
    labels: issue.labels.map((label) => showLabel(site, repo, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${about}/comments`,
    statuses_url: statuses,
    head: side(pull.head, pull.headSha),
    base: side(pull.base, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: about },
      comments: { href: `${about}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: association(issue.author, repo),
    auto_merge: null,
    active_lock_reason: null,
    ...(full ? await details(world, repo, issue) : {}),
  };
}

/** Whether head and base go together; undefined for a pull request that is over. */
export async function mergeTree(
  { git }: Pick<World, 'git'>,
  issue: Issue,
): Promise<{ tree: string; base: string } | undefined> {
  const pull = issue.pull!;
  const base = await git.ask(issue.repo.gitDir, ['rev-parse', '--verify', '-q', `refs/heads/${pull.base}`]);
  if (base === undefined) return undefined;
  const tree = await git.ask(issue.repo.gitDir, ['merge-tree', '--write-tree', base, pull.headSha]);
  return tree === undefined ? undefined : { tree: tree.split('\n')[0] ?? '', base };
}

async function details(
  world: Pick<World, 'git' | 'site' | 'commits'>,
  repo: Repo,
  issue: Issue,
): Promise<Record<string, unknown>> {
  const pull = issue.pull!;
  const common = await world.git.ask(repo.gitDir, ['merge-base', pull.baseSha, pull.headSha]);
  const files = await changedFiles(world, repo, common, pull.headSha);
  const commits = await world.commits.list(repo.gitDir, `${pull.baseSha}..${pull.headSha}`);
  const mergeable = issue.state === 'open' ? (await mergeTree(world, issue)) !== undefined : null;
  return {
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? 'unknown' : mergeable ? 'clean' : 'dirty',
    merged_by: simpleUserOrNull(world.site, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}
