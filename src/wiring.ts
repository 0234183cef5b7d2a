import os from 'node:os';
import path from 'node:path';
import { isatty } from 'node:tty';

import { CliProblem, exitCodes, type Home } from './cli/context.ts';

import type { FrontContext } from './cli/front-context.ts';
import type { OpenWorld } from './loops/run-world.ts';
import type { Agents } from './ports/agents.ts';
import type { Clock } from './ports/clock.ts';
import type { Commands } from './ports/commands.ts';
import type { HomeFiles } from './ports/home-files.ts';

/** The command line's outside, made of this process. Adapters are loaded when they are first asked for. */
export function systemContext(version: string, world: FrontContext['world']): FrontContext {
  const { env, stdout, stderr } = process;
  const cwd = currentFolder();
  const terminal = isatty(1);
  const signals = listenForSignals();
  const files = async (): Promise<HomeFiles> => {
    const { homeFiles } = await import('./adapters/home/home-files.ts');
    return homeFiles({ cwd, env, userFolder: os.homedir() });
  };
  const write = (to: NodeJS.WriteStream, text: string): void => {
    if (!to.destroyed) to.write(text);
  };
  for (const stream of [stdout, stderr]) stream.on('error', whenReaderIsGone(signals));

  return {
    cwd,
    env,
    version,
    terminal,
    interactive: isatty(0),
    colour: wantsColour(env, terminal),
    get columns() {
      return (terminal && stdout.columns) || 100;
    },
    get rows() {
      return (terminal && stdout.rows) || 40;
    },
    now: () => Date.now(),
    print: (line) => {
      write(stdout, `${line}\n`);
    },
    write: (text) => {
      write(stdout, text);
    },
    complain: (line) => {
      write(stderr, `${line}\n`);
    },
    get stop() {
      return signals.stop();
    },
    get stopNow() {
      return signals.stopNow();
    },
    files,
    async home(flags, overrides, how) {
      const { openHome } = await import('./cli/open-home.ts');
      return openHome({ files: await files(), env, asked: flags.home, overrides, ...how });
    },
    portfolio: openPortfolio,
    ideas: openIdeas,
    discovery: openDiscovery,
    ledger: openLedgerOf,
    async forge(home) {
      const { forge, held } = await openForge(home, version);
      return forge && held ? { forge, from: held.from } : undefined;
    },
    world,
    seeingOf: openSeeing,
  };
}

const openPortfolio: FrontContext['portfolio'] = async (home) => {
  const [{ yamlPortfolio }, { checkEntryOption }] = await Promise.all([
    import('./adapters/portfolio/yaml-portfolio.ts'),
    import('./config/check-entry-option.ts'),
  ]);
  return yamlPortfolio({ folder: home.folder, userFolder: os.homedir(), checkOption: checkEntryOption });
};

const openIdeas: FrontContext['ideas'] = async (home) => {
  const [{ yamlIdeas }, { nameFromTitle }] = await Promise.all([
    import('./adapters/ideas/yaml-ideas.ts'),
    import('./rules/ideas/repo-name.ts'),
  ]);
  return yamlIdeas({ folder: home.folder, nameFromTitle });
};

const openDiscovery: FrontContext['discovery'] = async () => {
  const { diskDiscovery } = await import('./adapters/discovery/disk-discovery.ts');
  return diskDiscovery();
};

const stateFolder = (home: Home): string => path.join(home.folder, '.clone');

const openLedgerOf: FrontContext['ledger'] = async (home) => {
  const [{ sqliteEventLog }, { openLedger }, { systemClock }] = await Promise.all([
    import('./adapters/ledger/sqlite-event-log.ts'),
    import('./ledger/open-ledger.ts'),
    import('./adapters/clock/system-clock.ts'),
  ]);
  return openLedger(sqliteEventLog({ file: path.join(stateFolder(home), 'state.db') }), systemClock());
};

