import { isDeepStrictEqual } from 'node:util';
import { toText } from './expression-values.ts';
import type { Mapping, Value } from './workflow.ts';

/** The cells of an evaluated `strategy.matrix`, in GitHub's order; a text says why there can be none. */
export function expandMatrix(matrix: Mapping): Mapping[] | string {
  const axes = Object.entries(matrix).filter(([key]) => key !== 'include' && key !== 'exclude');
  for (const [key, values] of axes) {
    if (!Array.isArray(values)) return `Matrix vector '${key}' is not a list`;
    if (values.length === 0) return `Matrix vector '${key}' does not contain any values`;
  }
  const excluded = mappings(matrix['exclude']);
  const originals = product(axes).filter((cell) => !excluded.some((entry) => agrees(cell, entry)));
  const cells = originals.map((cell) => ({ ...cell }));
  for (const entry of mappings(matrix['include'])) {
    const hosts = cells.filter((_, index) => {
      const original = originals[index];
      return original !== undefined && fits(original, entry);
    });
    for (const cell of hosts) Object.assign(cell, entry);
    if (hosts.length === 0) cells.push({ ...entry });
  }
  if (cells.length === 0) return 'Matrix must define at least one vector';
  if (cells.length > 256) return 'The matrix exceeds 256 jobs';
  return cells;
}

/** What GitHub puts behind the job's name: `a, b`. */
export function cellLabel(cell: Mapping): string {
  return Object.values(cell).flatMap(leaves).join(', ');
}

function product(axes: [string, Value][]): Mapping[] {
  if (axes.length === 0) return [];
  return axes.reduce<Mapping[]>(
    (cells, [key, values]) =>
      cells.flatMap((cell) => (values as Value[]).map((value) => ({ ...cell, [key]: value }))),
    [{}],
  );
}

function agrees(cell: Mapping, entry: Mapping): boolean {
  return Object.entries(entry).every(
    ([key, value]) => Object.hasOwn(cell, key) && same(cell[key] ?? null, value),
  );
}

/** Whether an `include` entry may join an original cell: it must not change a value of an axis. */
function fits(cell: Mapping, entry: Mapping): boolean {
  return Object.entries(entry).every(
    ([key, value]) => !Object.hasOwn(cell, key) || same(cell[key] ?? null, value),
  );
}

function same(left: Value, right: Value): boolean {
  if (typeof left === 'object' || typeof right === 'object') return isDeepStrictEqual(left, right);
  return toText(left) === toText(right);
}

function mappings(value: Value | undefined): Mapping[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (entry): entry is Mapping => entry !== null && typeof entry === 'object' && !Array.isArray(entry),
  );
}

function leaves(value: Value): string[] {
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(leaves) : [toText(value)];
}
