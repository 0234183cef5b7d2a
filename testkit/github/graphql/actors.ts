import type { User } from '../model.ts';
import { nodeId, type Site } from '../show/site.ts';
import { iso } from '../state.ts';
import type { Type } from './execute.ts';

/** A user, a bot or an organization. Unlike in REST, a bot's login comes without its [bot]. */
export function actor(site: Site, user: User | null): Type | null {
  if (user === null) return null;
  const login = user.login.replace(/\[bot\]$/, '');
  const page = user.type === 'Bot' ? `${site.url}/apps/${login}` : `${site.url}/${login}`;
  return {
    type: user.type,
    is: ['Actor', 'Node', 'RepositoryOwner', 'UniformResourceLocatable', 'ProfileOwner'],
    fields: {
      id: nodeId(user.type, user.id),
      databaseId: user.id,
      login,
      url: page,
      resourcePath: new URL(page).pathname,
      avatarUrl: () => `${site.url}/avatars/u/${String(user.id)}?v=4`,
      createdAt: iso(user.createdAt),
      ...(user.type === 'Bot' ? {} : { name: user.login, email: '' }),
    },
  };
}
