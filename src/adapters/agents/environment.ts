/** The environment we were started with, or part of it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What every agent and its commands may see of our environment; beside these, all that begin with `LC_`. */
export const sharedNames: readonly string[] = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'TMPDIR', 'TERM'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
];

/** The names a person may add to that: all but those of GitHub tokens, which no agent ever gets. */
export function permittedNames(names: readonly string[]): string[] {
  return names.filter((name) => !/^(GH|GITHUB)_(.*_)?(TOKEN|PAT)$/i.test(name));
}

/** The part of our environment that an agent may see: the shared names and those given. */
export function agentEnvironment(environment: Environment, names: readonly string[]): Record<string, string> {
  const permitted = new Set([...sharedNames, ...permittedNames(names)]);
  const seen = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (permitted.has(entry[0]) || entry[0].startsWith('LC_')),
  );
  return { ...Object.fromEntries(seen), ...additions };
}

const additions = {
  // A bash whose input is a socket, as under codex, takes itself for a remote login and reads ~/.bashrc with all
  // that it exports; one within another shell does not.
  SHLVL: '1',
  // A login that git finds by itself is not for agents either.
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'credential.helper',
  GIT_CONFIG_VALUE_0: '',
};

/** Names of what `agentEnvironment` sets on its own. */
export const addedNames: readonly string[] = Object.keys(additions);
