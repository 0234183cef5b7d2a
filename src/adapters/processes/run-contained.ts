import { statSync } from 'node:fs';

import type { CommandEnd, CommandSpec } from '../../ports/commands.ts';
import { monotonicMs } from '../clock/monotonic.ts';
import type { Containment } from './containment.ts';
import { programAt } from './find-program.ts';
import { follow } from './follow.ts';
import { killAll } from './ladder.ts';
import { launch } from './launch.ts';
import { formatMarker } from './marker.ts';
import { openOutput } from './output.ts';
import { ownProcess } from './proc.ts';
import { kill, sweep } from './sweep.ts';
import { endOfFile } from './tail.ts';

export interface RunOptions {
  readonly graceMs: number;
  readonly pollMs: number;
  readonly mostBytes: number;
  readonly containment: Containment;
  /** Tells this run apart from every other one, also of the same session. */
  readonly run: string;
}

const stderrTailBytes = 16 * 1024;

/** Runs one command to its end and beyond: when this resolves, nothing it started is left. */
export async function runContained(
  spec: CommandSpec,
  options: RunOptions,
  stop: AbortSignal,
): Promise<CommandEnd> {
  const { containment } = options;
  const start = monotonicMs();
  if (stop.aborted) return { ...notStarted('stopped before it was started'), ending: 'stopped' };
  if (!isFolder(spec.cwd)) return notStarted(`${spec.cwd}: no such folder`);
  const program = programAt(spec.program, spec.env['PATH'], spec.cwd);
  if (program === undefined) return notStarted(`${spec.program}: no such program`);

  using output = openOutput(spec.stdoutFile, spec.stderrFile);
  const marker = formatMarker(spec.marker, ownProcess(), options.run);
  const launched = await launch(program, spec, { marker, output, containment });
  if (!launched.ok) return notStarted(launched.failure);

  const { pid, exited } = launched.value;
  const sweepRun = (): Promise<number> => {
    const { kind } = containment;
    if (kind === 'process-group') kill(-pid, 'SIGKILL');
    return sweep((other) => other === marker, kind === 'process-group' ? 2 : 1);
  };
  try {
    const ending = await follow(launched.value, { spec, output, ...options, depth: containment.depth }, stop);
    const exit = await exited;
    // A namespace is gone before its first process is: there is nothing to look for, unless we cut that short.
    const isSwept = ending === 'exited' && containment.kind !== 'process-group';
    return {
      ending,
      ...exit,
      seconds: (monotonicMs() - start) / 1000,
      stderrTail: endOfFile(output.stderrFile, output.stderrStart, stderrTailBytes),
      swept: isSwept ? 0 : await sweepRun(),
    };
  } catch (cause) {
    // A bug of whoever listens to the lines is no reason to leave processes behind.
    killAll(pid);
    await exited;
    await sweepRun();
    throw cause;
  }
}

function notStarted(message: string): CommandEnd {
  return {
    ending: 'not-started',
    exitCode: undefined,
    signal: undefined,
    seconds: 0,
    stderrTail: '',
    message,
    swept: 0,
  };
}

function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
