import type { Permission, Repo, User } from '../model.ts';
import { allows, permissionOf } from '../permissions.ts';
import { fullName, iso } from '../state.ts';
import { nodeId, type Site } from './site.ts';
import { simpleUser } from './user.ts';

/** A repository as GitHub shows one inside runs and suites. */
export function minimalRepo(site: Site, repo: Repo): Record<string, unknown> {
  const url = `${site.api}/repos/${fullName(repo)}`;
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name: repo.name,
    full_name: fullName(repo),
    private: repo.private,
    owner: simpleUser(site, repo.owner),
    html_url: `${site.url}/${fullName(repo)}`,
    description: repo.description,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(below).map(([field, path]) => [field, `${url}/${path}`])),
  };
}

/** A repository in a list. */
export function listedRepo(site: Site, repo: Repo, viewer: User | null): Record<string, unknown> {
  const open = [...repo.issues.values()].filter((issue) => issue.state === 'open').length;
  return {
    ...minimalRepo(site, repo),
    git_url: `git:${site.url.replace(/^https?:/, '')}/${fullName(repo)}.git`,
    ssh_url: `git@${new URL(site.url).hostname}:${fullName(repo)}.git`,
    clone_url: `${site.url}/${fullName(repo)}.git`,
    svn_url: `${site.url}/${fullName(repo)}`,
    homepage: repo.homepage,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repo.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repo.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? 'private' : 'public',
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repo.defaultBranch,
    created_at: iso(repo.createdAt),
    updated_at: iso(repo.updatedAt),
    pushed_at: iso(repo.pushedAt),
    ...(viewer === null ? {} : { permissions: rights(permissionOf(repo, viewer)) }),
  };
}

/** A repository at its own address. */
export function fullRepo(site: Site, repo: Repo, viewer: User | null): Record<string, unknown> {
  return {
    ...listedRepo(site, repo, viewer),
    temp_clone_token: '',
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: false,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    allow_update_branch: false,
    network_count: 0,
    subscribers_count: 1,
  };
}

export function rights(permission: Permission): Record<string, boolean> {
  return {
    admin: allows(permission, 'admin'),
    maintain: allows(permission, 'maintain'),
    push: allows(permission, 'write'),
    triage: allows(permission, 'triage'),
    pull: allows(permission, 'read'),
  };
}

const below = {
  archive_url: '{archive_format}{/ref}',
  assignees_url: 'assignees{/user}',
  blobs_url: 'git/blobs{/sha}',
  branches_url: 'branches{/branch}',
  collaborators_url: 'collaborators{/collaborator}',
  comments_url: 'comments{/number}',
  commits_url: 'commits{/sha}',
  compare_url: 'compare/{base}...{head}',
  contents_url: 'contents/{+path}',
  contributors_url: 'contributors',
  deployments_url: 'deployments',
  downloads_url: 'downloads',
  events_url: 'events',
  forks_url: 'forks',
  git_commits_url: 'git/commits{/sha}',
  git_refs_url: 'git/refs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  hooks_url: 'hooks',
  issue_comment_url: 'issues/comments{/number}',
  issue_events_url: 'issues/events{/number}',
  issues_url: 'issues{/number}',
  keys_url: 'keys{/key_id}',
  labels_url: 'labels{/name}',
  languages_url: 'languages',
  merges_url: 'merges',
  milestones_url: 'milestones{/number}',
  notifications_url: 'notifications{?since,all,participating}',
  pulls_url: 'pulls{/number}',
  releases_url: 'releases{/id}',
  stargazers_url: 'stargazers',
  statuses_url: 'statuses/{sha}',
  subscribers_url: 'subscribers',
  subscription_url: 'subscription',
  tags_url: 'tags',
  teams_url: 'teams',
  trees_url: 'git/trees{/sha}',
};
