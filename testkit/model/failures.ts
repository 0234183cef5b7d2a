import { z } from 'zod';

/** An answer that is plain HTTP instead of a stream. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What `fail` accepts: the name of a usual failure, or the HTTP answer itself. */
export const failureSchema = z.union(
  [
    z
      .enum(['auth', 'server', 'overloaded', 'rate-limit', 'quota', 'model', 'context', 'incomplete'])
      .transform((kind) => ({ ...usualFailures[kind], times: undefined })),
    z
      .strictObject({
        status: z.int().min(200).max(599),
        headers: z.record(z.string(), z.coerce.string()).default({}),
        body: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
        times: z.int().positive().optional(),
      })
      .transform(({ status, headers, body, times }) => ({
        reply: httpReply(
          status,
          body ?? errorBody(`the scripted model says ${status}`, { type: 'scripted' }),
          headers,
        ),
        times,
      })),
  ],
  {
    error:
      'a usual failure (auth, server, overloaded, rate-limit, quota, model, context, incomplete), or {status, headers, body, times}',
  },
);

/** What `usage-limit` accepts. Without a reset time the limit does not say when it ends. */
export const usageLimitSchema = z
  .strictObject({
    resets_in_seconds: z.number().positive().optional(),
    resets_at: z
      .union([z.int().positive(), z.iso.datetime({ offset: true })], {
        error: 'epoch seconds, or 2026-11-21T02:00:00Z',
      })
      .optional(),
    body_only: z.boolean().default(false),
    window: z.enum(['primary', 'secondary']).default('primary'),
    plan: z.string().default('plus'),
    message: z.string().default('The usage limit has been reached'),
  })
  .refine((limit) => limit.resets_in_seconds === undefined || limit.resets_at === undefined, {
    error: '`resets_in_seconds` or `resets_at`, not both',
  });

/** The 429 of a spent usage window, with the body and the headers codex reads. */
export function usageLimitReply(limit: z.output<typeof usageLimitSchema>, nowMs: number): HttpReply {
  const now = Math.floor(nowMs / 1000);
  const at = limit.resets_at;
  const resetsAt =
    typeof at === 'string'
      ? Math.floor(Date.parse(at) / 1000)
      : (at ??
        (limit.resets_in_seconds === undefined ? undefined : now + Math.ceil(limit.resets_in_seconds)));
  const reset =
    resetsAt === undefined ? {} : { resets_at: resetsAt, resets_in_seconds: Math.max(0, resetsAt - now) };
  const prefix = `x-codex-${limit.window}`;
  const headers = {
    [`${prefix}-used-percent`]: '100',
    [`${prefix}-window-minutes`]: limit.window === 'primary' ? '300' : '10080',
    ...(resetsAt === undefined ? {} : { [`${prefix}-reset-at`]: String(resetsAt) }),
  };
  const body = {
    error: { type: 'usage_limit_reached', message: limit.message, plan_type: limit.plan, ...reset },
  };
  return httpReply(429, body, limit.body_only ? {} : headers);
}

/** A JSON error in the shape of the API. */
export function errorBody(message: string, rest: Readonly<Record<string, string>>): { error: object } {
  return { error: { message, ...rest } };
}

/** A whole HTTP answer; objects are sent as JSON. */
export function httpReply(
  status: number,
  body: string | object,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return {
    status,
    headers: { 'content-type': type, ...lowerCased(headers) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

type UsualFailure = { readonly reply: HttpReply } | { readonly event: Readonly<Record<string, unknown>> };

const usualFailures = {
  auth: http(401, 'Incorrect API key provided.', { type: 'invalid_request_error', code: 'invalid_api_key' }),
  server: http(500, 'The server had an error.', { type: 'server_error', code: 'server_error' }),
  overloaded: http(503, 'The server is overloaded.', { type: 'server_error', code: 'server_is_overloaded' }),
  'rate-limit': http(429, 'Rate limit reached for requests.', {
    type: 'requests',
    code: 'rate_limit_exceeded',
  }),
  quota: http(429, 'You exceeded your current quota.', {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  }),
  model: http(404, 'The model does not exist.', { type: 'invalid_request_error', code: 'model_not_found' }),
  context: {
    event: {
      type: 'response.failed',
      response: {
        id: 'resp_failed',
        error: {
          code: 'context_length_exceeded',
          message: 'Your input exceeds the context window of this model.',
        },
      },
    },
  },
  incomplete: {
    event: {
      type: 'response.incomplete',
      response: { id: 'resp_incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    },
  },
} satisfies Record<string, UsualFailure>;

function http(status: number, message: string, rest: Readonly<Record<string, string>>): { reply: HttpReply } {
  return { reply: httpReply(status, errorBody(message, rest)) };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
