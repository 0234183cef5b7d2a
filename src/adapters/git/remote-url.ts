import path from 'node:path';

export interface Remote {
  /** For people and for the ledger: no user, no password. */
  readonly shown: string;
  /** What git is given: no password either. */
  readonly url: string;
  readonly transport: 'local' | 'http' | 'ssh' | 'other';
  /** A `user:password` that stood in the URL. */
  readonly secret: string | undefined;
}

/** Reads a remote's URL as git would; `from` is where a relative path starts. */
export function parseRemote(raw: string, from: string): Remote {
  if (/^file:\/\//i.test(raw)) return { shown: raw, url: raw, transport: 'local', secret: undefined };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(raw)) return parseUrl(raw);
  if (/^[^/:]+:/.test(raw) && !/^[a-z]:[\\/]/i.test(raw)) {
    const shown = raw.replace(/^[^@/]*@/, '');
    const transport = raw.startsWith('-') || /^[^/:]*::/.test(raw) ? 'other' : 'ssh';
    return { shown, url: raw, transport, secret: undefined };
  }
  const local = path.resolve(from, raw);
  return { shown: local, url: local, transport: 'local', secret: undefined };
}

function parseUrl(raw: string): Remote {
  if (!URL.canParse(raw)) return { shown: stripUser(raw), url: raw, transport: 'other', secret: undefined };
  const url = new URL(raw);
  const transport = transportOf(url.protocol);
  const user = decode(url.username);
  const password = decode(url.password);
  url.password = '';
  // Without a password the user still says which account to ask the credential helper for.
  const kept = transport === 'ssh' || (password === '' && user !== '' && !looksLikeToken(user));
  const secret = transport === 'http' && user !== '' && !kept ? `${user}:${password}` : undefined;
  if (!kept) url.username = '';
  return { shown: stripUser(url.href), url: url.href, transport, secret };
}

function transportOf(protocol: string): Remote['transport'] {
  if (protocol === 'http:' || protocol === 'https:') return 'http';
  return protocol === 'ssh:' || protocol === 'git+ssh:' || protocol === 'ssh+git:' ? 'ssh' : 'other';
}

/** `https://TOKEN@host` and `https://TOKEN:x-oauth-basic@host` are common ways to hand one over. */
function looksLikeToken(user: string): boolean {
  return user.length >= 20 || /^(?:gh[pousr]_|github_pat_|glpat-)/.test(user);
}

function stripUser(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^@/]*@/i, '$1');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
