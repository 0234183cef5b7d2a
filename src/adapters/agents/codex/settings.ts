import { parse, stringify, type TomlTable } from 'smol-toml';

import { markerName } from '../../processes/marker.ts';
import { addedNames, permittedNames, sharedNames } from '../environment.ts';
import { isRecord, type JsonRecord, recordAt, textAt } from '../records.ts';

/** The part of a person's `config.toml` that we take over: which model, from whom. */
export type UserSettings = JsonRecord;

const takenOver = ['model', 'model_provider', 'model_providers'] as const;

/** What we take over of a person's `config.toml`. Nothing of one that cannot be read. */
export function userSettings(toml: string): UserSettings {
  const table = parsed(toml) ?? {};
  return Object.fromEntries(takenOver.filter((key) => key in table).map((key) => [key, table[key]]));
}

/** The provider that requests go to, as far as it is not the built-in one. */
export interface Provider {
  /** Variables codex itself needs for it, and its commands must not see. */
  readonly keys: readonly string[];
  /** True when the login of codex does not matter to it. */
  readonly ownLogin: boolean;
}

/** Who is asked, after the person's settings and the extra `key=value` ones. */
export function providerOf(settings: UserSettings, extra: readonly string[]): Provider {
  const merged = extra.reduce<JsonRecord>((all, line) => merge(all, parseSetting(line)), settings);
  const provider = recordAt(recordAt(merged, 'model_providers'), textAt(merged, 'model_provider') ?? '');
  if (!provider) return { keys: [], ownLogin: false };
  const headers = Object.values(recordAt(provider, 'env_http_headers') ?? {});
  const keys = [provider['env_key'], ...headers].filter((name) => typeof name === 'string' && name !== '');
  return { keys: keys as string[], ownLogin: provider['requires_openai_auth'] !== true };
}

/** The key codex itself takes from the environment for its built-in provider. */
export const builtInKey = 'CODEX_API_KEY';

/** The `config.toml` codex gets from us. */
export function codexToml(
  settings: UserSettings,
  { agentEnv, keys }: { agentEnv: readonly string[]; keys: readonly string[] },
): string {
  const hidden = new Set([builtInKey, ...keys]);
  const seen = [...sharedNames, 'LC_*', ...addedNames, markerName, ...permittedNames(agentEnv)];
  const table = {
    ...settings,
    check_for_update_on_startup: false,
    // A login shell would read profiles and replace our PATH.
    allow_login_shell: false,
    analytics: { enabled: false },
    otel: { exporter: 'none', metrics_exporter: 'none' },
    // Commands get a TMPDIR of their own; all of /tmp would let them reach what other people keep there.
    sandbox_workspace_write: { exclude_slash_tmp: true },
    // No delegation to further agents.
    agents: { enabled: false },
    features: {
      plugins: false,
      apps: false,
      // Else what a person's shell start-up files export comes back into the environment of commands.
      shell_snapshot: false,
      // Else a refused connection is retried for ever.
      unbounded_connection_retries: false,
    },
    shell_environment_policy: {
      inherit: 'all',
      // The list below decides alone; a name a person asked for is not dropped for its looks.
      ignore_default_excludes: true,
      include_only: seen.filter((name) => !hidden.has(name)),
    },
  };
  return `# Written by clone before each turn.\n${stringify(table)}`;
}

/** `a.b=1` as a table. Codex takes what is no TOML value as a plain string. */
function parseSetting(line: string): JsonRecord {
  const at = line.indexOf('=');
  if (at === -1) return {};
  const [key, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  return parsed(`${key} = ${value}`) ?? parsed(`${key} = ${JSON.stringify(value)}`) ?? {};
}

function merge(a: JsonRecord, b: JsonRecord): JsonRecord {
  const merged: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = merged[key];
    merged[key] = isRecord(before) && isRecord(value) ? merge(before, value) : value;
  }
  return merged;
}

function parsed(toml: string): TomlTable | undefined {
  try {
    return parse(toml);
  } catch {
    return undefined;
  }
}
