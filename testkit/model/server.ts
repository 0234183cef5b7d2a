import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, zstdDecompress } from 'node:zlib';

import type { Answer } from './answer.ts';
import { errorBody, type HttpReply, httpReply } from './failures.ts';
import { openJournal, type RecordedRequest, withoutKeys } from './journal.ts';
import { readRequest } from './read-request.ts';
import { type ReadyScenario, readScenarios, type Scenario } from './scenario.ts';
import { createScript, type Performance } from './script.ts';
import { send } from './send.ts';

export type { RecordedRequest } from './journal.ts';
export type { Scenario } from './scenario.ts';

/** A model that says what its scenarios say, over the OpenAI Responses API. */
export interface ModelServer extends AsyncDisposable {
  /** The base URL to give to codex: `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  /** The newest requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** What went wrong with scenarios and expectations. A good test run leaves it empty. */
  readonly problems: readonly string[];
  /** Replaces the scenarios for all turns that start from now on. Throws when they are not well formed. */
  setScenarios(scenarios: readonly Scenario[] | string): void;
  close(): Promise<void>;
}

export interface ModelServerOptions {
  /** YAML text, or the same as objects. */
  readonly scenarios: string | readonly Scenario[];
  /** 0 or nothing: any free port. */
  readonly port?: number | undefined;
  /** A file that gets every request as one line of JSON. */
  readonly journal?: string | undefined;
  /** How many requests stay in memory: 1000. */
  readonly keep?: number | undefined;
}

/** Starts a scripted model on 127.0.0.1. Throws when the scenarios are not well formed or the port is taken. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const journal = openJournal({ file: options.journal, keep: options.keep ?? 1000 });
  const problems: string[] = [];
  const stop = new AbortController();
  const script = createScript(wellFormed(options.scenarios), Date.now);

  function note(exchange: Exchange, done: Omit<RecordedRequest, keyof Exchange>): void {
    journal.add({ ...exchange, ...done });
    if (done.problem !== undefined) problems.push(done.problem);
  }

  async function converse(exchange: Exchange, response: ServerResponse): Promise<void> {
    const request = readRequest(exchange.body, exchange.headers);
    if (!request) {
      const problem = 'this is not a request of the Responses API';
      note(exchange, { status: 400, problem });
      reply(response, httpReply(400, errorBody(`testkit: ${problem}`, { type: 'invalid_request_error' })));
      return;
    }
    const { answer, ...why }: Performance = script.answer(request);
    const { thread, userMessage, turn, repo, task, cwd, model, tools, prompt } = request;
    const facts = { thread, userMessage, turn, repo, task, cwd, model, tools, prompt };
    note(exchange, { ...facts, ...why, status: statusOf(answer) });
    await send(response, answer, stop.signal);
  }

  function change(text: string, response: ServerResponse): void {
    const scenarios = readScenarios(text);
    if (!scenarios.ok) {
      reply(response, httpReply(400, { problems: scenarios.failure }));
      return;
    }
    script.recast(scenarios.value);
    reply(response, httpReply(200, { scenarios: scenarios.value.map(({ name }) => name) }));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const bytes = await unpacked(await buffer(request), request.headers['content-encoding']);
    const text = bytes.toString('utf8');

    if (method === 'GET' && pathname === '/__testkit/requests') {
      reply(response, httpReply(200, { requests: journal.requests, problems }));
      return;
    }
    if (method === 'POST' && pathname === '/__testkit/scenarios') {
      change(text, response);
      return;
    }
    const at = new Date().toISOString();
    const exchange = {
      at,
      method,
      path: pathname,
      headers: withoutKeys(request.headers),
      body: parsed(text),
    };
    if (method === 'POST' && pathname.endsWith('/responses')) {
      await converse(exchange, response);
      return;
    }
    const answer = elsewhere(method, pathname);
    note(exchange, { status: answer.status });
    reply(response, answer);
  }

  const server = createServer((request, response) => {
    // A client may leave at any moment; that is its right and no error of ours.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    serve(request, response).catch((cause: unknown) => {
      if (request.destroyed && !request.complete) return;
      problems.push(`the scripted model failed: ${String(cause)}`);
      if (!response.headersSent)
        reply(response, httpReply(500, errorBody(String(cause), { type: 'testkit' })));
      else response.destroy();
    });
  });
  await new Promise<void>((listening, refused) => {
    server.once('error', refused);
    server.listen(options.port ?? 0, '127.0.0.1', listening);
  });

  async function close(): Promise<void> {
    stop.abort();
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: journal.requests,
    problems,
    setScenarios(scenarios) {
      script.recast(wellFormed(scenarios));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Exchange = Pick<RecordedRequest, 'at' | 'method' | 'path' | 'headers' | 'body'>;

function wellFormed(source: string | readonly Scenario[]): ReadyScenario[] {
  const scenarios = readScenarios(source);
  if (!scenarios.ok) throw new Error(`These scenarios are not well formed:\n${scenarios.failure.join('\n')}`);
  return scenarios.value;
}

/** Codex first tries a WebSocket on `responses`; 426 sends it to plain HTTP at once. */
function elsewhere(method: string, pathname: string): HttpReply {
  if (method === 'HEAD' && pathname === '/') return httpReply(200, '');
  if (method === 'GET' && pathname.endsWith('/responses')) return httpReply(426, 'Use POST.');
  return httpReply(404, errorBody('There is nothing here.', { type: 'invalid_request_error' }));
}

function reply(response: ServerResponse, { status, headers, body }: HttpReply): void {
  response.writeHead(status, headers).end(body);
}

function statusOf(answer: Answer): number | null {
  if (answer.kind === 'http') return answer.reply.status;
  return answer.kind === 'cut' || (answer.kind === 'hang' && answer.at === 'headers') ? null : 200;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text === '' ? null : text;
  }
}

async function unpacked(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  switch (encoding) {
    case 'zstd':
      return promisify(zstdDecompress)(bytes);
    case 'gzip':
      return promisify(gunzip)(bytes);
    case 'br':
      return promisify(brotliDecompress)(bytes);
    default:
      return bytes;
  }
}
