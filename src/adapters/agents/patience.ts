import type { Clock } from '../../ports/clock.ts';

/** Runs out when something goes on for too long. */
export interface Patience extends Disposable {
  /** It goes on, or begins: it may last `ms` from its beginning. A shorter time counts from now. */
  strain(ms: number): void;
  /** It is over. */
  relax(): void;
}

/** Calls `runOut` once, when a strain has lasted too long. */
export function patience(clock: Clock, runOut: () => void): Patience {
  let waiting: { readonly until: number; readonly off: AbortController } | undefined;

  function relax(): void {
    waiting?.off.abort();
    waiting = undefined;
  }

  return {
    strain(ms) {
      const until = clock.now() + ms;
      if (waiting && waiting.until <= until) return;
      relax();
      const off = new AbortController();
      waiting = { until, off };
      void clock.sleep(ms, off.signal).then(() => {
        if (!off.signal.aborted) runOut();
      });
    },
    relax,
    [Symbol.dispose]: relax,
  };
}
