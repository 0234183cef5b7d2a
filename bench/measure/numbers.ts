export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** Runs the rivals in turn, A B C A B C, so that a busy moment of the machine meets them all. */
export async function inTurn<T, const Names extends string>(
  rounds: number,
  rivals: Readonly<Record<Names, () => Promise<T>>>,
): Promise<Readonly<Record<Names, readonly T[]>>> {
  const names = Object.keys(rivals) as Names[];
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Names, T[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await rivals[name]());
  }
  return results;
}

export function medianOf<T>(results: readonly T[], of: (result: T) => number): number {
  return median(results.map(of));
}
