import { readFileSync } from 'node:fs';

import { failed, ok, type Result } from '../../domain/result.ts';
import type { FileProblem } from '../../ports/portfolio.ts';
import { promised } from './promised.ts';

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder, not a file',
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
  ELOOP: 'is a link that leads to itself',
};

/** Text of a file of the user's; undefined: missing. */
export function readUserFile(file: string): Promise<Result<string | undefined, FileProblem>> {
  return promised(() => readNow(file));
}

function readNow(file: string): Result<string | undefined, FileProblem> {
  try {
    return ok(readFileSync(file, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok(undefined);
    const message = reasons[code];
    if (message === undefined) throw error;
    return failed({ file, line: undefined, column: undefined, message, hint: 'make it a readable file' });
  }
}
