import type { RunOrder } from '../loops/run-world.ts';
import { CliProblem } from './context.ts';
import type { OpenedHome } from './front-context.ts';

/** Between cycles the configuration is read again; a broken edit keeps the last good one and is said. */
export function reloading(first: OpenedHome): Pick<RunOrder, 'optionsFor' | 'warningsFor' | 'reload'> {
  let home = first;
  return {
    optionsFor: (repo) => home.optionsFor(repo),
    warningsFor: (repo) => home.warningsFor(repo),
    async reload() {
      try {
        home = await home.reload();
        return { options: home.options, problem: undefined };
      } catch (problem) {
        if (!(problem instanceof CliProblem)) throw problem;
        return { options: home.options, problem: problem.message };
      }
    },
  };
}

/** `20261121-012345-x7k2`: sorts by time, and two starts in one second differ. */
export function runId(now: number, random: string): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${random}`;
}
