import { failed, ok, type Result } from '../../domain/result.ts';

/** The API's address, read and found fit to be told a token. */
export interface ApiUrl {
  /** Without a slash at its end. */
  readonly base: string;
  /** Host names, with their port where it is not the usual one, under which remotes of this forge are written. */
  readonly hosts: readonly string[];
  readonly scheme: 'https' | 'http';
}

/** Reads `github_api_url`. A token goes over https, or to this very machine. */
export function readApiUrl(text: string): Result<ApiUrl, string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return failed(`github_api_url is not an https address: ${text}`);
  }
  if (url.username || url.password) return failed('github_api_url must not hold a user or a password');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return failed(`github_api_url must be https, except on this machine: ${url.origin}`);
  }
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  return ok({ base, hosts: gitHosts(url.host), scheme: url.protocol === 'http:' ? 'http' : 'https' });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function gitHosts(host: string): readonly string[] {
  if (host === 'api.github.com') return ['github.com', 'www.github.com', 'ssh.github.com'];
  if (/^api\.[a-z0-9-]+\.ghe\.com$/.test(host)) return [host.slice('api.'.length)];
  return [host];
}
