import type { Slug } from '../../ports/forge.ts';
import { type GraphqlAnswer, soundAliases } from './graphql-answer.ts';
import { asRow } from './read-rows.ts';

/** One question about the numbers of many repositories. */
export function idQuery(slugs: readonly Slug[]): {
  readonly text: string;
  readonly aliases: ReadonlyMap<string, Slug>;
} {
  const aliases = new Map(slugs.map((slug, index) => [`r${index}`, slug]));
  const parts = [...aliases].map(([alias, slug]) => {
    const [owner = '', name = ''] = slug.split('/');
    return `${alias}: repository(owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(name)}) { databaseId }`;
  });
  return { text: `query Repositories { ${parts.join('\n')} }`, aliases };
}

export function readIds(
  answer: GraphqlAnswer,
  aliases: ReadonlyMap<string, Slug>,
): ReadonlyMap<Slug, number> {
  const ids = new Map<Slug, number>();
  for (const [alias, value] of soundAliases(answer)) {
    const slug = aliases.get(alias);
    const id = asRow(value)?.['databaseId'];
    if (slug !== undefined && typeof id === 'number' && Number.isSafeInteger(id)) ids.set(slug, id);
  }
  return ids;
}
