/** What the watchdog hears of a command. All times in milliseconds on one steady clock. */
export interface Watchdog {
  /** Output has come. */
  heard(now: number): void;
  /** Whether the command has used up its time or its silence. */
  check(now: number): 'fine' | 'timeout' | 'silent';
}

export interface WatchdogOptions {
  readonly totalMs: number;
  readonly silenceMs?: number | undefined;
  readonly quietAllowance?: (() => number | undefined) | undefined;
  /** The CPU time the command's processes have used so far. Asked now and then: the answer is dear. */
  readonly cpuMs: () => number;
}

/** Less than this share of one CPU is what an idle program needs to stay idle. */
const busyShare = 0.01;

/**
 * Two clocks: one for everything, one for silence. While `quietAllowance` answers a number, silence may last
 * that long as long as CPU time is used; without any for `silenceMs`, it counts as silence all the same.
 */
export function watchdog(options: WatchdogOptions, start: number): Watchdog {
  const { totalMs, silenceMs, quietAllowance, cpuMs } = options;
  const lookEvery = Math.min((silenceMs ?? 0) / 4, 10_000);
  let lastHeard = start;
  let lastBusy = start;
  let looked: { readonly at: number; readonly used: number } | undefined;

  function look(now: number): void {
    if (looked && now - looked.at < lookEvery) return;
    const used = cpuMs();
    if (looked && used - looked.used >= Math.max(10, (now - looked.at) * busyShare)) lastBusy = now;
    looked = { at: now, used };
  }

  return {
    heard(now) {
      lastHeard = now;
    },
    check(now) {
      if (now - start >= totalMs) return 'timeout';
      if (silenceMs === undefined) return 'fine';

      const allowance = quietAllowance?.();
      if (allowance === undefined) {
        looked = undefined;
        return now - lastHeard >= silenceMs ? 'silent' : 'fine';
      }
      look(now);
      if (now - lastHeard >= Math.max(allowance, silenceMs)) return 'silent';
      return now - Math.max(lastHeard, lastBusy) >= silenceMs ? 'silent' : 'fine';
    },
  };
}
