/** A GraphQL document, as far as queries need it. */
export interface Document {
  readonly operations: readonly Operation[];
  readonly fragments: ReadonlyMap<string, Fragment>;
}

export interface Operation {
  readonly kind: string;
  readonly name: string | null;
  readonly defaults: ReadonlyMap<string, Value>;
  readonly selections: readonly Selection[];
}

interface Fragment {
  readonly on: string;
  readonly selections: readonly Selection[];
}

export type Selection =
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly key: string;
      readonly args: ReadonlyMap<string, Value>;
      readonly directives: readonly Directive[];
      readonly selections: readonly Selection[];
    }
  | { readonly kind: 'spread'; readonly name: string; readonly directives: readonly Directive[] }
  | {
      readonly kind: 'inline';
      readonly on: string | null;
      readonly directives: readonly Directive[];
      readonly selections: readonly Selection[];
    };

export interface Directive {
  readonly name: string;
  readonly args: ReadonlyMap<string, Value>;
}

export type Value =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Value> };

/** What is wrong with the text of a query. */
export class SyntaxProblem extends Error {}

/** Reads a query document; throws a SyntaxProblem where it cannot. */
export function parseDocument(source: string): Document {
  const tokens = tokenize(source);
  let at = 0;
  const peek = (): string | undefined => tokens[at];

  function take(): string {
    const token = tokens[at];
    if (token === undefined) throw new SyntaxProblem('Unexpected end of document');
    at += 1;
    return token;
  }
  function expect(wanted: string): void {
    const token = take();
    if (token !== wanted) throw new SyntaxProblem(`Expected "${wanted}", found "${token}"`);
  }
  function name(): string {
    const token = take();
    if (!/^[_A-Za-z]\w*$/.test(token)) throw new SyntaxProblem(`Expected a name, found "${token}"`);
    return token;
  }
  function accept(wanted: string): boolean {
    if (peek() !== wanted) return false;
    at += 1;
    return true;
  }

  function value(): Value {
    const token = take();
    if (token === '$') return { kind: 'variable', name: name() };
    if (token === '[') {
      const items: Value[] = [];
      while (!accept(']')) items.push(value());
      return { kind: 'list', items };
    }
    if (token === '{') {
      const fields = new Map<string, Value>();
      while (!accept('}')) {
        const key = name();
        expect(':');
        fields.set(key, value());
      }
      return { kind: 'object', fields };
    }
    if (token.startsWith('"')) return { kind: 'literal', value: stringIn(token) };
    if (/^-?\d/.test(token)) return { kind: 'literal', value: Number(token) };
    if (token === 'null') return { kind: 'literal', value: null };
    if (token === 'true' || token === 'false') return { kind: 'literal', value: token === 'true' };
    return { kind: 'literal', value: token };
  }
  function args(): Map<string, Value> {
    const found = new Map<string, Value>();
    if (!accept('(')) return found;
    while (!accept(')')) {
      const key = name();
      expect(':');
      found.set(key, value());
    }
    return found;
  }
  function directives(): Directive[] {
    const found: Directive[] = [];
    while (accept('@')) found.push({ name: name(), args: args() });
    return found;
  }
  function selections(): Selection[] {
    const found: Selection[] = [];
    if (!accept('{')) return found;
    while (!accept('}')) found.push(selection());
    return found;
  }
  function selection(): Selection {
    if (accept('...')) {
      if (peek() !== 'on' && peek() !== '{' && peek() !== '@') {
        return { kind: 'spread', name: name(), directives: directives() };
      }
      const on = accept('on') ? name() : null;
      return { kind: 'inline', on, directives: directives(), selections: selections() };
    }
    const first = name();
    const alias = accept(':');
    const field = alias ? name() : first;
    return {
      kind: 'field',
      name: field,
      key: first,
      args: args(),
      directives: directives(),
      selections: selections(),
    };
  }
  function type(): void {
    if (accept('[')) {
      type();
      expect(']');
    } else {
      name();
    }
    accept('!');
  }
  function variables(): Map<string, Value> {
    const defaults = new Map<string, Value>();
    if (!accept('(')) return defaults;
    while (!accept(')')) {
      expect('$');
      const variable = name();
      expect(':');
      type();
      if (accept('=')) defaults.set(variable, value());
      directives();
    }
    return defaults;
  }

  const operations: Operation[] = [];
  const fragments = new Map<string, Fragment>();
  while (at < tokens.length) {
    if (accept('fragment')) {
      const fragment = name();
      expect('on');
      const on = name();
      directives();
      fragments.set(fragment, { on, selections: selections() });
      continue;
    }
    const kind = peek() === '{' ? 'query' : name();
    const called = peek() === '{' || peek() === '(' || peek() === '@' ? null : name();
    const defaults = variables();
    directives();
    operations.push({ kind, name: called, defaults, selections: selections() });
  }
  if (operations.length === 0)
    throw new SyntaxProblem('A query attribute must be specified and must be a string.');
  return { operations, fragments };
}

function tokenize(source: string): string[] {
  const pattern =
    /[\s,\uFEFF]+|#[^\n]*|("""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|[_A-Za-z]\w*|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[!$&()[\]{}:=@|])/y;
  const tokens: string[] = [];
  while (pattern.lastIndex < source.length) {
    const place = pattern.lastIndex;
    const match = pattern.exec(source);
    if (match === null) throw new SyntaxProblem(`Unexpected character "${source[place] ?? ''}"`);
    if (match[1] !== undefined) tokens.push(match[1]);
  }
  return tokens;
}

function stringIn(token: string): string {
  if (token.startsWith('"""')) return token.slice(3, -3).trim();
  try {
    return JSON.parse(token) as string;
  } catch {
    throw new SyntaxProblem(`Bad string ${token}`);
  }
}
