import type { Instant } from '../time.ts';

/** What a field of a fact means; its TypeScript type rides along. `docs/EVENTS.md` is made from these. */
export interface Field<Value> {
  readonly says: string;
  readonly shape: string;
  readonly type?: Value;
}

export function text(says: string): Field<string> {
  return { says, shape: 'string' };
}
export function maybeText(says: string): Field<string | undefined> {
  return { says, shape: 'string, optional' };
}
export function count(says: string): Field<number> {
  return { says, shape: 'number' };
}
export function moment(says: string): Field<Instant | undefined> {
  return { says, shape: 'UTC time, optional' };
}
export function flag(says: string): Field<boolean> {
  return { says, shape: 'boolean' };
}
export function of<Value>(shape: string, says: string): Field<Value> {
  return { says, shape };
}

/** A kind of fact: what it says, and its fields. */
export type FactKinds = Record<string, { says: string; fields: Record<string, Field<unknown>> }>;
