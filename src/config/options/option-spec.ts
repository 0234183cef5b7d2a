/** A value that an option can have, with its bounds, told once for files, flags, environment and documents. */
export type OptionType =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' | 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'string'; readonly pattern?: RegExp | undefined }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'strings'; readonly items?: ItemRule | undefined }
  | { readonly kind: 'checks' };

/** What each text of a list has to look like; `says` begins with a verb. */
export interface ItemRule {
  readonly pattern: RegExp;
  readonly says: string;
}

/**
 * Where an option may stand. `home`: it belongs to the whole run. `repo`: also in a portfolio entry and in a
 * repository's own `.clone.yaml`.
 */
export type OptionScope = 'home' | 'repo';

/** What "tighter" means for a safety option: an in-repo file may only move a value that way. */
export type Tightening = 'lower' | 'higher' | 'earlier-choice' | 'true' | 'false' | 'never';

export interface OptionSpec<Value = unknown> {
  readonly type: OptionType;
  readonly default: Value;
  readonly scope: OptionScope;
  readonly help: string;
  /** Environment names besides `CLONE_<NAME>`: those of the first Clone. */
  readonly env?: readonly string[] | undefined;
  /** Flag of `clone run`; undefined: no flag. */
  readonly flag?: string | undefined;
  /** Set for safety options; the others may be changed freely by an in-repo file. */
  readonly tighter?: Tightening | undefined;
}

export interface ConfiguredCheck {
  readonly name: string;
  readonly run: string;
  readonly timeout: number;
  readonly required: boolean;
}

type Rest = Omit<OptionSpec, 'type' | 'default' | 'scope' | 'help'>;

export function integer(
  help: string,
  value: number,
  [min, max]: readonly [number, number],
  scope: OptionScope,
  rest: Rest = {},
): OptionSpec<number> {
  return { type: { kind: 'integer', min, max }, default: value, scope, help, ...rest };
}
export function number(
  help: string,
  value: number,
  [min, max]: readonly [number, number],
  scope: OptionScope,
  rest: Rest = {},
): OptionSpec<number> {
  return { type: { kind: 'number', min, max }, default: value, scope, help, ...rest };
}
export function flag(help: string, value: boolean, scope: OptionScope, rest: Rest = {}): OptionSpec<boolean> {
  return { type: { kind: 'boolean' }, default: value, scope, help, ...rest };
}
export function string(help: string, value: string, scope: OptionScope, rest: Rest = {}): OptionSpec<string> {
  return { type: { kind: 'string' }, default: value, scope, help, ...rest };
}
export function strings(
  help: string,
  value: readonly string[],
  scope: OptionScope,
  { items, ...rest }: Rest & { readonly items?: ItemRule | undefined } = {},
): OptionSpec<readonly string[]> {
  return { type: { kind: 'strings', items }, default: value, scope, help, ...rest };
}
export function choice<const C extends readonly string[]>(
  help: string,
  choices: C,
  value: C[number],
  scope: OptionScope,
  rest: Rest = {},
): OptionSpec<C[number]> {
  return { type: { kind: 'choice', choices }, default: value, scope, help, ...rest };
}
