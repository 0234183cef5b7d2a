/** Runs at most `size` jobs at once. Urgent jobs go before those that wait; nothing running is interrupted. */
export interface WorkerPool {
  run<T>(job: () => Promise<T>, options?: { urgent?: boolean }): Promise<T>;
}

export function workerPool(size: number): WorkerPool {
  const waiting: { start: () => void; urgent: boolean }[] = [];
  let running = 0;
  const startNext = (): void => {
    if (running >= size) return;
    const urgent = waiting.findIndex((job) => job.urgent);
    const [job] = waiting.splice(Math.max(0, urgent), 1);
    job?.start();
  };
  return {
    async run(job, options = {}) {
      await new Promise<void>((resolve) => {
        const start = (): void => {
          running += 1;
          resolve();
        };
        waiting.push({ start, urgent: options.urgent ?? false });
        startNext();
      });
      try {
        return await job();
      } finally {
        running -= 1;
        startNext();
      }
    },
  };
}
