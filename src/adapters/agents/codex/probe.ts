import type { AgentState } from '../../../ports/agents.ts';
import type { Commands } from '../../../ports/commands.ts';
import { capture } from '../capture.ts';
import { putFile } from './codex-home.ts';
import { type CodexSetup, codexConfigFile, codexEnvironment } from './plan.ts';
import { builtInKey, providerOf } from './settings.ts';

/** What can be said of codex without spending a token. */
export async function probeCodex(commands: Commands, setup: CodexSetup | undefined): Promise<AgentState> {
  if (!setup) {
    const hint = 'Install it: npm install -g @openai/codex';
    return { name: 'codex', program: undefined, version: undefined, login: 'unknown', hint };
  }
  const { program } = setup;
  const env = codexEnvironment(setup);
  const file = codexConfigFile(setup);
  await putFile(file.path, file.content);

  const { exitCode, stdout, stderrTail, message } = await capture(commands, {
    program,
    args: ['--version'],
    env,
  });
  if (exitCode !== 0) {
    const hint = `${program} does not run: ${(message ?? stderrTail).trim().slice(-300)}`;
    return { name: 'codex', program, version: undefined, login: 'unknown', hint };
  }
  const version = /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? stdout;
  return { name: 'codex', program, version, ...(await loginOf(commands, setup, env)) };
}

async function loginOf(
  commands: Commands,
  setup: CodexSetup,
  env: Readonly<Record<string, string>>,
): Promise<Pick<AgentState, 'login' | 'hint'>> {
  const provider = providerOf(setup.userSettings, setup.config);
  if (provider.ownLogin) {
    const missing = provider.keys.filter((key) => env[key] === undefined);
    if (missing.length > 0) return { login: 'missing', hint: `Set ${missing.join(', ')} for your provider.` };
    return { login: provider.keys.length > 0 ? 'ok' : 'unknown', hint: undefined };
  }
  if (env[builtInKey] !== undefined) return { login: 'ok', hint: undefined };
  const { exitCode } = await capture(commands, { program: setup.program, args: ['login', 'status'], env });
  return exitCode === 0
    ? { login: 'ok', hint: undefined }
    : { login: 'missing', hint: `Log in: codex login. Or set ${builtInKey}.` };
}
