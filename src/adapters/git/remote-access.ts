import type { Setting } from './hardened-settings.ts';
import type { Remote } from './remote-url.ts';
import type { GitCall, RunGit } from './run-git.ts';

type Access = Pick<GitCall, 'asUser' | 'settings' | 'environment'>;

/** How git is let in to a remote, and how what it says back is made safe to show. */
export interface RemoteAccess {
  to(remote: Remote): Promise<Access>;
  /** The text without the credentials that we know of, and without a user in any URL; what git says of a login, in words. */
  redact(remote: Remote, text: string): string;
}

export interface RemoteAccessOptions {
  readonly run: RunGit;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly tokenFor: (url: string) => string | undefined;
}

/**
 * Our token goes as a header scoped to the remote's URL, through the environment: never in an argument, never in
 * a URL. Where we hold none, the user's own ssh agent and credential helper are asked, without a prompt. Of the
 * user's configuration only `http.*`, `credential.*` and `core.sshCommand` are taken over.
 */
export function createRemoteAccess({ run, environment, tokenFor }: RemoteAccessOptions): RemoteAccess {
  let asked: Promise<readonly Setting[]> | undefined;
  const usersSettings = (): Promise<readonly Setting[]> => (asked ??= readUsersSettings(run));

  async function overHttp(remote: Remote): Promise<Access> {
    const users = await usersSettings();
    const login = loginFor(remote, tokenFor);
    const inherited = users.filter(([key]) => key.startsWith('http.') && !key.endsWith('.extraheader'));
    if (login === undefined) {
      const helpers = users.filter(
        ([key]) => !key.startsWith('core.') && !inherited.some(([k]) => k === key),
      );
      return {
        settings: [...stalling, ...inherited, ...helpers],
        environment: pick(environment, [...networkNames, 'HOME', 'XDG_CONFIG_HOME', 'USER', 'LOGNAME']),
      };
    }
    const header = `Authorization: Basic ${base64(login)}`;
    return {
      settings: [
        ...stalling,
        ...inherited,
        ['credential.helper', ''],
        [`http.${remote.url}.extraHeader`, header],
      ],
      environment: pick(environment, networkNames),
    };
  }

  async function overSsh(): Promise<Access> {
    const own = (await usersSettings()).findLast(([key]) => key === 'core.sshcommand')?.[1];
    const ssh = environment['GIT_SSH_COMMAND'] ?? own ?? 'ssh';
    const quiet = '-o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=15 -o ServerAliveCountMax=4';
    const names = ['HOME', 'USER', 'LOGNAME', 'SSH_AUTH_SOCK', 'GIT_SSH_VARIANT'];
    return { environment: { ...pick(environment, names), GIT_SSH_COMMAND: `${ssh} ${quiet}` } };
  }

  return {
    async to(remote) {
      if (remote.transport === 'http') return overHttp(remote);
      if (remote.transport === 'ssh') return overSsh();
      // A folder of the user's: what they declared safe for themselves is safe here.
      return remote.transport === 'local' ? { asUser: true } : {};
    },
    redact(remote, text) {
      const login = loginFor(remote, tokenFor);
      const secrets = login === undefined ? [] : [base64(login), login, ...login.split(':')];
      return secrets
        .filter((secret) => secret.length >= 8 && secret !== userOfTokens)
        .reduce((safe, secret) => safe.replaceAll(secret, '***'), text)
        .replaceAll(/(:\/\/)[^\s/@]+@/g, '$1')
        .replaceAll(asksForLogin, login === undefined ? noLogin : badLogin);
    },
  };
}

/** All that git says when a server turned its login down, or wants one: it would have asked the user. */
const asksForLogin =
  /(?:fatal: )?could not read (?:Username|Password) for '([^']*)': (?:terminal prompts disabled|No such device or address)/g;
const badLogin = '$1 does not accept the login that we have';
const noLogin = '$1 wants a login, and we have none';

const userOfTokens = 'x-access-token';

const stalling: readonly Setting[] = [
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '120'],
];

const networkNames = [
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH'],
];

/** `user:password`, ours first, then what stands in the remote's URL. */
function loginFor(remote: Remote, tokenFor: RemoteAccessOptions['tokenFor']): string | undefined {
  if (remote.transport !== 'http') return undefined;
  const token = tokenFor(remote.shown);
  return token === undefined || token === '' ? remote.secret : `${userOfTokens}:${token}`;
}

async function readUsersSettings(run: RunGit): Promise<readonly Setting[]> {
  const wanted = '^(http|credential)\\.|^core\\.sshcommand$';
  const call = { asUser: true, cwd: '/', gitDir: '/nonexistent' };
  const out = await run(['config', '--includes', '--null', '--get-regexp', wanted], call);
  if (!out.ok) return [];
  return out.stdout
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry): Setting => {
      const at = entry.indexOf('\n');
      return at < 0 ? [entry, 'true'] : [entry.slice(0, at), entry.slice(at + 1)];
    });
}

function pick(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string | undefined> {
  return Object.fromEntries(
    names.flatMap((name) => (name in environment ? [[name, environment[name]]] : [])),
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
