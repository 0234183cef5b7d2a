import { asRow, asText } from './read-rows.ts';

/** What GraphQL answers: data, and beside it what went wrong, of the whole or of a part. */
export interface GraphqlAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly {
    readonly type: string;
    readonly message: string;
    readonly alias: string | undefined;
  }[];
}

export function readGraphqlAnswer(body: unknown): GraphqlAnswer {
  const row = asRow(body);
  const errors = row?.['errors'];
  return {
    data: asRow(row?.['data']) ?? {},
    errors: (Array.isArray(errors) ? errors : []).map((error) => {
      const told = asRow(error);
      const path = told?.['path'];
      const [alias] = Array.isArray(path) ? (path as readonly unknown[]) : [];
      return {
        type: asText(told?.['type']),
        message: asText(told?.['message']),
        alias: typeof alias === 'string' ? alias : undefined,
      };
    }),
  };
}

/** The parts of an answer that no error touches; an error that names no part touches all. */
export function soundAliases({ data, errors }: GraphqlAnswer): readonly (readonly [string, unknown])[] {
  if (errors.some(({ alias }) => alias === undefined)) return [];
  const broken = new Set(errors.map(({ alias }) => alias));
  return Object.entries(data).filter(([alias]) => !broken.has(alias));
}
