import path from 'node:path';

import type { TurnRequest } from '../../../ports/agents.ts';
import { agentEnvironment, type Environment } from '../environment.ts';
import { builtInKey, codexToml, providerOf, type UserSettings } from './settings.ts';

/** What a turn of codex needs to know besides the request. */
export interface CodexSetup {
  readonly program: string;
  /** Its CODEX_HOME: ours, not the person's. */
  readonly home: string;
  readonly environment: Environment;
  /** Names of variables that the person lets the agent see. */
  readonly agentEnv: readonly string[];
  /** Extra `key=value` settings of the person. */
  readonly config: readonly string[];
  readonly userSettings: UserSettings;
  /** Codex tells times in it, so it is told to codex. */
  readonly timeZone: string;
}

/** One start of codex, ready to run. */
export interface CodexPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** Written before the start. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Codex writes it only on success: an old one is removed before the start. */
  readonly lastMessageFile: string;
}

/** How codex is started for a turn. */
export function planCodex(request: TurnRequest, setup: CodexSetup): CodexPlan {
  const stem = path.join(request.log.folder, request.log.stem);
  const schemaFile = `${stem}.schema.json`;
  const lastMessageFile = `${stem}.last-message.txt`;

  const args = [
    ...['exec', '--json', '--skip-git-repo-check', '-C', request.cwd, '-o', lastMessageFile],
    ...(request.sandbox === 'danger-full-access'
      ? ['--dangerously-bypass-approvals-and-sandbox']
      : ['-s', request.sandbox]),
    ...(request.schema ? ['--output-schema', schemaFile] : []),
    ...(request.model === '' ? [] : ['-m', request.model]),
    ...setup.config.flatMap((setting) => ['-c', setting]),
    // Always the exact thread: "the last one" silently becomes a new one.
    ...(request.thread === undefined ? [] : ['resume', request.thread]),
    '-',
  ];
  return {
    program: setup.program,
    args,
    env: codexEnvironment(setup),
    stdin: request.prompt,
    files: [
      codexConfigFile(setup),
      ...(request.schema ? [{ path: schemaFile, content: JSON.stringify(request.schema) }] : []),
    ],
    stdoutFile: `${stem}.jsonl`,
    stderrFile: `${stem}.stderr.txt`,
    lastMessageFile,
  };
}

/** The settings in our CODEX_HOME; the same for all turns of a clone home. */
export function codexConfigFile(setup: CodexSetup): { readonly path: string; readonly content: string } {
  const { agentEnv, userSettings } = setup;
  const { keys } = providerOf(userSettings, setup.config);
  return { path: path.join(setup.home, 'config.toml'), content: codexToml(userSettings, { agentEnv, keys }) };
}

/** What codex itself sees; its commands see less, see `codexConfigFile`. */
export function codexEnvironment(setup: CodexSetup): Record<string, string> {
  const { keys } = providerOf(setup.userSettings, setup.config);
  return {
    ...agentEnvironment(setup.environment, [...setup.agentEnv, builtInKey, ...keys]),
    CODEX_HOME: setup.home,
    TZ: setup.timeZone,
  };
}
