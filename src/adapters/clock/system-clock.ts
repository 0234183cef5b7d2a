import type { Clock } from '../../ports/clock.ts';

/** The machine's own time. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    sleep(milliseconds, stop) {
      if (stop?.aborted || milliseconds <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          stop?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.min(milliseconds, 2 ** 31 - 1));
        stop?.addEventListener('abort', wake, { once: true });
      });
    },
  };
}
