import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerGit, gitPath } from '../git/answer-git.ts';
import type { Hooks } from '../git/hooks.ts';
import { answerGraphql } from '../graphql/answer-graphql.ts';
import { restRoutes } from '../routes/index.ts';
import { onMovedRefs } from '../runs/on-moved-refs.ts';
import type { GitHubStandIn } from '../stand-in.ts';
import { answerTestkit } from '../testkit-routes.ts';
import type { World } from '../world.ts';
import { answerRest, type Judge } from './answer-rest.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { parseObject, readBody } from './body.ts';
import type { Fault } from './faults.ts';
import { harmless, type RecordedRequest } from './journal.ts';
import { problem, type Reply } from './reply.ts';
import { createRouter } from './route.ts';
import { swallow } from './swallow.ts';
import { writeReply } from './write-reply.ts';

export interface ListenOptions {
  readonly port: number;
  readonly hooks: Hooks;
  readonly requests: RecordedRequest[];
  readonly judge: Judge | undefined;
  readonly knobs: () => GitHubStandIn;
}

/** Opens the server on 127.0.0.1 and answers everything: git, REST, GraphQL, log links and the knobs. */
export async function listen(
  world: World,
  options: ListenOptions,
): Promise<{ port: number; close(): Promise<void> }> {
  const match = createRouter(restRoutes);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const pathname = url.pathname.replace(/\/{2,}/g, '/');
    const method = request.method ?? 'GET';
    if (pathname.startsWith('/__testkit/') || pathname === '/__testkit') {
      if (!fromThisMachine(request)) {
        writeReply(response, problem(403, 'The knobs are for programs on this machine, not for web pages.'));
        return;
      }
      const body = parseObject(await readBody(request));
      writeReply(response, await answerTestkit(options.knobs(), { method, pathname, url, body }));
      return;
    }

    const caller = authenticate(request.headers.authorization, world.state.tokens);
    const entry = record(pathname, url, request, caller);
    options.requests.push(entry);
    response.on('finish', () => {
      entry.status = response.statusCode;
    });
    for (const fault of world.faults.meet(method, pathname)) {
      if (fault.delayMs !== undefined) await sleep(fault.delayMs);
      const ends = fault.dropConnection === true || fault.status !== undefined;
      if (!ends) continue;
      if (fault.afterwards === true) {
        const giveBack = swallow(response);
        await answer(request, response, entry, { url, pathname, method, caller });
        giveBack();
      } else if (fault.dropConnection !== true) {
        await readBody(request);
      }
      goWrong(fault, request, response, entry);
      return;
    }
    await answer(request, response, entry, { url, pathname, method, caller });
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    entry: RecordedRequest,
    { url, pathname, method, caller }: { url: URL; pathname: string; method: string; caller: Caller },
  ): Promise<void> {
    const git = gitPath(pathname);
    if (git !== undefined) {
      const asked = { ...git, query: url.search.slice(1), caller, hooks: options.hooks };
      await answerGit(world, asked, { request, response }, (repo, by, moved) => {
        onMovedRefs(world, repo, by, moved);
      });
      return;
    }
    const bytes = await readBody(request);
    const blob = world.blobs.answer(pathname);
    if (blob !== undefined) {
      writeReply(response, blob);
      return;
    }
    const body = parseObject(bytes);
    entry.body = body;
    if (entry.kind === 'graphql') {
      writeReply(response, await graphql(caller, method, body));
      return;
    }
    const path = pathname.replace(/^\/api\/v3(?=\/|$)/, '') || '/';
    const tools = { match, judge: options.judge };
    const reply = await answerRest(world, tools, { request, path, query: url.searchParams, caller, body });
    writeReply(response, reply);
  }

  async function graphql(
    caller: Caller,
    method: string,
    body: Record<string, unknown> | undefined,
  ): Promise<Reply> {
    if (method !== 'POST') return problem(404, 'Not Found');
    if (caller.kind !== 'known') {
      return problem(
        401,
        caller.kind === 'bad' ? 'Bad credentials' : 'This endpoint requires you to be authenticated.',
      );
    }
    const { token } = caller;
    const scopes: Record<string, string> =
      token.scopes === null ? {} : { 'x-oauth-scopes': token.scopes.join(', ') };
    if (body === undefined) return problem(400, 'Problems parsing JSON');
    if (world.limits.exhausted(token, 'graphql')) {
      const message = `API rate limit exceeded for user ID ${String(token.user.id)}.`;
      const headers = { ...scopes, ...world.limits.headers(token, 'graphql') };
      return { status: 200, body: { errors: [{ type: 'RATE_LIMITED', message }] }, headers };
    }
    world.limits.count(token, 'graphql');
    const answer = await answerGraphql(world, token, body);
    return { status: 200, body: answer, headers: { ...scopes, ...world.limits.headers(token, 'graphql') } };
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((bug: unknown) => {
      const said = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
      if (response.headersSent) response.destroy();
      else writeReply(response, problem(500, `The stand-in has a bug: ${said}`));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function goWrong(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  entry: RecordedRequest,
): void {
  if (fault.dropConnection === true || fault.status === undefined) {
    entry.status = 0;
    request.socket.destroy();
    return;
  }
  const { status, headers = {} } = fault;
  const raw =
    typeof fault.body === 'string' ? { type: 'text/plain; charset=utf-8', bytes: fault.body } : undefined;
  const body = fault.body ?? {
    message: 'A fault of the stand-in',
    documentation_url: 'https://docs.github.com/rest',
  };
  writeReply(response, raw === undefined ? { status, body, headers } : { status, raw, headers });
}

/** A browser names the page it acts for, and a rebound name shows in the Host header. */
function fromThisMachine(request: IncomingMessage): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  return request.headers.origin === undefined && ['127.0.0.1', 'localhost'].includes(host);
}

function record(pathname: string, url: URL, request: IncomingMessage, caller: Caller): RecordedRequest {
  return {
    at: new Date(),
    kind: kindOf(pathname),
    method: request.method ?? 'GET',
    path: pathname,
    query: url.search.slice(1),
    login: caller.kind === 'known' ? caller.token.user.login : null,
    headers: harmless(request.headers),
    body: undefined,
    status: null,
  };
}

function kindOf(pathname: string): RecordedRequest['kind'] {
  if (gitPath(pathname) !== undefined) return 'git';
  if (pathname.startsWith('/_blobs/')) return 'blob';
  return /^(?:\/api|\/api\/v3)?\/graphql$/.test(pathname) ? 'graphql' : 'rest';
}
