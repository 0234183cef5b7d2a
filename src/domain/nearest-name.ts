/** The name that was probably meant by `wrong`; undefined: none is close enough to suggest. */
export function nearestName(wrong: string, names: Iterable<string>): string | undefined {
  const asked = plain(wrong);
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const known = plain(name);
    const limit = Math.max(1, Math.floor(Math.min(asked.length, known.length) / 3));
    if (Math.abs(asked.length - known.length) > limit) continue;
    const distance = editDistance(asked, known);
    if (distance <= limit && (!best || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? onlyOneBeginning(asked, names);
}

/** `stat` is `status`, as long as nothing else begins like that. */
function onlyOneBeginning(asked: string, names: Iterable<string>): string | undefined {
  if (asked.length < 3) return undefined;
  const begun = [...names].filter((name) => plain(name).startsWith(asked));
  return begun.length === 1 ? begun[0] : undefined;
}

/** `did you mean X?`, or what else helps. */
export function didYouMean(wrong: string, names: Iterable<string>, otherwise: string): string {
  const nearest = nearestName(wrong, names);
  return nearest === undefined ? otherwise : `did you mean ${nearest}?`;
}

function plain(name: string): string {
  return name.slice(0, 100).toLowerCase().replaceAll(/[-\s]/g, '_');
}

/** Edits between two words; two neighbours swapped count as one. */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
