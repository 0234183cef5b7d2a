import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Git } from './git.ts';

export interface BackendRequest {
  readonly gitDir: string;
  /** Below the repository: info/refs, git-upload-pack or git-receive-pack. */
  readonly service: string;
  readonly query: string;
  readonly login: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, string>>;
}

/** Hands one request to `git http-backend` and its answer back; `rewrite` may look at and change a whole answer. */
export async function serveGit(
  git: Git,
  asked: BackendRequest,
  request: IncomingMessage,
  response: ServerResponse,
  rewrite?: (answer: Buffer) => Promise<Buffer>,
): Promise<void> {
  // Whoever asked has hung up while an answer was held back: a backend would wait for the rest of the request for ever.
  if (response.closed) return;
  const settings = Object.entries({ 'http.receivepack': 'true', ...asked.config });
  const header = (name: string): string => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : '';
  };
  const child = spawn('git', ['http-backend'], {
    env: {
      ...git.env,
      ...asked.env,
      GIT_PROJECT_ROOT: asked.gitDir,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_HTTP_MAX_REQUEST_BUFFER: '100M',
      GIT_PROTOCOL: header('git-protocol'),
      GIT_CONFIG_COUNT: String(settings.length),
      ...Object.fromEntries(
        settings.flatMap(([key, value], index) => [
          [`GIT_CONFIG_KEY_${String(index)}`, key],
          [`GIT_CONFIG_VALUE_${String(index)}`, value],
        ]),
      ),
      PATH_INFO: `/${asked.service}`,
      QUERY_STRING: asked.query,
      REQUEST_METHOD: request.method ?? 'GET',
      REMOTE_ADDR: '127.0.0.1',
      REMOTE_USER: asked.login ?? '',
      CONTENT_TYPE: header('content-type'),
      ...(header('content-length') === '' ? {} : { CONTENT_LENGTH: header('content-length') }),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
    },
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  const gone = (): void => {
    if (!response.writableFinished) child.kill('SIGTERM');
  };
  response.on('close', gone);

  await new Promise<void>((resolve, reject) => {
    const held: Buffer[] = [];
    let started = false;
    let pending = Buffer.alloc(0);
    child.on('error', reject);
    child.stderr.resume();
    child.stdout.on('data', (chunk: Buffer) => {
      if (started) {
        if (rewrite === undefined) response.write(chunk);
        else held.push(chunk);
        return;
      }
      pending = Buffer.concat([pending, chunk]);
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      started = true;
      const { status, headers } = readHead(pending.toString('latin1', 0, end));
      response.writeHead(status, headers);
      const rest = pending.subarray(end + 4);
      if (rest.length === 0) return;
      if (rewrite === undefined) response.write(rest);
      else held.push(rest);
    });
    child.on('close', () => {
      if (!started) response.writeHead(500);
      if (rewrite === undefined) {
        response.end(resolve);
        return;
      }
      rewrite(Buffer.concat(held)).then((answer) => response.end(answer, resolve), reject);
    });
    response.on('close', resolve);
  });
}

function readHead(text: string): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers };
}
