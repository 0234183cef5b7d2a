import { didYouMean } from '../domain/nearest-name.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { ConfiguredCheck, OptionSpec, OptionType } from './options.ts';

/** Why a value cannot be had by an option; `at` leads from the option's value to the part that is wrong. */
export interface ValueProblem {
  readonly message: string;
  readonly hint: string;
  readonly at: readonly (string | number)[];
}

/** The value as the option holds it, or what is wrong with it. Messages begin with a verb: `must be ...`. */
export function checkValue(spec: OptionSpec, value: unknown): Result<unknown, ValueProblem> {
  const { type } = spec;
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? ok(value) : wrong('must be true or false', value);
    case 'integer':
    case 'number':
      return checkNumber(type, value);
    case 'string':
      if (typeof value !== 'string') return wrong('must be a text', value, 'put it in quotes');
      if (type.pattern && !type.pattern.test(value)) return wrong(`must match ${type.pattern.source}`, value);
      return value.includes('\0') ? wrong('must not hold a NUL character', undefined) : ok(value);
    case 'choice':
      if (typeof value === 'string' && type.choices.includes(value)) return ok(value);
      return wrong(
        `must be one of ${type.choices.join(', ')}`,
        value,
        typeof value === 'string' ? didYouMean(value, type.choices, '') : '',
      );
    case 'strings':
      if (!Array.isArray(value))
        return wrong('must be a list of texts', value, 'write [a, b], or one `- a` per line');
      for (const [index, item] of value.entries()) {
        if (typeof item !== 'string') return wrong('must hold texts only', item, 'put it in quotes', [index]);
        if (type.items && !type.items.pattern.test(item)) return wrong(type.items.says, item, '', [index]);
      }
      return ok(value);
    case 'checks':
      return checkChecks(value);
  }
}

/** What the option accepts, in words: for help, documents and messages. */
export function describeType(type: OptionType): string {
  switch (type.kind) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `whole number, ${type.min} to ${type.max}`;
    case 'number':
      return `number, ${type.min} to ${type.max}`;
    case 'string':
      return 'text';
    case 'choice':
      return type.choices.join(' | ');
    case 'strings':
      return 'list of texts';
    case 'checks':
      return 'list of {name, run, timeout, required}';
  }
}

function checkNumber(
  type: Extract<OptionType, { kind: 'integer' | 'number' }>,
  value: unknown,
): Result<unknown, ValueProblem> {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return wrong(`must be a ${describeType(type)}`, value);
  if (type.kind === 'integer' && !Number.isInteger(value)) return wrong('must be a whole number', value);
  if (value < type.min || value > type.max)
    return wrong(`must be between ${type.min} and ${type.max}`, value);
  return ok(value);
}

const checkKeys = ['name', 'run', 'timeout', 'required'];
const longestTimeout = 86_400;

function checkChecks(value: unknown): Result<readonly ConfiguredCheck[], ValueProblem> {
  if (!Array.isArray(value))
    return wrong('must be a list of checks', value, 'write one `- { name: test, run: npm test }` per line');
  const checks: ConfiguredCheck[] = [];
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const check = checkOne(item);
    if (!check.ok) return failed({ ...check.failure, at: [index, ...check.failure.at] });
    if (checks.some(({ name }) => name === check.value.name))
      return wrong('must name each check differently', check.value.name, '', [index]);
    checks.push(check.value);
  }
  return ok(checks);
}

function checkOne(item: unknown): Result<ConfiguredCheck, ValueProblem> {
  const given: unknown = typeof item === 'string' ? { run: item } : item;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return wrong('must hold checks', item, 'write { name: test, run: npm test }');
  for (const key of Object.keys(given))
    if (!checkKeys.includes(key))
      return wrong(
        `has no key ${key}`,
        undefined,
        didYouMean(key, checkKeys, `keys: ${checkKeys.join(', ')}`),
        [key],
      );
  const { run, name, timeout, required } = given as Readonly<Record<string, unknown>>;
  if (typeof run !== 'string' || run.trim() === '')
    return wrong('needs `run`, the command of the check', run);
  if (name !== undefined && (typeof name !== 'string' || name.trim() === ''))
    return wrong('needs a text as `name`', name, '', ['name']);
  if (timeout !== undefined && !isTimeout(timeout))
    return wrong(`needs whole seconds as \`timeout\`, 1 to ${longestTimeout}`, timeout, '', ['timeout']);
  if (required !== undefined && typeof required !== 'boolean')
    return wrong('needs true or false as `required`', required, '', ['required']);
  return ok({ name: name ?? run, run, timeout: timeout ?? unnamedTimeout, required: required ?? true });
}

/** Stands in a check that names no time limit, until `verify_timeout_seconds` is known. */
export const unnamedTimeout = 0;

function isTimeout(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= longestTimeout;
}

function wrong(
  message: string,
  value: unknown,
  hint = '',
  at: ValueProblem['at'] = [],
): { ok: false; failure: ValueProblem } {
  const seen = value === undefined ? '' : `, not ${shown(value)}`;
  return { ok: false, failure: { message: `${message}${seen}`, hint, at } };
}

/** A value in a message: short, on one line. */
export function shown(value: unknown): string {
  if (value === null) return 'empty';
  const text = value === undefined ? 'nothing' : asJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'something that holds itself';
  }
}
