import type { Value } from './workflow.ts';

/** Something in an expression that GitHub would refuse. */
export class ExpressionError extends Error {}

/** Whether a value counts as true in a condition. */
export function isTruthy(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== '' && !Number.isNaN(value);
}

/** A value as it appears inside a text. */
export function toText(value: Value): string {
  if (value === null) return '';
  if (Array.isArray(value)) return 'Array';
  if (typeof value === 'object') return 'Object';
  return String(value);
}

/** A value as a number, NaN when it is none. */
export function toNumber(value: Value): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return value.trim() === '' ? 0 : Number(value);
  return Number.NaN;
}

/** GitHub's loose equality: texts ignore case, different kinds are compared as numbers. */
export function looselyEqual(left: Value, right: Value): boolean {
  const comparable = align(left, right);
  return comparable !== undefined && comparable[0] === comparable[1];
}

/** Less or equal and so on; texts in alphabetical order, ignoring case. */
export function compare(left: Value, right: Value): number {
  const comparable = align(left, right);
  if (comparable === undefined) return Number.NaN;
  const [a, b] = comparable;
  if (a === b) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return (a as number) < (b as number) ? -1 : 1;
}

/** One member of a mapping or list; null when there is none. */
export function member(value: Value, key: Value): Value {
  if (Array.isArray(value)) {
    const index = toNumber(key);
    return Number.isInteger(index) && index >= 0 ? (value[index] ?? null) : null;
  }
  if (value === null || typeof value !== 'object') return null;
  const name = toText(key);
  if (Object.hasOwn(value, name)) return value[name] ?? null;
  const found = Object.keys(value).find((other) => other.toLowerCase() === name.toLowerCase());
  return found === undefined ? null : (value[found] ?? null);
}

function align(left: Value, right: Value): [unknown, unknown] | undefined {
  if (typeof left === 'string' && typeof right === 'string') return [left.toUpperCase(), right.toUpperCase()];
  if (isComposite(left) || isComposite(right)) return left === right ? [left, right] : undefined;
  return [toNumber(left), toNumber(right)];
}

function isComposite(value: Value): boolean {
  return typeof value === 'object' && value !== null;
}
