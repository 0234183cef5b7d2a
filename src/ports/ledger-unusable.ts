/** The ledger file cannot be used. Nothing was changed; `hint` says what a person can do. */
export class LedgerUnusable extends Error {
  readonly code: 'corrupt' | 'newer' | 'read-only' | 'disk-full' | 'cannot-open' | 'busy';
  readonly file: string;
  readonly hint: string;
  constructor(
    problem: { code: LedgerUnusable['code']; file: string; message: string; hint: string },
    cause?: unknown,
  ) {
    super(problem.message, { cause });
    this.name = 'LedgerUnusable';
    this.code = problem.code;
    this.file = problem.file;
    this.hint = problem.hint;
  }
}
