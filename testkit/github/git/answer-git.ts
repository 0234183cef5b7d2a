import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Caller } from '../http/authenticate.ts';
import type { Repo, User } from '../model.ts';
import { allows, effectivePermission, mayPushWorkflows } from '../permissions.ts';
import type { World } from '../world.ts';
import type { Hooks } from './hooks.ts';
import { serveGit } from './http-backend.ts';
import { withReasons } from './report.ts';

export interface GitPath {
  readonly owner: string;
  readonly name: string;
  readonly service: string;
}

/** The repository and service a git client asks for, or undefined when this is no git path. */
export function gitPath(pathname: string): GitPath | undefined {
  const match = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(
    pathname,
  );
  if (match === null) return undefined;
  return { owner: match[1] ?? '', name: match[2] ?? '', service: match[3] ?? '' };
}

/** One ref that a push moved. */
export interface MovedRef {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** Answers a git client: who may not read sees no repository, who may not write is refused, pushes are told on. */
export async function answerGit(
  world: World,
  asked: GitPath & { query: string; caller: Caller; hooks: Hooks },
  exchange: { request: IncomingMessage; response: ServerResponse },
  pushed: (repo: Repo, by: User, moved: readonly MovedRef[]) => void,
): Promise<void> {
  const { caller } = asked;
  const { response } = exchange;
  const say = (status: number, text: string, headers: Record<string, string> = {}): void => {
    exchange.request.resume();
    response.writeHead(status, { 'content-type': 'text/plain; charset=UTF-8', ...headers });
    response.end(text);
  };
  const challenge = (text: string): void => {
    say(401, text, { 'www-authenticate': 'Basic realm="GitHub"' });
  };
  if (caller.kind === 'bad') {
    challenge('Invalid username or token. Password authentication is not supported for Git operations.');
    return;
  }

  const token = caller.kind === 'known' ? caller.token : null;
  const repo = world.state.repo(asked.owner, asked.name) ?? world.state.renamedRepo(asked.owner, asked.name);
  const right = repo === undefined ? 'none' : effectivePermission(repo, token);
  if (repo === undefined || !allows(right, 'read')) {
    if (token === null) challenge('Repository not found.');
    else say(404, 'Repository not found.');
    return;
  }
  if (world.state.repo(asked.owner, asked.name) === undefined) {
    const target = `${world.site.url}/${repo.owner.login}/${repo.name}.git/${asked.service}`;
    say(301, '', { location: asked.query === '' ? target : `${target}?${asked.query}` });
    return;
  }
  const writes = asked.service === 'git-receive-pack' || asked.query.includes('service=git-receive-pack');
  if (writes && token === null) {
    challenge('No anonymous write access.');
    return;
  }
  if (writes && !allows(right, 'write')) {
    say(403, `Permission to ${repo.owner.login}/${repo.name}.git denied to ${token?.user.login ?? ''}.`);
    return;
  }
  if (writes && repo.archived) {
    say(403, 'This repository was archived so it is read-only.');
    return;
  }

  const backend = {
    gitDir: repo.gitDir,
    service: asked.service,
    query: asked.query,
    login: token?.user.login ?? null,
  };
  const config = {
    'receive.hideRefs': 'refs/pull',
    'uploadpack.allowFilter': 'true',
    'uploadpack.allowAnySHA1InWant': 'true',
  };
  if (asked.service !== 'git-receive-pack' || token === null) {
    await serveGit(world.git, { ...backend, env: {}, config }, exchange.request, response);
    return;
  }

  const reasons = path.join(world.state.folder, `reasons-${randomUUID()}`);
  const received = path.join(world.state.folder, `received-${randomUUID()}`);
  const strict = repo.protectedBranches.size > 0 || !mayPushWorkflows(token);
  const env = {
    STANDIN_REASONS: reasons,
    STANDIN_RECEIVED: received,
    STANDIN_PROTECTED: [...repo.protectedBranches].join('\n'),
    STANDIN_WORKFLOWS: mayPushWorkflows(token) ? 'yes' : 'no',
  };
  const pushConfig = { ...config, 'core.hooksPath': strict ? asked.hooks.strict : asked.hooks.plain };
  await serveGit(
    world.git,
    { ...backend, env, config: pushConfig },
    exchange.request,
    response,
    async (answer) => {
      const refused = pairs(await textOf(reasons));
      const moved = (await textOf(received))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [before = '', after = '', ref = ''] = line.split(' ');
          return { before, after, ref };
        });
      await Promise.all([reasons, received].map((file) => rm(file, { force: true })));
      pushed(repo, token.user, moved);
      return refused.size === 0 ? answer : withReasons(answer, refused);
    },
  );
}

async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}

function pairs(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) found.set(line.slice(0, space), line.slice(space + 1));
  }
  return found;
}
