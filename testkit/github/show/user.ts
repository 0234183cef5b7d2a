import type { App, Repo, User } from '../model.ts';
import { iso } from '../state.ts';
import { nodeId, type Site } from './site.ts';

/** A user as GitHub shows one inside other answers. */
export function simpleUser(site: Site, user: User): Record<string, unknown> {
  const url = `${site.api}/users/${encodeURIComponent(user.login)}`;
  const slug = user.login.replace(/\[bot\]$/, '');
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.type, user.id),
    avatar_url: `${site.url}/avatars/u/${String(user.id)}?v=4`,
    gravatar_id: '',
    url,
    html_url: user.type === 'Bot' ? `${site.url}/apps/${slug}` : `${site.url}/${user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export function simpleUserOrNull(site: Site, user: User | null): Record<string, unknown> | null {
  return user === null ? null : simpleUser(site, user);
}

/** What anyone sees at /users/{login}. */
export function publicUser(site: Site, user: User, repos: readonly Repo[]): Record<string, unknown> {
  return {
    ...simpleUser(site, user),
    name: user.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: repos.filter((repo) => repo.owner === user && !repo.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: iso(user.createdAt),
    updated_at: iso(user.createdAt),
  };
}

/** What a user sees of itself at /user. */
export function privateUser(site: Site, user: User, repos: readonly Repo[]): Record<string, unknown> {
  const own = repos.filter((repo) => repo.owner === user && repo.private).length;
  return {
    ...publicUser(site, user, repos),
    user_view_type: 'private',
    private_gists: 0,
    total_private_repos: own,
    owned_private_repos: own,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: 'pro', space: 976562499, collaborators: 0, private_repos: 9999 },
  };
}

/** An app as checks and issues name it. */
export function showApp(site: Site, app: App): Record<string, unknown> {
  const owner: User = { id: 9919, login: 'github', type: 'Organization', createdAt: new Date(0) };
  return {
    id: app.id,
    slug: app.slug,
    client_id: `Iv1.${app.id.toString(16).padStart(16, '0')}`,
    node_id: nodeId('App', app.id),
    owner: simpleUser(site, owner),
    name: app.name,
    description: '',
    external_url: `${site.url}/apps/${app.slug}`,
    html_url: `${site.url}/apps/${app.slug}`,
    created_at: iso(new Date(0)),
    updated_at: iso(new Date(0)),
    permissions: { actions: 'write', checks: 'write', contents: 'read', metadata: 'read' },
    events: ['push', 'check_run'],
  };
}
