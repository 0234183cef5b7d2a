import type { CommitInfo, Signature } from '../git/commits.ts';
import type { CommitStatus, Repo } from '../model.ts';
import { fullName, iso } from '../state.ts';
import type { World } from '../world.ts';
import { nodeId, type Site } from './site.ts';
import { simpleUser } from './user.ts';

/** A commit as the commits API shows it. */
export function showCommit(
  world: Pick<World, 'site' | 'state'>,
  repo: Repo,
  commit: CommitInfo,
): Record<string, unknown> {
  const { site } = world;
  const url = `${site.api}/repos/${fullName(repo)}`;
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    commit: {
      author: signature(commit.author),
      committer: signature(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: unsigned,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${site.url}/${fullName(repo)}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: userByEmail(world, commit.author),
    committer: userByEmail(world, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${site.url}/${fullName(repo)}/commit/${sha}`,
    })),
  };
}

/** A commit as the git database API shows it. */
export function showGitCommit(site: Site, repo: Repo, commit: CommitInfo): Record<string, unknown> {
  const url = `${site.api}/repos/${fullName(repo)}`;
  const page = `${site.url}/${fullName(repo)}/commit`;
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    author: signature(commit.author),
    committer: signature(commit.committer),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${page}/${sha}`,
    })),
    verification: unsigned,
  };
}

/** A commit as runs and suites quote it. */
export function simpleCommit(commit: CommitInfo): Record<string, unknown> {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: iso(commit.author.date),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

export function showStatus(site: Site, repo: Repo, status: CommitStatus): Record<string, unknown> {
  const creator = simpleUser(site, status.creator);
  return {
    url: `${site.api}/repos/${fullName(repo)}/statuses/${status.sha}`,
    avatar_url: creator['avatar_url'],
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    creator,
  };
}

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

function signature({ name, email, date }: Signature): Record<string, unknown> {
  return { name, email, date: iso(date) };
}

/** GitHub links commits to accounts by e-mail; here `login@…` and `id+login@users.noreply…` count. */
function userByEmail({ site, state }: Pick<World, 'site' | 'state'>, { email }: Signature): unknown {
  const login = email.split('@')[0]?.split('+').at(-1) ?? '';
  const user = login === '' ? undefined : state.user(login);
  return user === undefined ? null : simpleUser(site, user);
}
