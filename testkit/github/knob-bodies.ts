import { z } from 'zod';
import type { Conclusion } from '../actions/types.ts';
import { permissions } from './model.ts';

/** What a body of the knobs over HTTP must look like. A key that nobody knows would be a knob that turns nothing. */
export const knobBodies = {
  user: z.strictObject({
    login: z.string().min(1),
    token: z.string().min(1).optional(),
    scopes: z.array(z.string()).optional(),
    type: z.enum(['User', 'Bot', 'Organization']).optional(),
    id: z.int().positive().optional(),
  }),
  token: z.strictObject({
    login: z.string().min(1),
    token: z.string().min(1).optional(),
    scopes: z.array(z.string()).optional(),
  }),
  repo: z.strictObject({
    owner: z.string().min(1),
    name: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, 'a name has letters, digits and . _ - only'),
    private: z.boolean().optional(),
    description: z.string().optional(),
    defaultBranch: z.string().min(1).optional(),
    seedFrom: z.string().min(1).optional(),
    collaborators: z
      .array(z.strictObject({ login: z.string().min(1), permission: z.enum(permissions) }))
      .optional(),
    protectedBranches: z.array(z.string().min(1)).optional(),
  }),
  issue: z.strictObject({
    repository: repository(),
    author: someone(),
    title: z.string(),
    body: z.string().optional(),
    labels: z.array(z.string()).optional(),
    assignees: z.array(z.string()).optional(),
    viaApp: z.strictObject({ id: z.int(), slug: z.string() }).optional(),
    viaEmail: z.boolean().optional(),
  }),
  edit: z.strictObject({ ...place(), as: someone(), body: z.string() }),
  rename: z.strictObject({ ...place(), as: someone(), title: z.string() }),
  transfer: z.strictObject({ ...place(), as: someone(), to: repository() }),
  place: z.strictObject(place()),
  comment: z.strictObject({ ...place(), author: someone(), body: z.string() }),
  editComment: z.strictObject({ id: z.int(), as: someone(), body: z.string() }),
  fault: z.strictObject({
    path: z.string().min(1),
    method: z.string().min(1).optional(),
    status: z.int().min(100).max(599).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
    times: z.union([z.int().positive(), z.literal('always')], 'a number from 1, or "always"').optional(),
    dropConnection: z.boolean().optional(),
    afterwards: z.boolean().optional(),
    delayMs: z.int().nonnegative().optional(),
  }),
  duration: z.strictObject({ ms: z.number().nonnegative() }),
  rateLimit: z.strictObject({
    login: z.string().min(1),
    resource: z.enum(['core', 'search', 'graphql']).optional(),
    remaining: z.int().nonnegative().optional(),
    resetInSeconds: z.int().optional(),
  }),
  script: z.strictObject({
    rules: z.array(
      z.strictObject({
        repository: repository().optional(),
        workflow: z.string().optional(),
        job: z.string().optional(),
        headSha: z.string().optional(),
        attempt: z.int().positive().optional(),
        outcome: outcome().optional(),
      }),
    ),
  }),
  expiry: z.strictObject({ repository: repository(), runId: z.int().optional() }),
};

function repository() {
  return z.string().regex(/^[^/]+\/[^/]+$/, 'a repository is OWNER/NAME');
}

/** A login; null is an account that was deleted. */
function someone() {
  return z.string().min(1).nullable();
}

function place() {
  return { repository: repository(), number: z.int().positive() };
}

function outcome() {
  const conclusions = [
    'success',
    'failure',
    'cancelled',
    'skipped',
    'timed_out',
    'neutral',
    'startup_failure',
    'action_required',
  ] as const satisfies readonly Conclusion[];
  const conclusion = z.enum(conclusions);
  return z.union(
    [conclusion, z.literal('no-runner'), z.strictObject({ conclusion, log: z.array(z.string()) })],
    `one of ${conclusions.join(', ')}, no-runner, or { conclusion, log: [...] }`,
  );
}
