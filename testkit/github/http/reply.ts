/** One answer: what a route decided, before it is written to the wire. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of a body. */
  readonly raw?: { readonly type: string; readonly bytes: string | Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

const docs = 'https://docs.github.com/rest';

export function found(body: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return headers === undefined ? { status: 200, body } : { status: 200, body, headers };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export function noContent(): Reply {
  return { status: 204 };
}

export function moved(status: 301 | 302 | 307, location: string): Reply {
  const body = { message: 'Moved Permanently', url: location, documentation_url: docs };
  return status === 302 ? { status, headers: { location } } : { status, body, headers: { location } };
}

/** An error answer in GitHub's shape: message, documentation_url and the status as text. */
export function problem(status: number, message: string, errors?: readonly unknown[]): Reply {
  const list = errors === undefined ? {} : { errors };
  return { status, body: { message, ...list, documentation_url: docs, status: String(status) } };
}

export function notFound(): Reply {
  return problem(404, 'Not Found');
}

export function forbidden(): Reply {
  return problem(403, 'Resource not accessible by personal access token');
}

/** 422, as GitHub words it for one field. */
export function invalid(resource: string, field: string, code: string, message?: string): Reply {
  const said = message === undefined ? {} : { message };
  return problem(422, message === undefined ? 'Validation Failed' : `Validation Failed`, [
    { resource, code, field, ...said },
  ]);
}
