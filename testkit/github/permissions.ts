import { type Permission, permissions, type Repo, type Token, type User } from './model.ts';

/** What this user may do in this repository, whatever the token says. */
export function permissionOf(repo: Repo, user: User | null): Permission {
  if (user === repo.owner) return 'admin';
  const given = user === null ? undefined : repo.collaborators.get(user);
  return given ?? (repo.private ? 'none' : 'read');
}

/** What a call with this token may do: the user's right, cut down by the scopes of the token. */
export function effectivePermission(repo: Repo, token: Token | null): Permission {
  const right = permissionOf(repo, token?.user ?? null);
  const scopes = token?.scopes ?? null;
  if (scopes === null || scopes.includes('repo')) return right;
  if (repo.private) return 'none';
  return scopes.includes('public_repo') ? right : atMost(right, 'read');
}

export function allows(has: Permission, wanted: Permission): boolean {
  return permissions.indexOf(has) >= permissions.indexOf(wanted);
}

/** Whether a push with this token may touch .github/workflows. */
export function mayPushWorkflows(token: Token): boolean {
  return token.scopes === null || token.scopes.includes('workflow');
}

function atMost(right: Permission, limit: Permission): Permission {
  return allows(right, limit) ? limit : right;
}
