import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { type AgentEvent, noUsage, type TurnResult } from '../../../domain/agent.ts';
import type { Agent, TurnRequest } from '../../../ports/agents.ts';
import type { Commands } from '../../../ports/commands.ts';
import { findProgram } from '../../processes/find-program.ts';
import { agentEnvironment, type Environment } from '../environment.ts';
import { classifyCommand } from './classify.ts';
import { decodeCommand, newCommandState } from './decode.ts';

export interface CommandAgentOptions {
  readonly name: string;
  /** The program, and its arguments. */
  readonly commandLine: readonly [program: string, ...args: string[]];
  readonly commands: Commands;
  readonly environment: Environment;
  /** Names of variables that the person lets the agent see. */
  readonly agentEnv: readonly string[];
}

/** Any program that keeps the contract of docs/AGENTS.md: a request as JSON in, events as lines of JSON out. */
export function commandAgent(options: CommandAgentOptions): Agent {
  const { name, commands } = options;
  const [program, ...args] = options.commandLine;
  const env = agentEnvironment(options.environment, options.agentEnv);
  const find = (): Promise<string | undefined> => findProgram(program, env['PATH'], process.cwd());

  return {
    name,
    async probe() {
      const found = await find();
      const hint = found === undefined ? notFound(program) : undefined;
      return { name, program: found, version: undefined, login: 'unknown', hint };
    },
    async turn(request, onEvent, stop) {
      const found = await find();
      if (found === undefined) return neverBegun(notFound(program));
      return runTurn(commands, { program: found, args, env }, request, { onEvent, stop });
    },
  };
}

function notFound(program: string): string {
  return `${program} was not found; see agent_command.`;
}

function neverBegun(message: string): TurnResult {
  const outcome = { kind: 'failed', reason: 'failed-start', retryable: false, message } as const;
  return { outcome, thread: undefined, answer: undefined, usage: noUsage, seconds: 0, events: 0 };
}

async function runTurn(
  commands: Commands,
  command: { program: string; args: readonly string[]; env: Readonly<Record<string, string>> },
  request: TurnRequest,
  { onEvent, stop }: { onEvent: (event: AgentEvent) => void; stop: AbortSignal },
): Promise<TurnResult> {
  const { limits, log } = request;
  const stem = path.join(log.folder, log.stem);
  const state = newCommandState();
  await mkdir(log.folder, { recursive: true });
  const end = await commands.run(
    {
      ...command,
      cwd: request.cwd,
      stdin: `${JSON.stringify(requestToProgram(request))}\n`,
      stdoutFile: `${stem}.jsonl`,
      stderrFile: `${stem}.stderr.txt`,
      onLine(line) {
        for (const event of decodeCommand(line, state)) onEvent(event);
      },
      limits: { totalMs: limits.totalMs, silenceMs: limits.modelSilenceMs },
      quietAllowance: () => (state.openCommands.size > 0 ? limits.commandSilenceMs : undefined),
      interrupt: 'SIGTERM',
      marker: request.session,
    },
    stop,
  );
  return {
    outcome: classifyCommand(end, state, request.schema !== undefined),
    thread: state.thread,
    answer: state.answer,
    usage: state.usage ?? noUsage,
    seconds: end.seconds,
    events: state.events,
  };
}

/** The request as the contract words it: `null` where there is nothing. */
function requestToProgram(request: TurnRequest): Record<string, unknown> {
  return {
    version: 1,
    turn: request.kind,
    cwd: request.cwd,
    prompt: request.prompt,
    schema: request.schema ?? null,
    thread: request.thread ?? null,
    model: request.model === '' ? null : request.model,
    sandbox: request.sandbox,
  };
}
