import type { Directive, Document, Operation, Selection, Value } from './parse.ts';

/** An object that can be asked: its type, the interfaces it has, and its fields (a function takes the arguments). */
export interface Type {
  readonly type: string;
  readonly is?: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Args = Readonly<Record<string, unknown>>;

interface GraphqlError {
  readonly type?: string;
  readonly path?: readonly (string | number)[];
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly GraphqlError[];
}

/** A field that cannot be answered: it becomes null, and its error is told beside the data. */
export class FieldProblem extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** A query that does not fit the schema, which GitHub answers with no data at all. */
class InvalidQuery extends Error {
  readonly error: GraphqlError;
  constructor(error: GraphqlError) {
    super(error.message);
    this.error = error;
  }
}

/** Answers exactly what one operation selects, starting at `root`. */
export async function execute(
  document: Document,
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  root: Type,
): Promise<Answer> {
  const errors: GraphqlError[] = [];
  const variables = new Map<string, unknown>(Object.entries(given));

  function resolve(value: Value): unknown {
    switch (value.kind) {
      case 'literal':
        return value.value;
      case 'variable':
        return variables.get(value.name);
      case 'list':
        return value.items.map(resolve);
      case 'object':
        return Object.fromEntries([...value.fields].map(([key, each]) => [key, resolve(each)]));
    }
  }
  const argsOf = (args: ReadonlyMap<string, Value>): Args =>
    Object.fromEntries([...args].map(([key, value]) => [key, resolve(value)]));

  function wanted(directives: readonly Directive[]): boolean {
    return directives.every(({ name, args }) => {
      const condition = argsOf(args)['if'];
      if (name === 'skip') return condition !== true;
      return name === 'include' ? condition === true : true;
    });
  }

  /** The fields that apply to an object, with the selections of equal keys put together. */
  function collect(
    target: Type,
    selections: readonly Selection[],
  ): Map<string, Extract<Selection, { kind: 'field' }>> {
    const found = new Map<string, Extract<Selection, { kind: 'field' }>>();
    const add = (field: Extract<Selection, { kind: 'field' }>): void => {
      const same = found.get(field.key);
      const joined =
        same === undefined ? field : { ...field, selections: [...same.selections, ...field.selections] };
      found.set(field.key, joined);
    };
    for (const selection of selections) {
      if (!wanted(selection.directives)) continue;
      if (selection.kind === 'field') {
        add(selection);
        continue;
      }
      const fragment = selection.kind === 'spread' ? document.fragments.get(selection.name) : selection;
      if (fragment === undefined) {
        const name = selection.kind === 'spread' ? selection.name : '';
        throw new InvalidQuery({ message: `Fragment ${name} was used, but not defined` });
      }
      const on = fragment.on;
      if (on !== null && on !== target.type && target.is?.includes(on) !== true) continue;
      for (const field of collect(target, fragment.selections).values()) add(field);
    }
    return found;
  }

  async function answer(
    target: Type,
    selections: readonly Selection[],
    path: readonly (string | number)[],
  ): Promise<unknown> {
    const result: Record<string, unknown> = {};
    for (const [key, field] of collect(target, selections)) {
      if (field.name === '__typename') {
        result[key] = target.type;
        continue;
      }
      if (!Object.hasOwn(target.fields, field.name)) {
        throw new InvalidQuery({
          message: `Field '${field.name}' doesn't exist on type '${target.type}'`,
          path: ['query', ...path, key],
          extensions: { code: 'undefinedField', typeName: target.type, fieldName: field.name },
        });
      }
      result[key] = await fieldOf(target, field, [...path, key]);
    }
    return result;
  }

  async function fieldOf(
    target: Type,
    field: Extract<Selection, { kind: 'field' }>,
    path: readonly (string | number)[],
  ): Promise<unknown> {
    try {
      const raw = target.fields[field.name];
      const value: unknown =
        typeof raw === 'function' ? await (raw as (args: Args) => unknown)(argsOf(field.args)) : raw;
      return await complete(value, field, target, path);
    } catch (failure) {
      if (!(failure instanceof FieldProblem)) throw failure;
      errors.push({ type: failure.type, path, message: failure.message });
      return null;
    }
  }

  async function complete(
    value: unknown,
    field: Extract<Selection, { kind: 'field' }>,
    owner: Type,
    path: readonly (string | number)[],
  ): Promise<unknown> {
    if (value === null || value === undefined) return null;
    if (Array.isArray(value)) {
      const rows: unknown[] = [];
      for (const [index, each] of value.entries())
        rows.push(await complete(each, field, owner, [...path, index]));
      return rows;
    }
    if (isType(value)) {
      if (field.selections.length > 0) return await answer(value, field.selections, path);
      throw new InvalidQuery({
        message: `Field must have selections (field '${field.name}' returns ${value.type} but has no selections. Did you mean '${field.name} { ... }'?)`,
        path: ['query', ...path],
        extensions: { code: 'selectionMismatch', nodeName: `field '${field.name}'`, typeName: value.type },
      });
    }
    return value;
  }

  for (const [name, value] of operation.defaults) {
    if (!variables.has(name)) variables.set(name, resolve(value));
  }
  try {
    const data = await answer(root, operation.selections, []);
    return errors.length > 0 ? { data, errors } : { data };
  } catch (failure) {
    if (failure instanceof InvalidQuery) return { errors: [failure.error] };
    throw failure;
  }
}

function isType(value: unknown): value is Type {
  return typeof value === 'object' && value !== null && 'type' in value && 'fields' in value;
}

/** A page of rows as GraphQL shows them, by first/after or last/before. */
export function connection(
  type: string,
  rows: readonly Type[],
  args: Args,
  more: Record<string, unknown> = {},
): Type {
  const number = (name: string): number | undefined => {
    const value = args[name];
    return typeof value === 'number' ? Math.max(0, Math.min(100, value)) : undefined;
  };
  const cursor = (index: number): string => Buffer.from(`cursor:${String(index)}`).toString('base64');
  const position = (name: string): number | undefined => {
    const value = args[name];
    if (typeof value !== 'string') return undefined;
    const index = /^cursor:(\d+)$/.exec(Buffer.from(value, 'base64').toString('utf8'))?.[1];
    return index === undefined ? undefined : Number(index);
  };
  let from = (position('after') ?? -1) + 1;
  let to = position('before') ?? rows.length;
  const first = number('first');
  const last = number('last');
  if (first !== undefined) to = Math.min(to, from + first);
  if (last !== undefined) from = Math.max(from, to - last);
  const page = rows.slice(from, to);
  return {
    type: `${type}Connection`,
    fields: {
      totalCount: rows.length,
      nodes: page,
      edges: page.map(
        (node, index): Type => ({ type: `${type}Edge`, fields: { cursor: cursor(from + index), node } }),
      ),
      pageInfo: {
        type: 'PageInfo',
        fields: {
          hasNextPage: to < rows.length,
          hasPreviousPage: from > 0,
          startCursor: page.length > 0 ? cursor(from) : null,
          endCursor: page.length > 0 ? cursor(from + page.length - 1) : null,
        },
      } satisfies Type,
      ...more,
    },
  };
}
