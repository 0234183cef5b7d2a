import { createRepo, writeFirstCommit } from '../create-repo.ts';
import { pageOf } from '../http/paging.ts';
import { created, found, invalid, notFound, problem, type Reply } from '../http/reply.ts';
import { type Call, type Route, route, userRoute } from '../http/route.ts';
import type { Repo, Token, User } from '../model.ts';
import { allows, effectivePermission } from '../permissions.ts';
import { fullRepo, listedRepo, minimalRepo } from '../show/repo.ts';
import { privateUser, publicUser } from '../show/user.ts';
import { fullName } from '../state.ts';
import { flag, text } from './fields.ts';

export const userRoutes: readonly Route[] = [
  userRoute('GET', '/user', (call) => {
    return found(privateUser(call.world.site, call.viewer, call.world.state.repos));
  }),
  route('GET', '/users/{username}', (call) => {
    const user = call.world.state.user(call.params['username'] ?? '');
    return user === undefined ? notFound() : found(publicUser(call.world.site, user, call.world.state.repos));
  }),
  route('GET', '/users/{username}/repos', (call) => {
    const user = call.world.state.user(call.params['username'] ?? '');
    if (user === undefined) return notFound();
    const repos = call.world.state.repos.filter((repo) => repo.owner === user && !repo.private);
    return pageOf(call, sorted(call, repos), (repo) => minimalRepo(call.world.site, repo));
  }),
  route('GET', '/orgs/{org}/repos', (call) => {
    const org = call.world.state.user(call.params['org'] ?? '');
    if (org?.type !== 'Organization') return notFound();
    const repos = call.world.state.repos.filter((repo) => repo.owner === org && readable(repo, call.token));
    return pageOf(call, sorted(call, repos), (repo) => minimalRepo(call.world.site, repo));
  }),
  userRoute('GET', '/user/repos', (call) => {
    const affiliation = (call.query.get('affiliation') ?? 'owner,collaborator,organization_member').split(
      ',',
    );
    const visibility = call.query.get('visibility') ?? call.query.get('type') ?? 'all';
    const repos = call.world.state.repos.filter((repo) => {
      const own = repo.owner === call.viewer;
      if (!own && !repo.collaborators.has(call.viewer)) return false;
      if (own ? !affiliation.includes('owner') : !affiliation.includes('collaborator')) return false;
      if (visibility === 'private' && !repo.private) return false;
      if (visibility === 'public' && repo.private) return false;
      if (visibility === 'owner' && !own) return false;
      return readable(repo, call.token);
    });
    return pageOf(call, sorted(call, repos), (repo) => listedRepo(call.world.site, repo, call.viewer));
  }),
  userRoute('POST', '/user/repos', (call) => create(call, call.viewer, call.token)),
  userRoute('POST', '/orgs/{org}/repos', (call) => {
    const org = call.world.state.user(call.params['org'] ?? '');
    return org?.type === 'Organization' ? create(call, org, call.token) : notFound();
  }),
];

async function create(call: Call, owner: User, token: Token): Promise<Reply> {
  const name = text(call, 'name')?.trim() ?? '';
  const isPrivate = flag(call, 'private') ?? text(call, 'visibility') === 'private';
  const needed = isPrivate ? ['repo'] : ['repo', 'public_repo'];
  if (token.scopes !== null && !needed.some((scope) => token.scopes?.includes(scope))) return notFound();
  if (name === '') return invalid('Repository', 'name', 'missing_field');
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(name)) {
    return problem(422, 'Repository creation failed.', [
      { resource: 'Repository', code: 'custom', field: 'name', message: 'name is invalid' },
    ]);
  }
  if (call.world.state.repo(owner.login, name) !== undefined) {
    return problem(422, 'Repository creation failed.', [
      {
        resource: 'Repository',
        code: 'custom',
        field: 'name',
        message: 'name already exists on this account',
      },
    ]);
  }
  const repo = await createRepo(call.world, {
    owner,
    name,
    private: isPrivate,
    description: text(call, 'description'),
  });
  for (const other of call.world.state.repos) other.formerNames.delete(fullName(repo).toLowerCase());
  if (owner !== token.user) repo.collaborators.set(token.user, 'admin');
  repo.hasIssues = flag(call, 'has_issues') ?? true;
  repo.homepage = text(call, 'homepage') ?? null;
  if (flag(call, 'auto_init') === true) await writeFirstCommit(call.world.git, repo);
  return created(fullRepo(call.world.site, repo, token.user));
}

function readable(repo: Repo, token: Token | null): boolean {
  return allows(effectivePermission(repo, token), 'read');
}

/** GitHub sorts by full name unless asked; dates come newest first. */
function sorted(call: Call, repos: readonly Repo[]): Repo[] {
  const by = call.query.get('sort') ?? 'full_name';
  const direction = call.query.get('direction') ?? (by === 'full_name' ? 'asc' : 'desc');
  const key = (repo: Repo): string | number => {
    if (by === 'pushed') return repo.pushedAt.getTime();
    if (by === 'created') return repo.createdAt.getTime();
    if (by === 'updated') return repo.updatedAt.getTime();
    return fullName(repo).toLowerCase();
  };
  const rows = repos.map((repo) => ({ repo, key: key(repo) }));
  rows.sort((left, right) =>
    left.key < right.key ? -1 : left.key > right.key ? 1 : left.repo.id - right.repo.id,
  );
  if (direction === 'desc') rows.reverse();
  return rows.map(({ repo }) => repo);
}
