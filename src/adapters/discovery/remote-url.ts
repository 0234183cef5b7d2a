/** The URL of `origin`, or of the first remote, from the text of a git config; without any user or password. */
export function remoteUrlIn(config: string): string | undefined {
  const urls = new Map<string, string>();
  let remote: string | undefined;
  for (const raw of config.split('\n')) {
    const line = raw.trim();
    if (line.startsWith('[')) {
      remote = /^\[\s*remote\s+"((?:[^"\\]|\\.)*)"\s*\]/i.exec(line)?.[1];
      continue;
    }
    const url = remote === undefined ? undefined : /^url\s*=\s*(.*)$/i.exec(line)?.[1];
    if (remote !== undefined && url !== undefined && !urls.has(remote)) urls.set(remote, plain(url));
  }
  const url = urls.get('origin') ?? urls.values().next().value;
  return url === undefined || url === '' ? undefined : withoutCredentials(url);
}

function plain(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
  return quoted === undefined ? value.replace(/\s[#;].*$/, '').trim() : quoted.replace(/\\(.)/g, '$1');
}

/** `git@host` names no person; a user or password before any other host may be a secret. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/@]*)@/i, (whole, scheme: string, who: string) =>
    who === 'git' ? whole : scheme,
  );
}
