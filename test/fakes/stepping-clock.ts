import type { Clock } from '../../src/ports/clock.ts';

/** A clock that goes on only when somebody sleeps; whoever sleeps wakes at once, later. */
export interface SteppingClock extends Clock {
  at: number;
  /** Called at every sleep, after time went on. */
  onSleep: (milliseconds: number) => void | Promise<void>;
}

export function steppingClock(at = 0): SteppingClock {
  const clock: SteppingClock = {
    at,
    onSleep: () => undefined,
    now: () => clock.at,
    async sleep(milliseconds, stop) {
      if (stop?.aborted) return;
      clock.at += milliseconds;
      // A real turn of the event loop, so that somebody else gets to work too.
      await new Promise((resolve) => setImmediate(resolve));
      await clock.onSleep(milliseconds);
    },
  };
  return clock;
}
