import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { fullName } from '../state.ts';
import type { World } from '../world.ts';
import type { Caller } from './authenticate.ts';
import { entityTag, tagMatches } from './conditional.ts';
import type { Resource } from './rate-limit.ts';
import { notFound, problem, type Reply } from './reply.ts';
import type { Match, Route } from './route.ts';
import { contentOf } from './write-reply.ts';

/** Says why an answer does not fit GitHub's own schema, or undefined when it fits or none is known. */
export type Judge = (route: Route, status: number, body: unknown) => string | undefined;

export interface RestRequest {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly caller: Caller;
  readonly body: Record<string, unknown> | undefined;
}

/** Answers one REST request with all headers: rights, rate limit, entity tag, schema check. */
export async function answerRest(
  world: World,
  tools: { match: (method: string, path: string) => Match | undefined; judge: Judge | undefined },
  asked: RestRequest,
): Promise<Reply> {
  const { request, caller } = asked;
  const method = request.method ?? 'GET';
  const headers: Record<string, string> = {
    'x-github-request-id': randomUUID().replaceAll('-', '').toUpperCase().slice(0, 20),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
  };
  if (request.headers['user-agent'] === undefined) {
    return problem(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    );
  }
  if (caller.kind === 'bad') return withHeaders(problem(401, 'Bad credentials'), headers);
  const token = caller.kind === 'known' ? caller.token : null;
  if (token?.scopes != null) {
    headers['x-oauth-scopes'] = token.scopes.join(', ');
    headers['x-accepted-oauth-scopes'] = '';
  }

  const path = byName(world, asked.path);
  const resource: Resource = path.startsWith('/search/') ? 'search' : 'core';
  const free = path === '/rate_limit';
  if (!free && world.limits.exhausted(token, resource)) {
    return withHeaders(exceeded(token?.user.id), { ...headers, ...world.limits.headers(token, resource) });
  }
  const count = (): void => {
    if (!free) world.limits.count(token, resource);
    Object.assign(headers, world.limits.headers(token, resource));
  };

  const hit = tools.match(method === 'HEAD' ? 'GET' : method, path);
  if (hit === undefined) {
    count();
    return withHeaders(notFound(), headers);
  }
  if (asked.body === undefined) {
    count();
    return withHeaders(problem(400, 'Problems parsing JSON'), headers);
  }
  const reply = await hit.route.answer({
    world,
    token,
    viewer: token?.user ?? null,
    method,
    path,
    params: hit.params,
    query: asked.query,
    body: asked.body,
    media: mediaOf(request.headers.accept),
  });
  const wrong = tools.judge?.(hit.route, reply.status, reply.body);
  if (wrong !== undefined) return withHeaders(problem(500, wrong), headers);

  const content = contentOf(reply);
  if (method === 'GET' && reply.status === 200 && content !== undefined && !free) {
    headers['etag'] = entityTag(content.bytes, token?.text ?? null);
    headers['cache-control'] = `${token === null ? 'public' : 'private'}, max-age=60, s-maxage=60`;
    headers['vary'] =
      'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With';
    if (tagMatches(request.headers['if-none-match'], headers['etag'])) {
      // A conditional request is free only for those who say who they are.
      if (token === null) count();
      else Object.assign(headers, world.limits.headers(token, resource));
      return { status: 304, headers: { ...headers, ...reply.headers } };
    }
  }
  count();
  return withHeaders(reply, headers);
}

function mediaOf(accept: string | undefined): string[] {
  return [...(accept ?? '').matchAll(/application\/vnd\.github\.(?:v3\.)?(\w+)/g)].map(
    (match) => match[1] ?? '',
  );
}

function withHeaders(reply: Reply, headers: Record<string, string>): Reply {
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

function exceeded(userId: number | undefined): Reply {
  const whose = userId === undefined ? '127.0.0.1' : `user ID ${String(userId)}`;
  return problem(403, `API rate limit exceeded for ${whose}.`);
}

/** /repositories/{id}/x is where renamed repositories send their callers: the same as /repos/{owner}/{repo}/x. */
function byName(world: World, path: string): string {
  const match = /^\/repositories\/(\d+)(\/.+)$/.exec(path);
  const repo = match === null ? undefined : world.state.repos.find(({ id }) => String(id) === match[1]);
  return repo === undefined ? path : `/repos/${fullName(repo)}${match?.[2] ?? ''}`;
}
