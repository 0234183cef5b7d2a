import { expect, it } from 'vitest';

import { addedNames, agentEnvironment } from './environment.ts';

const ours = {
  PATH: '/bin',
  HOME: '/home/me',
  LC_TIME: 'C',
  https_proxy: 'http://proxy',
  EMPTY: undefined,
  GITHUB_TOKEN: 'secret',
  GH_TOKEN: 'secret',
  GH_ENTERPRISE_TOKEN: 'secret',
  AWS_SECRET_ACCESS_KEY: 'secret',
  DB_PASSWORD: 'secret',
  SSH_AUTH_SOCK: '/run/agent',
  NODE_OPTIONS: '--inspect',
  NPM_TOKEN: 'asked for',
};

function seen(names: readonly string[]): Record<string, string> {
  const all = Object.entries(agentEnvironment(ours, names));
  return Object.fromEntries(all.filter(([name]) => !addedNames.includes(name)));
}

const always = { PATH: '/bin', HOME: '/home/me', LC_TIME: 'C', https_proxy: 'http://proxy' };

it.each<[what: string, names: string[], seen: Record<string, string>]>([
  ['nothing beside the fixed list', [], always],
  ['what a person lists', ['NPM_TOKEN'], { ...always, NPM_TOKEN: 'asked for' }],
  ['nothing that is not set', ['EMPTY', 'MISSING'], always],
  [
    'no GitHub token, listed or not',
    ['GITHUB_TOKEN', 'GH_TOKEN', 'GH_ENTERPRISE_TOKEN', 'github_token'],
    always,
  ],
])('shows an agent %s', (_what, names, expected) => {
  expect(seen(names)).toEqual(expected);
});

it('keeps git from finding a login by itself', () => {
  expect(agentEnvironment({}, [])).toMatchObject({
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_KEY_0: 'credential.helper',
  });
});