const openSeeing: FrontContext['seeingOf'] = async (home) => {
  const [{ homeSeeing }, { systemClock }, { thisProcess }] = await Promise.all([
    import('./adapters/run-files/home-seeing.ts'),
    import('./adapters/clock/system-clock.ts'),
    import('./adapters/host/this-process.ts'),
  ]);
  return homeSeeing({
    home: home.folder,
    clock: systemClock(),
    processes: thisProcess(),
    environment: process.env,
  });
};

/** Everything a run needs, for a home. */
export async function openWorld(home: Home, version: string): Promise<OpenWorld> {
  const [
    { systemClock },
    { fileLeases },
    { gitMirrors },
    { diskIncubator },
    { diskWorkplace },
    { supervisedCommands },
    { scrubbedCommands },
    { promptFiles },
    { builtInPrompt },
    { namedPrompts },
    { thisProcess },
    { checkEnvironment },
    { randomId },
    { knownSecrets },
    { redactor },
    { runFiles },
  ] = await Promise.all([
    import('./adapters/clock/system-clock.ts'),
    import('./adapters/locks/file-leases.ts'),
    import('./adapters/git/git-mirrors.ts'),
    import('./adapters/ideas/disk-incubator.ts'),
    import('./adapters/workplace/disk-workplace.ts'),
    import('./adapters/processes/supervised-commands.ts'),
    import('./adapters/processes/scrubbed-commands.ts'),
    import('./adapters/prompts/prompt-files.ts'),
    import('./adapters/prompts/built-in-prompts.ts'),
    import('./rules/prompt/named-prompts.ts'),
    import('./adapters/host/this-process.ts'),
    import('./adapters/host/check-environment.ts'),
    import('./adapters/host/random-id.ts'),
    import('./adapters/host/known-secrets.ts'),
    import('./rules/redact.ts'),
    import('./adapters/run-files/run-files.ts'),
  ]);
  const { env } = process;
  const { options } = home;
  const clock = systemClock();
  const processes = thisProcess();
  const { forge, held, warnings } = await openForge(home, version);
  const masks = redactor([...(held ? [held.token] : []), ...knownSecrets(env)]);
  const commands = scrubbedCommands(supervisedCommands(), masks);
  const tokenFor = (url: string): string | undefined => (forge?.slugOf(url) ? held?.token : undefined);
  const author = { name: options.commit_name, email: options.commit_email };
  const ledger = await openLedgerOf(home);
  const leases = fileLeases({
    folder: lockFolder(env),
    fences: {
      async next(key, holder, context) {
        await ledger.record({ ...context, type: 'lease-taken', key, holder, pid: processes.self.pid });
        return (await ledger.lease(key))?.fence ?? 0;
      },
      highest: async (key) => (await ledger.lease(key))?.fence ?? 0,
    },
  });
  const prompts = promptFiles({
    folder: path.join(home.folder, 'prompts'),
    named: namedPrompts(options),
    builtIn: builtInPrompt,
  });
  return {
    clock,
    leases,
    processes,
    commands,
    forge,
    version,
    warnings,
    checkEnvironment: checkEnvironment(env),
    ledger,
    agents: await openAgents(home, { commands, clock }),
    mirrors: gitMirrors({
      folder: stateFolder(home),
      environment: env,
      tokenFor,
      author,
    }),
    workplace: diskWorkplace({ folder: stateFolder(home) }),
    discovery: await openDiscovery(home),
    portfolio: await openPortfolio(home),
    ideas: await openIdeas(home),
    incubator: diskIncubator({ home: home.folder, environment: env, tokenFor, author }),
    prompts,
    promptEdits: prompts,
    runFiles: (run) => runFiles({ logs: path.join(home.folder, 'logs'), run, redact: masks.text }),
    redact: masks.text,
    randomId,
  };
}

