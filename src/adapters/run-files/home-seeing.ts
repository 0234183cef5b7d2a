import path from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { Processes } from '../../ports/processes.ts';
import type { Seeing } from '../../ports/seeing.ts';
import { liveScreen } from '../terminal/live-screen.ts';
import { pointLatest } from './latest-link.ts';
import { looksFile } from './looks.ts';
import { runLogs } from './run-logs.ts';
import { runPages } from './run-pages.ts';

export interface HomeSeeingOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly processes: Pick<Processes, 'alive'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What the commands that look need, for a home on disk. Nothing is opened or written before it is asked for. */
export function homeSeeing({ home, clock, processes, environment }: HomeSeeingOptions): Seeing {
  return {
    clock,
    processes,
    looks: looksFile(path.join(home, '.clone', 'last-look')),
    logs: runLogs(path.join(home, 'logs')),
    history: {
      // Only `clone commits` needs git; the others start faster without it.
      async since(repos, since, stop) {
        const { gitHistory } = await import('../git-history/git-history.ts');
        return gitHistory(environment).since(repos, since, stop);
      },
    },
    async pages(runFolder) {
      const pages = await runPages(runFolder);
      await pointLatest(runFolder).catch(() => undefined);
      return pages;
    },
    screen: liveScreen,
  };
}
