import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

import { failed, ok, type Result } from '../../domain/result.ts';
import type { CommandSpec } from '../../ports/commands.ts';
import type { Containment } from './containment.ts';
import { markerName } from './marker.ts';
import type { Output } from './output.ts';

/** How a process ended. One ended by a signal has the exit code a shell would give it. */
interface Exit {
  readonly exitCode: number;
  readonly signal: string | undefined;
}

export interface Launched {
  readonly child: ChildProcess;
  /** The id of our own child, and of the process group of all that stays in it. */
  readonly pid: number;
  readonly exited: Promise<Exit>;
}

/** Starts a program in its containment, as leader of a session of its own. */
export async function launch(
  program: string,
  spec: CommandSpec,
  { marker, output, containment }: { marker: string; output: Output; containment: Containment },
): Promise<Result<Launched, string>> {
  const command = containment.wrap(program, spec.args);
  const child = start(command, spec, marker, output);
  if (typeof child === 'string') return failed(child);

  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? exitOf(code ?? 0) : exitOf(128 + constants.signals[signal]));
    });
  });
  const message = await new Promise<string | undefined>((resolve) => {
    child.once('spawn', () => {
      resolve(undefined);
    });
    child.once('error', (error) => {
      resolve(error.message);
    });
  });
  if (message !== undefined || child.pid === undefined) return failed(message ?? 'it did not start');

  // A program may end without reading what it is told: not our trouble.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(spec.stdin);
  return ok({ child, pid: child.pid, exited });
}

function start(
  { program, args }: ReturnType<Containment['wrap']>,
  { cwd, env, stdin }: CommandSpec,
  marker: string,
  output: Output,
): ChildProcess | string {
  try {
    return spawn(program, args, {
      cwd,
      env: { ...env, [markerName]: marker },
      detached: true,
      stdio: [stdin === undefined ? 'ignore' : 'pipe', output.stdout, output.stderr],
    });
  } catch (cause) {
    // Arguments that no system takes: too long, or with a NUL in them.
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** The shell inside a containment reports a signal as 128 + its number. */
function exitOf(exitCode: number): Exit {
  const signal = Object.entries(constants.signals).find(([, number]) => exitCode - 128 === number)?.[0];
  return { exitCode, signal };
}
