import { existsSync } from 'node:fs';
import { mkdir, mkdtempDisposable, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type AgentEvent, noUsage, type TurnResult, type Usage } from '../../../domain/agent.ts';
import { seconds } from '../../../domain/time.ts';
import type { Agent, TurnRequest } from '../../../ports/agents.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Commands } from '../../../ports/commands.ts';
import type { Environment } from '../environment.ts';
import { type Patience, patience } from '../patience.ts';
import { classifyCodex } from './classify.ts';
import { openCodexHome, putFile, readUserSettings } from './codex-home.ts';
import { type CodexState, decodeCodex, newCodexState } from './decode.ts';
import { findCodex } from './find-codex.ts';
import { type CodexSetup, planCodex } from './plan.ts';
import { probeCodex } from './probe.ts';
import { findRollout, noRollout, type Rollout, readRollout } from './rollout.ts';

export interface CodexAgentOptions {
  readonly commands: Commands;
  readonly clock: Clock;
  /** Codex's home folder of this clone home: `.clone/agents/codex`. */
  readonly homeFolder: string;
  /** The program; empty: found on PATH, else installed beside us. */
  readonly codexPath: string;
  /** The person's codex home: its login is linked, its model provider taken over. */
  readonly userCodexHome: string;
  readonly environment: Environment;
  readonly agentEnv: readonly string[];
  readonly config: readonly string[];
  /** How long codex may try again for the network or after a 429, doing nothing else: 60 s. */
  readonly retryMs?: number | undefined;
}

/** Codex, one process per turn, with a home of its own and nothing of the person's but the login. */
export function codexAgent(options: CodexAgentOptions): Agent {
  const { commands, clock, homeFolder, userCodexHome, environment } = options;

  async function setUp(): Promise<CodexSetup | undefined> {
    const program = await findCodex(options.codexPath, environment['PATH']);
    if (program === undefined) return undefined;
    await openCodexHome(homeFolder, userCodexHome);
    return {
      program,
      home: path.resolve(homeFolder),
      environment,
      agentEnv: options.agentEnv,
      config: options.config,
      userSettings: await readUserSettings(userCodexHome),
      timeZone: knownTimeZone(),
    };
  }

  return {
    name: 'codex',
    probe: async () => probeCodex(commands, await setUp()),
    async turn(request, onEvent, stop) {
      const setup = await setUp();
      if (!setup) return neverBegun(notFound(options.codexPath));
      return runTurn(
        { setup, request, commands, clock, retryMs: options.retryMs ?? seconds(60) },
        onEvent,
        stop,
      );
    },
  };
}

interface Turn {
  readonly setup: CodexSetup;
  readonly request: TurnRequest;
  readonly commands: Commands;
  readonly clock: Clock;
  readonly retryMs: number;
}

async function runTurn(
  { setup, request, commands, clock, retryMs }: Turn,
  onEvent: (event: AgentEvent) => void,
  stop: AbortSignal,
): Promise<TurnResult> {
  const plan = planCodex(request, setup);
  await mkdir(request.log.folder, { recursive: true });
  await rm(plan.lastMessageFile, { force: true });
  for (const file of plan.files) await putFile(file.path, file.content);

  // Beside the workspace the one place that commands of the sandbox may write to.
  await using temporary = await mkdtempDisposable(path.join(tmpdir(), 'clone-agent-'));
  const before = await lookAt(setup.home, request.thread, 0);
  const state = newCodexState();
  const gaveUp = new AbortController();
  using retrying = patience(clock, () => {
    gaveUp.abort();
  });
  const end = await commands.run(
    {
      ...plan,
      env: { ...plan.env, TMPDIR: temporary.path },
      alsoWrites: [plan.lastMessageFile],
      cwd: request.cwd,
      limits: { totalMs: request.limits.totalMs, silenceMs: request.limits.modelSilenceMs },
      quietAllowance: () => (state.openCommands.size > 0 ? request.limits.commandSilenceMs : undefined),
      onLine(line) {
        for (const event of decodeCodex(line, state)) onEvent(event);
        watchRetries(retrying, state, { modelMs: request.limits.modelSilenceMs, retryMs });
      },
      interrupt: 'SIGINT',
      marker: request.session,
    },
    AbortSignal.any([stop, gaveUp.signal]),
  );

  const after = await lookAt(setup.home, state.thread, before.size);
  const outcome = classifyCodex({
    end,
    state,
    rollout: after,
    answerWanted: request.schema !== undefined,
    gaveUp: gaveUp.signal.aborted && !stop.aborted,
    now: clock.now(),
    timeZone: setup.timeZone,
  });
  return {
    outcome,
    thread: state.thread,
    answer: state.answer,
    usage: after.turnUsage ?? difference(state.threadUsage ?? after.threadUsage, before.threadUsage),
    seconds: end.seconds,
    events: state.events,
  };
}

/** Codex can try again for an hour without a word, and its retries are no sign of life. */
function watchRetries(
  retrying: Patience,
  { retry }: CodexState,
  { modelMs, retryMs }: { modelMs: number; retryMs: number },
): void {
  if (!retry) retrying.relax();
  else
    retrying.strain(/waiting for network|\b429\b/.test(retry.reason) ? Math.min(retryMs, modelMs) : modelMs);
}

async function lookAt(
  home: string,
  thread: string | undefined,
  from: number,
): Promise<Rollout & { readonly size: number }> {
  const file = thread === undefined ? undefined : await findRollout(home, thread);
  return file === undefined ? { ...noRollout, size: 0 } : readRollout(file, from);
}

/** What codex says counts the whole thread; a turn is what came on top. */
function difference(total: Usage | undefined, before: Usage | undefined): Usage {
  if (!total) return noUsage;
  const above = (key: keyof Usage): number => Math.max(0, total[key] - (before?.[key] ?? 0));
  return {
    inputTokens: above('inputTokens'),
    cachedInputTokens: above('cachedInputTokens'),
    outputTokens: above('outputTokens'),
    reasoningTokens: above('reasoningTokens'),
  };
}

function notFound(codexPath: string): string {
  return `${codexPath === '' ? 'codex' : codexPath} was not found. Install it: npm install -g @openai/codex`;
}

function neverBegun(message: string): TurnResult {
  const outcome = { kind: 'failed', reason: 'failed-start', retryable: false, message } as const;
  return { outcome, thread: undefined, answer: undefined, usage: noUsage, seconds: 0, events: 0 };
}

/** The time zone of this machine where codex, too, can look it up; else UTC, as codex would do. */
function knownTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return existsSync(path.join('/usr/share/zoneinfo', timeZone)) ? timeZone : 'UTC';
}
