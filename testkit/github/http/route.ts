import type { Permission, Repo, Token, User } from '../model.ts';
import { allows, effectivePermission } from '../permissions.ts';
import type { World } from '../world.ts';
import { forbidden, moved, notFound, problem, type Reply } from './reply.ts';

/** One request as a route sees it. */
export interface Call {
  readonly world: World;
  readonly token: Token | null;
  readonly viewer: User | null;
  readonly method: string;
  /** Without the prefix /api/v3, still encoded. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** The media types asked for: `raw`, `full`, `diff` and so on of `application/vnd.github.raw+json`. */
  readonly media: readonly string[];
}

/** One operation, named by the path template of GitHub's own OpenAPI description. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly answer: (call: Call) => Reply | Promise<Reply>;
}

export function route(method: string, path: string, answer: Route['answer']): Route {
  return { method, path, answer };
}

/** A route that needs a user. */
export function userRoute(
  method: string,
  path: string,
  answer: (call: Call & { readonly token: Token; readonly viewer: User }) => Reply | Promise<Reply>,
): Route {
  return route(method, path, (call) => {
    if (call.token === null) return problem(401, 'Requires authentication');
    return answer({ ...call, token: call.token, viewer: call.token.user });
  });
}

/**
 * A route below /repos/{owner}/{repo}. Who may not read sees 404, who may read and not do this sees 403,
 * and a former name answers with a redirect, all as GitHub does.
 */
export function repoRoute(
  method: string,
  below: string,
  wanted: Permission,
  answer: (repo: Repo, call: Call) => Reply | Promise<Reply>,
): Route {
  return route(method, `/repos/{owner}/{repo}${below}`, (call) => {
    const owner = call.params['owner'] ?? '';
    const name = call.params['repo'] ?? '';
    const { state, site } = call.world;
    const repo = state.repo(owner, name);
    if (repo === undefined) {
      const renamed = state.renamedRepo(owner, name);
      if (renamed === undefined || !allows(effectivePermission(renamed, call.token), 'read'))
        return notFound();
      const rest = call.path.split('/').slice(4).join('/');
      const query = call.query.size > 0 ? `?${call.query.toString()}` : '';
      const target = `${site.api}/repositories/${String(renamed.id)}${rest === '' ? '' : `/${rest}`}${query}`;
      return moved(method === 'GET' ? 301 : 307, target);
    }
    const right = effectivePermission(repo, call.token);
    if (!allows(right, 'read')) return notFound();
    if (method !== 'GET' && call.token === null) return problem(401, 'Requires authentication');
    if (!allows(right, wanted)) {
      return wanted === 'admin' ? problem(403, 'Must have admin rights to Repository.') : forbidden();
    }
    if (method !== 'GET' && repo.archived && below !== '') {
      return problem(403, 'Repository was archived so is read-only.');
    }
    return answer(repo, call);
  });
}

/** Finds the route of a path; `{name}` takes one segment, `{+name}` takes the rest. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match | undefined {
  const compiled = routes.map((each) => ({ each, pattern: compile(each.path) }));
  return (method, path) => {
    for (const { each, pattern } of compiled) {
      if (each.method !== method) continue;
      const match = pattern.exec(path);
      if (match === null) continue;
      const params: Record<string, string> = {};
      for (const [name, value] of Object.entries(match.groups ?? {})) params[name] = decode(value);
      return { route: each, params };
    }
    return undefined;
  };
}

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** Parameters that hold slashes: file paths, branch and ref names. */
const greedy = new Set(['path', 'ref', 'branch', 'basehead', 'tree_sha', 'commit_sha']);

function compile(template: string): RegExp {
  const source = template
    .split(/(\{[a-z_]+\})/)
    .map((part) => {
      const name = /^\{([a-z_]+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return greedy.has(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
    })
    .join('');
  return new RegExp(`^${source}/?$`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
