import type { ApiUrl } from './api-url.ts';

/** `owner/name` of a remote URL in any of git's forms; undefined when another host has it. */
export function slugOf(remoteUrl: string, api: ApiUrl): string | undefined {
  const remote = readRemote(remoteUrl.trim());
  if (!remote || !isOurs(remote, api)) return undefined;
  const match = /^\/*([A-Za-z0-9][A-Za-z0-9_-]{0,99})\/([A-Za-z0-9._-]{1,100}?)(?:\.git)?\/*$/.exec(
    remote.path,
  );
  const [, owner, name] = match ?? [];
  if (!owner || !name || name === '.' || name === '..') return undefined;
  return `${owner}/${name}`;
}

interface Remote {
  readonly scheme: string;
  readonly hostname: string;
  /** With the port. */
  readonly host: string;
  readonly path: string;
}

function readRemote(text: string): Remote | undefined {
  if (text.includes('://')) {
    if (!URL.canParse(text)) return undefined;
    const url = new URL(text);
    const scheme = url.protocol.slice(0, -1).replace(/^git\+/, '');
    return { scheme, hostname: url.hostname.toLowerCase(), host: url.host.toLowerCase(), path: url.pathname };
  }
  const short = /^(?:[^@\s/:]+@)?([A-Za-z0-9.-]+):(?!\/)(\S+)$/.exec(text);
  if (!short) return undefined;
  const host = (short[1] ?? '').toLowerCase();
  return { scheme: 'ssh', hostname: host, host, path: short[2] ?? '' };
}

/** ssh has a port of its own, so only the name counts there. http is believed where the API itself is http. */
function isOurs(remote: Remote, api: ApiUrl): boolean {
  switch (remote.scheme) {
    case 'https':
    case 'http':
      return remote.scheme === api.scheme && api.hosts.includes(remote.host);
    case 'ssh':
    case 'git':
      return api.hosts.some((host) => host.replace(/:\d+$/, '') === remote.hostname);
    default:
      return false;
  }
}