/** GitHub, as the token of a home sees it; asked for nothing yet. */
async function openForge(home: Home, version: string) {
  const [{ findToken }, { githubForge }, { systemClock }] = await Promise.all([
    import('./adapters/token/find-token.ts'),
    import('./adapters/forge/github-forge.ts'),
    import('./adapters/clock/system-clock.ts'),
  ]);
  const { github_api_url: apiUrl, github_token_file: file } = home.options;
  const found = await findToken({ env: process.env, file, apiUrl });
  const given = { apiUrl, clock: systemClock(), userAgent: `clone/${version}` };
  const made = found.held && githubForge({ ...given, token: found.held.token });
  if (made && !made.ok) {
    const hint = 'github_api_url must be https, or http on this machine';
    throw new CliProblem({ code: 'github-url', message: made.failure, hint, exitCode: exitCodes.usage });
  }
  return { ...found, forge: made?.value };
}

async function openAgents(home: Home, tools: { commands: Commands; clock: Clock }): Promise<Agents> {
  const { options } = home;
  const [{ knownAgents }, { codexAgent }, { commandAgent }, { splitWords }] = await Promise.all([
    import('./adapters/agents/agents.ts'),
    import('./adapters/agents/codex/codex-agent.ts'),
    import('./adapters/agents/command/command-agent.ts'),
    import('./rules/split-words.ts'),
  ]);
  const given = { ...tools, environment: process.env, agentEnv: options.agent_env };
  const codex = codexAgent({
    ...given,
    homeFolder: path.join(stateFolder(home), 'agents', 'codex'),
    codexPath: options.codex_path,
    userCodexHome: options.codex_home || process.env['CODEX_HOME'] || path.join(os.homedir(), '.codex'),
    config: options.codex_config,
  });
  const words = splitWords(options.agent_command);
  if (!words.ok) {
    const hint = 'agent_command is a program and its arguments, quoted as for a shell';
    throw new CliProblem({ code: 'agent-command', message: words.failure, hint, exitCode: exitCodes.usage });
  }
  const [program, ...args] = words.value;
  return knownAgents(
    program ? [codex, commandAgent({ ...given, name: 'command', commandLine: [program, ...args] })] : [codex],
  );
}

/** One folder per user and machine: two homes may look after the same repository. */
function lockFolder(env: NodeJS.ProcessEnv): string {
  return path.join(env['XDG_RUNTIME_DIR'] || os.tmpdir(), `clone-locks-${os.userInfo().username}`);
}

interface Signals {
  stop(): AbortSignal;
  stopNow(): AbortSignal;
  /** As the first Ctrl-C, for those who listen. */
  askToStop(): void;
}

/** Ctrl-C ends the process as usual until a command asks for `stop`; from then on the command decides. */
function listenForSignals(): Signals {
  const first = new AbortController();
  const second = new AbortController();
  let listening = false;
  const onSignal = (): void => {
    if (!first.signal.aborted) first.abort(new Error('interrupted'));
    else if (!second.signal.aborted) second.abort(new Error('interrupted twice'));
    else process.exit(130);
  };
  const listen = (): void => {
    if (listening) return;
    listening = true;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  };
  return {
    stop() {
      listen();
      return first.signal;
    },
    stopNow() {
      listen();
      return second.signal;
    },
    askToStop() {
      if (!first.signal.aborted) first.abort(new Error('nobody reads the output any more'));
    },
  };
}

/**
 * `clone logs -f | head -1`: quiet, and an end to whatever goes on printing. A terminal that was closed stops nothing:
 * who left a run in the background wants it to go on.
 */
function whenReaderIsGone(signals: Signals): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code === 'EIO') return;
    if (error.code !== 'EPIPE') throw error;
    signals.askToStop();
  };
}

/** The folder that we stand in may be gone; the user's own then has to do. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return os.homedir();
  }
}

function wantsColour(env: NodeJS.ProcessEnv, terminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  return terminal && env['TERM'] !== 'dumb';
}
