import type { FileProblem } from '../ports/portfolio.ts';
import { CliProblem, exitCodes } from './context.ts';

/** A usage or configuration problem: exit 2, nothing was started. */
export function usageProblem(code: string, message: string, hint: string): CliProblem {
  return new CliProblem({ code, message, hint, exitCode: exitCodes.usage });
}

/** A file of the user's that cannot be read as what it should be. */
export function fileProblem(...problems: readonly [FileProblem, ...(readonly FileProblem[])]): CliProblem {
  const [first, ...more] = problems.map((problem) => ({
    message: `${placeOf(problem)}: ${problem.message}`,
    hint: problem.hint,
  }));
  return listedProblem('file-unreadable', first ?? { message: '', hint: '' }, more);
}

/** Several problems of one kind: each with its own hint. */
export function listedProblem(code: string, first: Told, more: readonly Told[]): CliProblem {
  if (more.length === 0) return usageProblem(code, first.message, first.hint);
  const lines = [first, ...more].map(({ message, hint }) => (hint === '' ? message : `${message} (${hint})`));
  return usageProblem(code, lines.join('\n       '), 'nothing was started');
}

interface Told {
  readonly message: string;
  readonly hint: string;
}

/** `repos.yaml:12:5`, as editors and terminals understand it. */
export function placeOf({ file, line, column }: FileProblem): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}
