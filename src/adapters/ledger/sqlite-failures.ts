import { LedgerUnusable } from '../../ports/ledger-unusable.ts';

/** SQLite's own result codes for what can go wrong with a file (sqlite.org/rescode.html). */
const problems: Readonly<
  Record<number, { code: LedgerUnusable['code']; says: string; hint: (file: string) => string }>
> = {
  3: { code: 'read-only', says: 'may not be opened by this user', hint: ownIt },
  5: { code: 'busy', says: 'is locked by another process for too long', hint: () => waitForIt },
  6: { code: 'busy', says: 'is locked by another process for too long', hint: () => waitForIt },
  8: { code: 'read-only', says: 'cannot be written', hint: ownIt },
  10: {
    code: 'cannot-open',
    says: 'could not be read or written by the disk',
    hint: () => 'Look at the disk (dmesg, free space), then try again; nothing that was recorded is lost.',
  },
  11: { code: 'corrupt', says: 'is damaged', hint: moveAside },
  13: {
    code: 'disk-full',
    says: 'cannot grow: the disk is full',
    hint: () =>
      'Free some space (logs/ and .clone/ of the home are the largest), then run again; nothing is lost.',
  },
  14: { code: 'cannot-open', says: 'cannot be opened', hint: ownIt },
  26: { code: 'corrupt', says: 'is not a ledger (not a database)', hint: moveAside },
};

const waitForIt = 'Try again in a moment; `clone status` shows what is going on.';

function ownIt(file: string): string {
  return `Check that ${file} and its folder belong to you and can be written.`;
}

function moveAside(file: string): string {
  return `Restore it from a backup (${file}.v*.bak), or move it aside: a new one is made, and git keeps the work.`;
}

/** Does `work`; what SQLite says about the file becomes a `LedgerUnusable`, everything else flies on. */
export function tellingFailures<Value>(file: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    const known = problems[codeOf(error) & 0xff];
    if (known === undefined) throw error;
    const message = `The ledger ${file} ${known.says}.`;
    throw new LedgerUnusable({ code: known.code, file, message, hint: known.hint(file) }, error);
  }
}

/** SQLite's extended result code of an error; 0 when it is none of SQLite's. */
export function codeOf(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 0;
  return error.errcode;
}
