import { rm } from 'node:fs/promises';
import { pageOf } from '../http/paging.ts';
import { found, invalid, noContent, notFound, problem } from '../http/reply.ts';
import { type Route, repoRoute, route } from '../http/route.ts';
import { type Permission, permissions } from '../model.ts';
import { allows, effectivePermission, permissionOf } from '../permissions.ts';
import { fullRepo, rights } from '../show/repo.ts';
import { simpleUser } from '../show/user.ts';
import { fullName } from '../state.ts';
import { flag, numberParam, text } from './fields.ts';

export const repoRoutes: readonly Route[] = [
  repoRoute('GET', '', 'read', (repo, call) => found(fullRepo(call.world.site, repo, call.viewer))),
  route('GET', '/repositories/{repository_id}', (call) => {
    const id = numberParam(call, 'repository_id');
    const repo = call.world.state.repos.find((each) => each.id === id);
    if (repo === undefined || !allows(effectivePermission(repo, call.token), 'read')) return notFound();
    return found(fullRepo(call.world.site, repo, call.viewer));
  }),
  repoRoute('PATCH', '', 'admin', async (repo, call) => {
    const name = text(call, 'name') ?? repo.name;
    const { state } = call.world;
    if (name !== repo.name) {
      const taken = state.repo(repo.owner.login, name);
      if (taken !== undefined && taken !== repo) {
        return invalid('Repository', 'name', 'custom', 'name already exists on this account');
      }
      repo.formerNames.add(fullName(repo).toLowerCase());
      repo.name = name;
      for (const other of state.repos) other.formerNames.delete(fullName(repo).toLowerCase());
    }
    const branch = text(call, 'default_branch');
    if (branch !== undefined && branch !== repo.defaultBranch) {
      const exists = await call.world.git.ask(repo.gitDir, [
        'rev-parse',
        '--verify',
        '-q',
        `refs/heads/${branch}`,
      ]);
      if (exists === undefined) {
        return problem(
          422,
          `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`,
        );
      }
      repo.defaultBranch = branch;
      await call.world.git.must(repo.gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
    }
    repo.private = flag(call, 'private') ?? repo.private;
    if (text(call, 'visibility') !== undefined) repo.private = text(call, 'visibility') === 'private';
    repo.description = text(call, 'description') ?? repo.description;
    repo.homepage = text(call, 'homepage') ?? repo.homepage;
    repo.archived = flag(call, 'archived') ?? repo.archived;
    repo.hasIssues = flag(call, 'has_issues') ?? repo.hasIssues;
    repo.updatedAt = new Date();
    return found(fullRepo(call.world.site, repo, call.viewer));
  }),
  repoRoute('DELETE', '', 'admin', async (repo, call) => {
    if (call.token?.scopes != null && !call.token.scopes.includes('delete_repo')) {
      return problem(403, 'Must have admin rights to Repository.');
    }
    const { repos } = call.world.state;
    repos.splice(repos.indexOf(repo), 1);
    for (const run of repo.runs) call.world.runs.cancel(run);
    await rm(repo.gitDir, { recursive: true, force: true });
    return noContent();
  }),
  repoRoute('GET', '/collaborators', 'write', (repo, call) => {
    const members = [repo.owner, ...repo.collaborators.keys()].filter((user) => user.type !== 'Organization');
    return pageOf(call, members, (user) => ({
      ...simpleUser(call.world.site, user),
      permissions: rights(permissionOf(repo, user)),
      role_name: permissionOf(repo, user),
    }));
  }),
  repoRoute('GET', '/collaborators/{username}/permission', 'read', (repo, call) => {
    const user = call.world.state.user(call.params['username'] ?? '');
    if (user === undefined) return notFound();
    const role = permissionOf(repo, user);
    return found({
      permission: coarse(role),
      user: {
        ...simpleUser(call.world.site, user),
        permissions: rights(role),
        role_name: role,
      },
      role_name: role,
    });
  }),
  repoRoute('PUT', '/collaborators/{username}', 'admin', (repo, call) => {
    const user = call.world.state.user(call.params['username'] ?? '');
    if (user === undefined) return notFound();
    const asked = text(call, 'permission') ?? 'push';
    const named: Record<string, Permission> = { pull: 'read', push: 'write' };
    const permission = named[asked] ?? permissions.find((each) => each === asked);
    if (permission === undefined) return invalid('Collaborator', 'permission', 'invalid');
    repo.collaborators.set(user, permission);
    return noContent();
  }),
  repoRoute('DELETE', '/collaborators/{username}', 'admin', (repo, call) => {
    const user = call.world.state.user(call.params['username'] ?? '');
    if (user !== undefined) repo.collaborators.delete(user);
    return noContent();
  }),
];

/** The old four levels: maintain counts as write, triage as read. */
function coarse(role: Permission): string {
  if (role === 'maintain') return 'write';
  return role === 'triage' ? 'read' : role;
}
