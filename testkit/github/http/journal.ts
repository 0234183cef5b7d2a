/** One request as it came in and was answered. Tokens are not kept, only whose they were. */
export interface RecordedRequest {
  readonly at: Date;
  readonly kind: 'rest' | 'graphql' | 'git' | 'blob';
  readonly method: string;
  /** As asked, with /api/v3 when it was there. */
  readonly path: string;
  readonly query: string;
  readonly login: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON body of a REST or GraphQL request. */
  body: unknown;
  /** Set once answered; 0 when the connection was dropped. */
  status: number | null;
}

/** The headers of a request without its secrets. */
export function harmless(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'authorization' || name === 'cookie') continue;
    kept[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return kept;
}
