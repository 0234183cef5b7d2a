import type { FileProblem } from '../../ports/portfolio.ts';

/**
 * What to tell when a change would take away what an alias elsewhere stands for, as the parser says with a
 * ReferenceError; every other error is thrown again.
 */
export function aliasStillUsed(error: unknown, text: string, file: string): FileProblem {
  if (!(error instanceof ReferenceError)) throw error;
  const alias = `*${/: (\S+)$/.exec(error.message)?.[1] ?? ''}`;
  const above = text.slice(0, Math.max(0, text.indexOf(alias))).split('\n');
  return {
    file,
    line: above.length,
    column: (above.at(-1)?.length ?? 0) + 1,
    message: `the change was refused: ${alias} is used here, and would lose what it stands for`,
    hint: `write the value in place of ${alias}, then try again`,
  };
}
