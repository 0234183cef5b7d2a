import { found } from '../http/reply.ts';
import { type Route, route } from '../http/route.ts';

export const metaRoutes: readonly Route[] = [
  route('GET', '/rate_limit', (call) => {
    const show = (resource: 'core' | 'search' | 'graphql'): Record<string, unknown> => {
      const { limit, used, reset } = call.world.limits.budget(call.token, resource);
      return { limit, used, remaining: Math.max(0, limit - used), reset, resource };
    };
    const core = show('core');
    return found({ resources: { core, search: show('search'), graphql: show('graphql') }, rate: core });
  }),
  route('GET', '/zen', () => ({
    status: 200,
    raw: { type: 'text/plain;charset=utf-8', bytes: 'Responsive is better than fast.' },
  })),
  route('GET', '/meta', () =>
    found({ verifiable_password_authentication: false, installed_version: '3.99.0' }),
  ),
];
