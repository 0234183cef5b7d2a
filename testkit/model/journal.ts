import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import type { Performance } from './script.ts';

/** One request the server got, and what it did with it. */
export interface RecordedRequest {
  /** When it came, as ISO text in UTC. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** The status it was answered with; null when the connection hangs or is cut before one. */
  readonly status: number | null;
  readonly thread?: string | undefined;
  readonly userMessage?: number | undefined;
  readonly turn?: string | undefined;
  readonly repo?: string | undefined;
  readonly task?: string | undefined;
  readonly cwd?: string | undefined;
  readonly model?: string | undefined;
  readonly tools?: readonly string[] | undefined;
  readonly prompt?: string | undefined;
  readonly because?: Performance['because'] | undefined;
  readonly scenario?: string | undefined;
  readonly step?: number | undefined;
  readonly call?: number | undefined;
  readonly problem?: string | undefined;
  /** As sent; a key or a cookie is replaced by `(withheld)`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Keeps the newest requests in memory and writes each to a file of JSON lines, if one is named. */
export interface Journal {
  readonly requests: readonly RecordedRequest[];
  add(request: RecordedRequest): void;
}

export function openJournal({
  file,
  keep,
}: {
  readonly file: string | undefined;
  readonly keep: number;
}): Journal {
  const requests: RecordedRequest[] = [];
  if (file !== undefined) mkdirSync(path.dirname(file), { recursive: true });
  return {
    requests,
    add(request) {
      requests.push(request);
      if (requests.length > keep) requests.shift();
      // At once, so that a check which reads the file after the agent has ended finds everything in it.
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(request)}\n`);
    },
  };
}

/** The headers without what proves who somebody is. */
export function withoutKeys(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const secret = /^(authorization|proxy-authorization|cookie|x-api-key)$/;
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, secret.test(name) ? '(withheld)' : [value].flat().join(', ')]],
    ),
  );
}
