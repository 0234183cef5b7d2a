/** One line of the table that a benchmark prints. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  /** What it is held against: a floor, a peer, or nothing. */
  readonly against?: string | undefined;
  readonly ratio?: number | undefined;
  readonly target?: string | undefined;
  /** Undefined: told for comparison, not judged. */
  readonly held?: boolean | undefined;
}

export interface Report {
  readonly rows: readonly Row[];
  /** Sentences below the table: where the cost is. */
  readonly remarks?: readonly string[] | undefined;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** `repos`: how many repositories to take in place of the usual number, by those that can do with fewer. */
  run(repos?: number): Promise<Report>;
}

/** A Markdown table, so that it can be pasted into README.md as it is. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, ours, against, ratio, target, held }) => [
    what,
    ours,
    against ?? '',
    ratio === undefined ? '' : `${round(ratio)}×`,
    target ?? '',
    wordFor(held),
  ]);
  return [['measured', 'clone', 'against', 'ratio', 'target', ''], Array<string>(6).fill('---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

export function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(3);
}

function wordFor(held: boolean | undefined): string {
  if (held === undefined) return '';
  return held ? 'held' : 'MISSED';
}
