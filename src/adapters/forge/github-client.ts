import type { Octokit } from '@octokit/rest';
import pLimit from 'p-limit';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ForgeBudget, ForgeFailure } from '../../ports/forge.ts';
import { etagCache } from './etag-cache.ts';
import { type GraphqlAnswer, readGraphqlAnswer } from './graphql-answer.ts';
import { rateBudget } from './rate-budget.ts';
import { failureOf, type Headers, isPassing, type Refusal, readRefusal, resetOf } from './request-failure.ts';
import { textOf } from './text-of.ts';

export interface GithubClientOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly userAgent: string;
  /** For one request, until its answer. */
  readonly timeoutMs: number;
  /** Share of the hourly budget that polling leaves alone. */
  readonly reserve: number;
}

export type Parameters = Readonly<Record<string, string | number | boolean>>;

export interface Question<T> {
  /** `GET /repos/{owner}/{repo}/…`, as GitHub's documentation writes it. */
  readonly route: string;
  readonly parameters: Parameters;
  /** What we keep of the answer. It is kept for as long as the forge confirms it. */
  read(data: unknown, headers: Headers): T;
  /** False for what is asked once, and not worth a place in memory. */
  readonly conditional?: boolean | undefined;
  /** Asked again and again: stops while the budget is low. */
  readonly polling?: boolean | undefined;
}

/** Requests to GitHub: few at a time, conditional, patient with a server that stumbles, obedient to one that is tired. */
export interface GithubClient {
  get<T>(question: Question<T>): Promise<Result<T, ForgeFailure>>;
  /** Sent once, whatever happens: the first one may have worked. */
  post(route: string, parameters: Parameters): Promise<Result<void, ForgeFailure>>;
  /** One GraphQL query. Errors about parts of it are the reader's to look at. */
  query<T>(text: string, read: (answer: GraphqlAnswer) => T): Promise<Result<T, ForgeFailure>>;
  /** The answer as text in pieces, wherever it is redirected to. */
  stream(route: string, parameters: Parameters): Promise<Result<AsyncIterable<string>, ForgeFailure>>;
  budget(): ForgeBudget;
}

interface Answer {
  readonly data: unknown;
  readonly headers: Headers;
}

const tries = 3;
const betweenWritesMs = 1000;

export function githubClient(options: GithubClientOptions): GithubClient {
  const { clock, timeoutMs } = options;
  const cache = etagCache(1000);
  const budget = rateBudget(options.reserve);
  const reads = pLimit(4);
  const writes = pLimit(1);
  let lastWrite = 0;
  let octokit: Promise<Octokit> | undefined;

  async function send(
    route: string,
    parameters: Parameters,
    extra: { headers?: Headers; signal?: AbortSignal; parse?: boolean },
  ): Promise<Result<Answer, Refusal>> {
    octokit ??= openOctokit(options);
    const { request } = await octokit;
    budget.sent();
    try {
      const response = await request(route, {
        ...parameters,
        headers: { 'x-github-api-version': '2022-11-28', ...extra.headers },
        request: {
          signal: extra.signal ?? AbortSignal.timeout(timeoutMs),
          parseSuccessResponseBody: extra.parse ?? true,
        },
      });
      budget.answered(response.headers, clock.now());
      return ok({ data: response.data as unknown, headers: response.headers });
    } catch (error) {
      const refusal = readRefusal(error);
      if (!refusal) throw error;
      if (refusal.status === 304) budget.answered(refusal.headers, clock.now());
      return failed(refusal);
    }
  }

  async function sendPatiently(route: string, parameters: Parameters, headers: Headers) {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(route, parameters, { headers });
      if (answer.ok || !isPassing(answer.failure) || attempt >= tries) return answer;
      await clock.sleep(500 * 2 ** (attempt - 1) * (0.75 + 0.5 * Math.random()));
    }
  }

  function refuse(refusal: Refusal): Result<never, ForgeFailure> {
    const failure = failureOf(refusal, clock.now(), budget.strikes() + 1);
    if (failure.kind === 'later') budget.limited(failure.until);
    return failed(failure);
  }

  async function get<T>(question: Question<T>): Promise<Result<T, ForgeFailure>> {
    const early = budget.refusal(clock.now(), question.polling ?? false);
    if (early) return failed(early);
    const conditional = question.conditional ?? true;
    const key = JSON.stringify([question.route, question.parameters]);
    const cached = conditional ? cache.get(key) : undefined;
    const headers: Headers = cached ? { 'if-none-match': cached.etag } : {};
    const answer = await sendPatiently(question.route, question.parameters, headers);
    if (!answer.ok && answer.failure.status === 304 && cached) {
      budget.notModified();
      // The key names the question, and each question is read in one way.
      return ok(cached.value as T);
    }
    if (!answer.ok) return refuse(answer.failure);
    const value = question.read(answer.value.data, answer.value.headers);
    const { etag } = answer.value.headers;
    if (conditional && typeof etag === 'string') cache.set(key, { etag, value });
    return ok(value);
  }

  async function post(route: string, parameters: Parameters): Promise<Result<void, ForgeFailure>> {
    const early = budget.refusal(clock.now(), false);
    if (early) return failed(early);
    await clock.sleep(Math.max(0, lastWrite + betweenWritesMs - clock.now()));
    lastWrite = clock.now();
    const answer = await send(route, parameters, {});
    return answer.ok ? ok(undefined) : refuse(answer.failure);
  }

  async function query<T>(
    text: string,
    read: (answer: GraphqlAnswer) => T,
  ): Promise<Result<T, ForgeFailure>> {
    const early = budget.refusal(clock.now(), true);
    if (early) return failed(early);
    // GitHub Enterprise has it beside /api/v3, not below.
    const baseUrl = options.baseUrl.replace(/\/api\/v3$/, '/api');
    const sent = await sendPatiently('POST /graphql', { baseUrl, query: text }, {});
    if (!sent.ok) return refuse(sent.failure);
    const answer = readGraphqlAnswer(sent.value.data);
    const whole = answer.errors.find(({ alias }) => alias === undefined);
    if (!whole) return ok(read(answer));
    const message = whole.message.replace(/\s+/g, ' ').slice(0, 300);
    if (whole.type !== 'RATE_LIMITED') return failed({ kind: 'unavailable', message });
    const until = resetOf(sent.value.headers, clock.now()) ?? clock.now() + 60_000;
    return failed({ kind: 'later', until, message });
  }

  async function stream(route: string, parameters: Parameters) {
    const early = budget.refusal(clock.now(), false);
    if (early) return failed(early);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      stop.abort(new Error('no answer in time'));
    }, timeoutMs);
    const answer = await send(route, parameters, { signal: stop.signal, parse: false });
    clearTimeout(timer);
    if (!answer.ok) return refuse(answer.failure);
    return ok(textOf(answer.value.data, stop, 3 * timeoutMs));
  }

  return {
    get: (question) => reads(() => get(question)),
    post: (route, parameters) => writes(() => post(route, parameters)),
    query: (text, read) => reads(() => query(text, read)),
    stream: (route, parameters) => reads(() => stream(route, parameters)),
    budget: () => budget.read(),
  };
}

/** Loaded when the first question is asked: most commands never ask one. */
async function openOctokit({ baseUrl, token, userAgent }: GithubClientOptions): Promise<Octokit> {
  const { Octokit } = await import('@octokit/rest');
  const silent = (): void => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  return new Octokit({ auth: token, baseUrl, userAgent, log });
}
