import { setImmediate as nextTurn } from 'node:timers/promises';

import type { CommandEnding, CommandSpec } from '../../ports/commands.ts';
import { monotonicMs } from '../clock/monotonic.ts';
import { cpuMsOf, endHangingChildren } from './hanging-children.ts';
import { endByLadder } from './ladder.ts';
import type { Launched } from './launch.ts';
import type { Output } from './output.ts';
import { tailFile } from './tail.ts';
import { watchdog } from './watchdog.ts';

export interface FollowOptions {
  readonly spec: CommandSpec;
  readonly output: Output;
  readonly graceMs: number;
  readonly pollMs: number;
  /** How much it may print. */
  readonly mostBytes: number;
  /** How many processes lie between ours and the program. */
  readonly depth: number;
}

/** Hands on the output until the command is gone; ends it when its time is up or we are told to. */
export async function follow(
  { pid, exited }: Launched,
  { spec, output, graceMs, pollMs, mostBytes, depth }: FollowOptions,
  stop: AbortSignal,
): Promise<CommandEnding> {
  const { limits, quietAllowance, onLine } = spec;
  using tail = onLine ? tailFile(spec.stdoutFile, output.stdoutStart, onLine) : undefined;
  using alarm = alarmClock();
  const dog = watchdog({ ...limits, quietAllowance, cpuMs: () => cpuMsOf(pid) }, monotonicMs());
  const secondChance = chances(quietAllowance, () => endHangingChildren(pid, depth));
  let ending: CommandEnding = 'exited';
  let ended: Promise<void> | undefined;
  const sizeBefore = output.size();
  let size = sizeBefore;
  const gone = new AbortController();

  stop.addEventListener('abort', alarm.ring, { once: true });
  void exited.then(() => {
    gone.abort();
    alarm.ring();
  });

  while (!gone.signal.aborted) {
    const bytes = tail?.read() ?? 0;
    const now = monotonicMs();
    const sizeNow = output.size();
    if (sizeNow !== size) {
      size = sizeNow;
      dog.heard(now);
      secondChance.heard();
    }
    if (ended === undefined) {
      const isFlood = size - sizeBefore > mostBytes;
      const verdict = stop.aborted ? 'stopped' : isFlood ? 'flooded' : dog.check(now);
      if (verdict === 'silent' && secondChance.take()) dog.heard(now);
      else if (verdict !== 'fine') {
        ending = verdict;
        ended = endByLadder({ pid, exited }, spec.interrupt, graceMs);
      }
    }
    // Nothing is waited for while there is more to read, but others have their turn.
    if (bytes === 0) await alarm.sleep(pollMs);
    else await nextTurn();
  }
  stop.removeEventListener('abort', alarm.ring);
  await ended;
  tail?.finish();
  return ending;
}

/**
 * A command that hangs inside a program that lives: its processes are ended first, and the program, an agent, hears
 * of it and goes on. Not again before it has said something, and three times at most.
 */
function chances(
  quietAllowance: CommandSpec['quietAllowance'],
  endChildren: () => number,
): { take(): boolean; heard(): void } {
  let left = 3;
  let heardSince = true;
  return {
    take() {
      if (!heardSince || left === 0 || quietAllowance?.() === undefined || endChildren() === 0) return false;
      left -= 1;
      heardSince = false;
      return true;
    },
    heard() {
      heardSince = true;
    },
  };
}

/** Sleep that can be cut short, also before it has begun. */
function alarmClock(): { sleep(ms: number): Promise<void>; ring: () => void } & Disposable {
  let rung = false;
  let wake = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    async sleep(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, ms);
        });
      }
      rung = false;
      clearTimeout(timer);
    },
    ring() {
      rung = true;
      wake();
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
    },
  };
}
