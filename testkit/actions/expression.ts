import { pureFunctions, statusFunctions } from './expression-functions.ts';
import { type Expression, parseExpression, walk } from './expression-parser.ts';
import { compare, ExpressionError, isTruthy, looselyEqual, member, toText } from './expression-values.ts';
import type { Mapping, Value } from './workflow.ts';

/** What an expression can see. */
export interface Scope {
  contexts: Mapping;
  /** Where things stand; without it success() and its like are refused. */
  status?: { success: boolean; failure: boolean; cancelled: boolean } | undefined;
  hashFiles?: ((patterns: string[]) => string) | undefined;
}

/** A text with every `${{ }}` replaced; a text that is one single expression keeps its value's kind. */
export function evaluate(text: Value, scope: Scope): Value {
  if (typeof text !== 'string') return text;
  const parts = splitTemplate(text);
  const [only] = parts;
  if (parts.length === 1 && only && typeof only !== 'string') return valueOf(only, scope);
  return parts.map((part) => (typeof part === 'string' ? part : toText(valueOf(part, scope)))).join('');
}

/** As evaluate, but always a text. */
export function interpolate(text: Value, scope: Scope): string {
  return toText(evaluate(text, scope));
}

/** As evaluate, in everything a mapping or list holds. */
export function evaluateDeep(value: Value, scope: Scope): Value {
  if (Array.isArray(value)) return value.map((item) => evaluateDeep(item, scope));
  if (value === null || typeof value !== 'object') return evaluate(value, scope);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluateDeep(item, scope)]));
}

/** An `if:`; without a status function in it, success() has to hold as well. */
export function holds(condition: Value | undefined, scope: Scope): boolean {
  const succeeded = scope.status?.success ?? true;
  if (condition === undefined || condition === null || condition === '') return succeeded;
  if (typeof condition !== 'string') return succeeded && isTruthy(condition);
  const expression = parseCondition(condition);
  if (!asksForStatus(expression) && !succeeded) return false;
  return isTruthy(valueOf(expression, scope));
}

/** All expressions of a text; throws when one of them does not parse. */
export function expressionsIn(text: string): Expression[] {
  return splitTemplate(text).filter((part) => typeof part !== 'string');
}

/** An `if:` as one expression: `${{ }}` may be left out, and beside other text makes it a text. */
export function parseCondition(condition: string): Expression {
  if (!condition.includes('${{')) return parseExpression(condition);
  const parts = splitTemplate(condition.trim());
  const [only] = parts;
  if (parts.length === 1 && only && typeof only !== 'string') return only;
  const args = parts.map(
    (part): Expression => (typeof part === 'string' ? { kind: 'literal', value: part } : part),
  );
  const template = args.map((_, index) => `{${index}}`).join('');
  return { kind: 'call', name: 'format', args: [{ kind: 'literal', value: template }, ...args] };
}

function asksForStatus(expression: Expression): boolean {
  const names: readonly string[] = statusFunctions;
  return [...walk(expression)].some((part) => part.kind === 'call' && names.includes(part.name));
}

function splitTemplate(text: string): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let from = 0;
  for (let start = text.indexOf('${{'); start !== -1; start = text.indexOf('${{', from)) {
    if (start > from) parts.push(text.slice(from, start));
    const end = endOfExpression(text, start + 3);
    parts.push(parseExpression(text.slice(start + 3, end)));
    from = end + 2;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

function endOfExpression(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "'") quoted = !quoted;
    else if (!quoted && text.startsWith('}}', at)) return at;
  }
  throw new ExpressionError(
    `The expression is not closed. An unescaped \${{ sequence was found: ${text.slice(from - 3, from + 80)}`,
  );
}

function valueOf(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return member(scope.contexts, expression.name);
    case 'member':
      return memberOf(expression.of, valueOf(expression.key, scope), scope);
    case 'every':
      return everyMember(valueOf(expression.of, scope));
    case 'not':
      return !isTruthy(valueOf(expression.of, scope));
    case 'binary':
      return binary(expression.operator, expression, scope);
    case 'call':
      return call(expression.name, expression.args, scope);
  }
}

/** After a `*`, a member is asked of every item. */
function memberOf(of: Expression, key: Value, scope: Scope): Value {
  const value = valueOf(of, scope);
  if (!filters(of) || !Array.isArray(value)) return member(value, key);
  return value.map((item) => member(item, key)).filter((item) => item !== null);
}

function filters(expression: Expression): boolean {
  if (expression.kind === 'every') return true;
  return expression.kind === 'member' && filters(expression.of);
}

function everyMember(value: Value): Value {
  if (Array.isArray(value)) return value;
  return value !== null && typeof value === 'object' ? Object.values(value) : [];
}

function binary(operator: string, sides: { left: Expression; right: Expression }, scope: Scope): Value {
  const left = valueOf(sides.left, scope);
  if (operator === '&&') return isTruthy(left) ? valueOf(sides.right, scope) : left;
  if (operator === '||') return isTruthy(left) ? left : valueOf(sides.right, scope);
  const right = valueOf(sides.right, scope);
  switch (operator) {
    case '==':
      return looselyEqual(left, right);
    case '!=':
      return !looselyEqual(left, right);
    case '<':
      return compare(left, right) < 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>':
      return compare(left, right) > 0;
    case '>=':
      return compare(left, right) >= 0;
    default:
      throw new ExpressionError(`Unexpected symbol: '${operator}'`);
  }
}

function call(name: string, args: Expression[], scope: Scope): Value {
  const pure = pureFunctions[name];
  if (pure) return pure.call(...args.map((argument) => valueOf(argument, scope)));
  if (name === 'always') return true;
  if (name === 'hashfiles' && scope.hashFiles) {
    return scope.hashFiles(args.map((argument) => toText(valueOf(argument, scope))));
  }
  if (scope.status && (name === 'success' || name === 'failure' || name === 'cancelled'))
    return scope.status[name];
  throw new ExpressionError(`Unrecognized function: '${name}'`);
}
