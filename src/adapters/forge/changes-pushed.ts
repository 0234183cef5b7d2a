import { ok, type Result } from '../../domain/result.ts';
import type { Instant } from '../../domain/time.ts';
import type { ForgeFailure, Slug } from '../../ports/forge.ts';
import type { GithubClient } from './github-client.ts';
import { asRow, asText } from './read-rows.ts';

type Pushed = readonly [slug: Slug, at: Instant];

const perPage = 100;
const mostPages = 100;

/**
 * When somebody pushed last, for every repository that the token belongs to. The list comes newest first, so its first
 * page tells whether anything was pushed anywhere; later ones are read only as far as they are new to us.
 */
export function pushedRepos(
  client: Pick<GithubClient, 'get'>,
): () => Promise<Result<ReadonlyMap<Slug, Instant>, ForgeFailure>> {
  const known = new Map<Slug, Instant>();
  let newest: readonly Pushed[] | undefined;
  let whole = false;
  return async () => {
    let first: readonly Pushed[] | undefined;
    for (let page = 1; page <= mostPages; page += 1) {
      const asked = await client.get({
        route: 'GET /user/repos',
        parameters: { sort: 'pushed', direction: 'desc', per_page: perPage, page },
        read: (data, headers) => ({
          rows: readPushed(data),
          more: String(headers['link']).includes('rel="next"'),
        }),
        conditional: page === 1,
        polling: true,
      });
      if (!asked.ok) {
        // Half of what is new was read: the next time has to read it all.
        whole = false;
        return asked;
      }
      const { rows, more } = asked.value;
      first ??= rows;
      // The very answer of last time, confirmed.
      if (whole && rows === newest) break;
      const oldest = rows.at(-1);
      const reachedKnown = whole && oldest !== undefined && known.get(oldest[0]) === oldest[1];
      for (const [slug, at] of rows) known.set(slug, at);
      if (reachedKnown || !more) break;
    }
    newest = first;
    whole = true;
    return ok(known);
  };
}

function readPushed(data: unknown): readonly Pushed[] {
  return (Array.isArray(data) ? data : []).flatMap((one: unknown): Pushed[] => {
    const row = asRow(one);
    const slug = asText(row?.['full_name']).toLowerCase();
    const at = Date.parse(asText(row?.['pushed_at']));
    return slug === '' || Number.isNaN(at) ? [] : [[slug, at]];
  });
}
