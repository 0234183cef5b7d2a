import type { Token } from '../model.ts';

/** Who a request says it is. `bad` is a token nobody was given. */
export type Caller = { kind: 'anonymous' } | { kind: 'known'; token: Token } | { kind: 'bad' };

/** Reads `Bearer x`, `token x` and Basic, whose password is the token (or whose user is, with no password). */
export function authenticate(header: string | undefined, tokens: ReadonlyMap<string, Token>): Caller {
  if (header === undefined || header.trim() === '') return { kind: 'anonymous' };
  const [scheme = '', value = ''] = header.trim().split(/\s+/, 2);
  const offered = scheme.toLowerCase() === 'basic' ? fromBasic(value) : [value];
  for (const text of offered) {
    const token = tokens.get(text);
    if (token !== undefined) return { kind: 'known', token };
  }
  return { kind: 'bad' };
}

function fromBasic(value: string): string[] {
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return [text];
  const password = text.slice(colon + 1);
  return password === '' || password === 'x-oauth-basic' ? [text.slice(0, colon)] : [password];
}
