import { ExpressionError } from './expression-values.ts';
import type { Value } from './workflow.ts';

/** A parsed expression. */
export type Expression =
  | { kind: 'literal'; value: Value }
  | { kind: 'name'; name: string }
  | { kind: 'member'; of: Expression; key: Expression }
  | { kind: 'every'; of: Expression }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'not'; of: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression };

/** Parses what stands between `${{` and `}}`; throws an ExpressionError on anything GitHub refuses. */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  const reader = new Reader(tokens, text);
  const expression = reader.expression(0);
  reader.expectEnd();
  return expression;
}

/** Every expression inside this one, itself included. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression;
  switch (expression.kind) {
    case 'member':
      yield* walk(expression.of);
      yield* walk(expression.key);
      return;
    case 'every':
    case 'not':
      yield* walk(expression.of);
      return;
    case 'call':
      for (const argument of expression.args) yield* walk(argument);
      return;
    case 'binary':
      yield* walk(expression.left);
      yield* walk(expression.right);
      return;
    case 'literal':
    case 'name':
      return;
  }
}

interface Token {
  kind: 'literal' | 'name' | 'sign';
  text: string;
  value?: Value;
}

const tokenPattern =
  /\s*(?:(?<string>'(?:[^']|'')*')|(?<number>[-+]?(?:0x[0-9a-f]+|0o[0-7]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?))(?![\w])|(?<name>[a-z_][\w-]*)|(?<sign>&&|\|\||==|!=|<=|>=|[<>!()[\].,*]))/iy;

const literals: Record<string, Value> = { true: true, false: false, null: null };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const at = tokenPattern.lastIndex;
    const groups = tokenPattern.exec(text)?.groups;
    if (!groups)
      throw new ExpressionError(
        `Unexpected symbol: '${text.slice(at).trim()}'. Located within expression: ${text.trim()}`,
      );
    tokens.push(toToken(groups));
  }
  return tokens;
}

function toToken(groups: Record<string, string | undefined>): Token {
  const { string, number, name, sign } = groups;
  if (string !== undefined) {
    return { kind: 'literal', text: string, value: string.slice(1, -1).replaceAll("''", "'") };
  }
  if (number !== undefined) return { kind: 'literal', text: number, value: Number(number) };
  if (name !== undefined) return { kind: 'name', text: name };
  return { kind: 'sign', text: sign ?? '' };
}

const strengths: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
};

class Reader {
  readonly #tokens: Token[];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[], text: string) {
    this.#tokens = tokens;
    this.#text = text.trim();
  }

  expression(weakest: number): Expression {
    this.#depth += 1;
    if (this.#depth > 50) throw new ExpressionError(`Exceeded max expression depth 50: ${this.#text}`);
    let left = this.#unary();
    for (let sign = this.#peek(); sign !== undefined; sign = this.#peek()) {
      const strength = sign.kind === 'sign' ? strengths[sign.text] : undefined;
      if (strength === undefined || strength <= weakest) break;
      this.#at += 1;
      left = { kind: 'binary', operator: sign.text, left, right: this.expression(strength) };
    }
    this.#depth -= 1;
    return left;
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token) throw this.#unexpected(token);
  }

  #unary(): Expression {
    if (!this.#take('!')) return this.#postfix(this.#primary());
    return { kind: 'not', of: this.#unary() };
  }

  #primary(): Expression {
    const token = this.#next();
    if (token.kind === 'literal') return { kind: 'literal', value: token.value ?? null };
    if (token.kind === 'name') return this.#nameOrCall(token.text);
    if (token.text !== '(') throw this.#unexpected(token);
    const inner = this.expression(0);
    this.#expect(')');
    return inner;
  }

  #nameOrCall(name: string): Expression {
    if (this.#take('(')) return { kind: 'call', name: name.toLowerCase(), args: this.#args() };
    if (Object.hasOwn(literals, name)) return { kind: 'literal', value: literals[name] ?? null };
    if (name === 'NaN') return { kind: 'literal', value: Number.NaN };
    if (name === 'Infinity') return { kind: 'literal', value: Number.POSITIVE_INFINITY };
    return { kind: 'name', name: name.toLowerCase() };
  }

  #args(): Expression[] {
    const args: Expression[] = [];
    if (this.#take(')')) return args;
    do args.push(this.expression(0));
    while (this.#take(','));
    this.#expect(')');
    return args;
  }

  #postfix(of: Expression): Expression {
    if (this.#take('.')) return this.#postfix(this.#dotted(of));
    if (!this.#take('[')) return of;
    const key: Expression | undefined = this.#take('*') ? undefined : this.expression(0);
    this.#expect(']');
    return this.#postfix(key ? { kind: 'member', of, key } : { kind: 'every', of });
  }

  #dotted(of: Expression): Expression {
    const token = this.#next();
    if (token.text === '*') return { kind: 'every', of };
    if (token.kind !== 'name') throw this.#unexpected(token);
    return { kind: 'member', of, key: { kind: 'literal', value: token.text } };
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (!token) throw new ExpressionError(`Unexpected end of expression: ${this.#text}`);
    return token;
  }

  #take(sign: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    const token = this.#next();
    if (token.kind !== 'sign' || token.text !== sign) throw this.#unexpected(token);
  }

  #unexpected(token: Token): ExpressionError {
    return new ExpressionError(
      `Unexpected symbol: '${token.text}'. Located within expression: ${this.#text}`,
    );
  }
}
