import type { Result } from '../../domain/result.ts';
import { failed } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';

const expected = [
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'EMFILE',
  'ENOTEMPTY',
  'ENOENT',
  'ENOTDIR',
];

/** Makes a disk that is full, read-only or closed to us a failure; anything else is a bug and flies on. */
export async function orDiskFailure<Value>(
  what: string,
  work: () => Promise<Result<Value, GitFailure>>,
): Promise<Result<Value, GitFailure>> {
  try {
    return await work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined || !expected.includes(code)) throw cause;
    return failed({ kind: 'git', message: `${what}: ${message}` });
  }
}
