import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { lineSplitter } from './line-splitter.ts';

export interface ProcessOrder {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  /** A named pipe for its output: both streams in their true order, and /dev/stderr can be opened. */
  pipe: string;
  line: (text: string) => void;
}

export interface ProcessEnd {
  /** 128 + signal number after a signal; undefined when it could not be started. */
  code: number | undefined;
  /** Ends what the process left running behind; says whether there was something. */
  sweep: () => boolean;
}

const patience = { afterTerm: 1_000, idle: 50, drain: 1_000 };

/** Runs a command in its own process group; `stop` ends the whole group. Leftovers live until swept. */
export async function runProcess(order: ProcessOrder, stop: AbortSignal): Promise<ProcessEnd> {
  const started = start(order);
  const { output, child } = started;
  const splitter = lineSplitter((text) => {
    order.line(text);
  });
  let heardAt = performance.now();
  output.on('data', (chunk: Buffer) => {
    heardAt = performance.now();
    splitter.push(chunk);
  });
  const closing = new Promise<void>((resolve) => {
    output.once('close', () => {
      resolve();
    });
  });

  const code = await exitOrStop(started, stop);
  const exitedAt = performance.now();
  while (!output.destroyed && performance.now() - exitedAt < patience.drain) {
    await Promise.race([closing, delay(patience.idle)]);
    if (performance.now() - heardAt >= patience.idle) break;
  }
  output.removeAllListeners('data').resume();
  splitter.end();
  return {
    code,
    sweep: () => {
      const left = signalGroup(child, 'SIGKILL');
      output.destroy();
      return left;
    },
  };
}

interface Started {
  output: Socket;
  exited: Promise<number | undefined>;
  child: Pick<ChildProcess, 'pid'>;
}

function start(order: ProcessOrder): Started {
  const readEnd = openSync(order.pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(order.pipe, constants.O_WRONLY);
  const output = new Socket({ fd: readEnd, readable: true, writable: false });
  output.on('error', () => undefined);
  const { command, args, cwd, env } = order;
  try {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', writeEnd, writeEnd], detached: true });
    return { output, exited: whenExited(child), child };
  } catch {
    // Node throws at once for some refusals, such as an environment that is too large.
    return { output, exited: Promise.resolve(undefined), child: { pid: undefined } };
  } finally {
    closeSync(writeEnd);
  }
}

function whenExited(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(undefined);
    });
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + signalNumber(signal));
    });
  });
}

async function exitOrStop({ child, exited }: Started, stop: AbortSignal): Promise<number | undefined> {
  let kill: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(child, 'SIGTERM');
    kill = setTimeout(() => signalGroup(child, 'SIGKILL'), patience.afterTerm);
  };
  if (stop.aborted) end();
  else stop.addEventListener('abort', end, { once: true });
  const code = await exited;
  stop.removeEventListener('abort', end);
  clearTimeout(kill);
  if (stop.aborted) signalGroup(child, 'SIGKILL');
  return code;
}

function signalGroup(child: Started['child'], signal: NodeJS.Signals): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  const numbers: Partial<Record<NodeJS.Signals, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGABRT: 6,
    SIGKILL: 9,
    SIGSEGV: 11,
    SIGPIPE: 13,
    SIGTERM: 15,
  };
  return (signal && numbers[signal]) ?? 0;
}
