import path from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { Processes } from '../../ports/processes.ts';
import type { RunLogs, Seeing } from '../../ports/seeing.ts';
import { liveScreen } from '../terminal/live-screen.ts';
import { looksFile } from './looks.ts';

export interface HomeSeeingOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly processes: Pick<Processes, 'alive'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What the commands that look need, for a home on disk. Nothing is opened, written or loaded before it is asked for:
 * `clone status` is to answer at once.
 */
export function homeSeeing({ home, clock, processes, environment }: HomeSeeingOptions): Seeing {
  const logs = async (): Promise<RunLogs> => {
    const { runLogs } = await import('./run-logs.ts');
    return runLogs(path.join(home, 'logs'));
  };
  return {
    clock,
    processes,
    looks: looksFile(path.join(home, '.clone', 'last-look')),
    logs: {
      read: async (file, from) => (await logs()).read(file, from),
      prune: async (keep) => (await logs()).prune(keep),
    },
    history: {
      async since(repos, since, stop) {
        const { gitHistory } = await import('../git-history/git-history.ts');
        return gitHistory(environment).since(repos, since, stop);
      },
    },
    async pages(runFolder) {
      const [{ runPages }, { pointLatest }] = await Promise.all([
        import('./run-pages.ts'),
        import('./latest-link.ts'),
      ]);
      const pages = runPages(runFolder);
      await pointLatest(runFolder).catch(() => undefined);
      return pages;
    },
    screen: liveScreen,
  };
}
