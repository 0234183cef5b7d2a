import { failed, ok, type Result } from '../../domain/result.ts';
import type { ForgeFailure, ForgeRepository, Slug } from '../../ports/forge.ts';
import type { GithubClient } from './github-client.ts';
import { asRow, asText } from './read-rows.ts';

/** A repository as it is now, with the tips of its branches; undefined: there is none, as far as the token sees. */
export async function findRepository(
  client: GithubClient,
  slug: Slug,
): Promise<Result<ForgeRepository | undefined, ForgeFailure>> {
  const [owner = '', repo = ''] = slug.split('/');
  // Asked once each, and never from memory: what was true a minute ago may have been deleted.
  const found = await client.get({
    route: 'GET /repos/{owner}/{repo}',
    parameters: { owner, repo },
    conditional: false,
    read: readRepository,
  });
  if (!found.ok) return found.failure.kind === 'gone' ? ok(undefined) : found;
  if (found.value === undefined)
    return failed({ kind: 'unavailable', message: `the answer names no repository for ${slug}` });
  const branches = await client.get({
    route: 'GET /repos/{owner}/{repo}/branches',
    parameters: { owner, repo, per_page: 100 },
    conditional: false,
    read: readBranches,
  });
  return branches.ok ? ok({ ...found.value, branches: branches.value }) : branches;
}

/** A private, empty repository of the token's own account. Sent once: look it up again, whatever the answer is. */
export function createRepository(
  client: GithubClient,
  wanted: { readonly name: string; readonly description: string },
): Promise<Result<void, ForgeFailure>> {
  const description = wanted.description.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 350);
  return client.post('POST /user/repos', {
    name: wanted.name,
    description,
    private: true,
    auto_init: false,
    has_wiki: false,
    has_projects: false,
  });
}

function readRepository(data: unknown): Omit<ForgeRepository, 'branches'> | undefined {
  const row = asRow(data);
  const slug = asText(row?.['full_name']);
  if (!row || slug === '') return undefined;
  return {
    slug,
    // What is not said to be private counts as public.
    private: row['private'] === true,
    archived: row['archived'] === true,
    description: asText(row['description']),
    cloneUrl: asText(row['clone_url']),
  };
}

function readBranches(data: unknown): ReadonlyMap<string, string> {
  const rows = Array.isArray(data) ? data.map(asRow) : [];
  return new Map(rows.map((row) => [asText(row?.['name']), asText(asRow(row?.['commit'])?.['sha'])]));
}
