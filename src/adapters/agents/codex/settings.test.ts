import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';

import { codexToml, type Provider, providerOf, userSettings } from './settings.ts';

const theirs = `
model = "m-1"
model_provider = "mine"
approval_policy = "never"
notify = ["sh", "-c", "something"]
[model_providers.mine]
name = "Mine"
base_url = "http://127.0.0.1:1/v1"
env_key = "MINE_KEY"
env_http_headers = { "x-team" = "TEAM_TOKEN" }
[mcp_servers.theirs]
command = "something"
[hooks]
a = 1
[projects."/home/me"]
trust_level = "trusted"
`;

describe('of a person’s settings', () => {
  it('the model and its provider are taken over, and nothing else', () => {
    expect(userSettings(theirs)).toEqual({
      model: 'm-1',
      model_provider: 'mine',
      model_providers: {
        mine: {
          name: 'Mine',
          base_url: 'http://127.0.0.1:1/v1',
          env_key: 'MINE_KEY',
          env_http_headers: { 'x-team': 'TEAM_TOKEN' },
        },
      },
    });
  });

  it.each(['', 'model = ', '\0', '[[[['])('nothing is taken over when they read %j', (toml) => {
    expect(userSettings(toml)).toEqual({});
  });
});

describe('the provider', () => {
  it.each<[what: string, toml: string, extra: string[], provider: Provider]>([
    ['is the built-in one', 'model = "m"', [], { keys: [], ownLogin: false }],
    ['is one that is not described', 'model_provider = "x"', [], { keys: [], ownLogin: false }],
    ['is one of the person', theirs, [], { keys: ['MINE_KEY', 'TEAM_TOKEN'], ownLogin: true }],
    [
      'needs no key',
      'model_provider = "l"\n[model_providers.l]\nname = "local"',
      [],
      { keys: [], ownLogin: true },
    ],
    [
      'uses the login of codex',
      'model_provider = "l"\n[model_providers.l]\nrequires_openai_auth = true',
      [],
      { keys: [], ownLogin: false },
    ],
    [
      'comes from the extra settings',
      '',
      ['model_provider=x', 'model_providers.x.name="X"', 'model_providers.x.env_key="X_KEY"', 'nonsense'],
      { keys: ['X_KEY'], ownLogin: true },
    ],
    [
      'is changed by the extra settings',
      theirs,
      ['model_providers.mine.env_key="OTHER_KEY"', 'model_providers.mine.env_http_headers={}'],
      { keys: ['OTHER_KEY', 'TEAM_TOKEN'], ownLogin: true },
    ],
  ])('%s', (_what, toml, extra, provider) => {
    expect(providerOf(userSettings(toml), extra)).toEqual(provider);
  });
});

describe('the settings we write', () => {
  const written = parse(
    codexToml(userSettings(theirs), { agentEnv: ['NPM_TOKEN', 'GH_TOKEN', 'MINE_KEY'], keys: ['MINE_KEY'] }),
  );

  it('hold the provider of the person', () => {
    expect(written).toMatchObject({ model: 'm-1', model_provider: 'mine' });
    expect(Object.keys(written)).not.toContain('mcp_servers');
  });

  it('leave commands no /tmp but their own', () => {
    expect(written).toMatchObject({ sandbox_workspace_write: { exclude_slash_tmp: true } });
  });

  it('turn off what phones home, delegates, hangs or lets the person’s shell in', () => {
    expect(written).toMatchObject({
      check_for_update_on_startup: false,
      allow_login_shell: false,
      analytics: { enabled: false },
      otel: { metrics_exporter: 'none' },
      agents: { enabled: false },
      features: { plugins: false, apps: false, unbounded_connection_retries: false, shell_snapshot: false },
    });
  });

  it('show commands what is listed and no key', () => {
    const { include_only: seen } = written['shell_environment_policy'] as { include_only: string[] };
    expect(seen).toEqual(expect.arrayContaining(['PATH', 'TZ', 'LC_*', 'CLONE_MARKER', 'NPM_TOKEN']));
    for (const name of ['GH_TOKEN', 'MINE_KEY', 'CODEX_API_KEY', '*']) expect(seen).not.toContain(name);
  });
});
