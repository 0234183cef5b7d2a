import { ExpressionError, looselyEqual, toNumber, toText } from './expression-values.ts';
import type { Value } from './workflow.ts';

type PureFunction = (...args: Value[]) => Value;

/** The functions that depend on nothing but their arguments, with how many of those they take. */
export const pureFunctions: Readonly<Record<string, { least: number; most: number; call: PureFunction }>> = {
  contains: { least: 2, most: 2, call: contains },
  startswith: { least: 2, most: 2, call: (text, start) => folded(text).startsWith(folded(start)) },
  endswith: { least: 2, most: 2, call: (text, end) => folded(text).endsWith(folded(end)) },
  format: { least: 1, most: 255, call: format },
  join: { least: 1, most: 2, call: join },
  tojson: { least: 1, most: 1, call: (value) => JSON.stringify(value, undefined, 2) },
  fromjson: { least: 1, most: 1, call: fromJson },
};

/** The functions that ask about the job or its files. */
export const statusFunctions = ['success', 'failure', 'cancelled', 'always'] as const;

function folded(value: Value = null): string {
  return toText(value).toUpperCase();
}

function contains(where: Value = null, what: Value = null): Value {
  if (Array.isArray(where)) return where.some((item) => looselyEqual(item, what));
  return folded(where).includes(folded(what));
}

function format(template: Value = null, ...values: Value[]): Value {
  return toText(template).replaceAll(/\{\{|\}\}|\{(\d+)\}|[{}]/g, (found, index: string | undefined) => {
    if (found === '{{') return '{';
    if (found === '}}') return '}';
    const value = index === undefined ? undefined : values[toNumber(index)];
    if (value === undefined)
      throw new ExpressionError(`The following format string is invalid: ${toText(template)}`);
    return toText(value);
  });
}

function join(list: Value = null, separator: Value = ','): Value {
  return Array.isArray(list) ? list.map(toText).join(toText(separator)) : toText(list);
}

function fromJson(text: Value = null): Value {
  try {
    return JSON.parse(toText(text)) as Value;
  } catch (cause) {
    throw new ExpressionError('Error parsing fromJson', { cause });
  }
}
