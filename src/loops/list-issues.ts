import type { IssueRow } from '../domain/issue.ts';
import type { Repo } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { hours } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Forge, ForgeFailure, Slug } from '../ports/forge.ts';
import type { World } from '../ports/world.ts';

/** The open issues of one repository that we know by its number. */
export interface Listed {
  readonly repo: Repo;
  readonly slug: Slug;
  readonly id: number;
  readonly rows: readonly IssueRow[];
  /** False: there may be more. */
  readonly complete: boolean;
}

type ListWorld = Pick<World, 'forge' | 'clock'> & { readonly ledger: Ledger };

/** So many repositories are asked one by one in a cycle, where one list of everything does not do. */
const mostOneByOne = 20;
/** So many numbers of repositories are learned in one cycle. */
const mostLearned = 300;

/**
 * Open issues by repository, from one list of everything that the token belongs to. Repositories are known by their
 * number, learned once: a name may be taken over by somebody else.
 */
export async function listIssues(
  world: ListWorld & { readonly forge: Forge | undefined },
  repos: readonly Repo[],
  everySlug: ReadonlyMap<string, Slug>,
): Promise<Result<readonly Listed[], ForgeFailure>> {
  const { forge, ledger } = world;
  if (!forge) return ok([]);
  const names = new Set(repos.map(({ name }) => name));
  const slugs = new Map([...everySlug].filter(([name]) => names.has(name)));
  const everything = await forge.issues.open();
  // A token that may not ask for everything may still ask for each.
  if (!everything.ok && everything.failure.kind !== 'access' && everything.failure.kind !== 'gone')
    return failed(everything.failure);
  const rows = everything.ok ? everything.value.rows : [];
  const whole = everything.ok && everything.value.complete;
  const ids = await knownIds(world, slugs, rows);

  const missed = everything.ok ? await notCovered(forge, slugs, rows) : new Set(slugs.keys());
  const turn = someOf(
    [...missed].filter((name) => ids.has(name)),
    world.clock.now(),
  );
  const listed: Listed[] = [];
  for (const repo of repos) {
    const slug = slugs.get(repo.name);
    const id = ids.get(repo.name);
    if (slug === undefined || id === undefined) continue;
    if (!missed.has(repo.name)) {
      listed.push({ repo, slug, id, rows: rowsOf(rows, { slug, id }), complete: whole });
    } else if (turn.has(repo.name)) {
      const open = await forge.issues.openOf(slug);
      if (open.ok) listed.push({ repo, slug, id, ...open.value });
      else if (open.failure.kind === 'later') return failed(open.failure);
      else
        await ledger.record({
          type: 'warned',
          repo: repo.name,
          message: `its issues could not be read: ${open.failure.message}`,
        });
    }
  }
  return ok(listed);
}

/** Those of the repository, and those of whoever has its name now: they are refused, and told. */
function rowsOf(rows: readonly IssueRow[], { slug, id }: { slug: Slug; id: number }): readonly IssueRow[] {
  const its = rows.filter((row) => row.repositoryId === id);
  const numbers = new Set(its.map(({ number }) => number));
  const named = (row: IssueRow): boolean =>
    row.repositoryId !== id && row.slug?.toLowerCase() === slug.toLowerCase();
  return [...its, ...rows.filter((row) => named(row) && !numbers.has(row.number))];
}

/**
 * The numbers of repositories by name of the entry. A number is learned once, from the list where it stands beside the
 * name, or by asking; one that is known is never replaced.
 */
async function knownIds(
  world: ListWorld & { readonly forge: Forge | undefined },
  slugs: ReadonlyMap<string, Slug>,
  rows: readonly IssueRow[],
): Promise<ReadonlyMap<string, number>> {
  const { ledger, forge, clock } = world;
  const known = new Map(
    (await ledger.forgeRepositories()).map((view) => [`${view.repo} ${view.slug}`, view]),
  );
  const seen = new Map(
    rows.flatMap(({ slug, repositoryId }) =>
      slug !== undefined && repositoryId !== undefined ? [[slug.toLowerCase(), repositoryId] as const] : [],
    ),
  );
  const ids = new Map<string, number>();
  const unknown: (readonly [name: string, slug: Slug])[] = [];
  for (const [name, slug] of slugs) {
    const view = known.get(`${name} ${slug}`);
    if (view?.id !== undefined) {
      ids.set(name, view.id);
      continue;
    }
    const id = seen.get(slug.toLowerCase());
    if (id !== undefined) {
      ids.set(name, id);
      await ledger.record({ type: 'forge-repository-known', repo: name, slug, id });
    } else if (view === undefined || clock.now() - view.askedAt > hours(24)) unknown.push([name, slug]);
  }
  const asking = unknown.slice(0, mostLearned);
  if (!forge || asking.length === 0) return ids;
  const answer = await forge.issues.repositoryIds([...new Set(asking.map(([, slug]) => slug))]);
  if (!answer.ok) return ids;
  for (const [name, slug] of asking) {
    const id = answer.value.get(slug);
    if (id !== undefined) ids.set(name, id);
    await ledger.record({ type: 'forge-repository-known', repo: name, slug, id });
  }
  return ids;
}

/** The repositories that a list of everything the token belongs to leaves out: of others, and the token is no part of. */
async function notCovered(
  forge: Forge,
  slugs: ReadonlyMap<string, Slug>,
  rows: readonly IssueRow[],
): Promise<ReadonlySet<string>> {
  const me = await forge.issues.viewer();
  const mine = me.ok ? me.value.login.toLowerCase() : '';
  const shown = new Set(rows.map(({ slug }) => slug?.toLowerCase()));
  const foreign = [...slugs].filter(
    ([, slug]) => !slug.toLowerCase().startsWith(`${mine}/`) && !shown.has(slug.toLowerCase()),
  );
  if (foreign.length === 0) return new Set();
  // The repositories that the token belongs to, whoever owns them.
  const member = await forge.pushed();
  return new Set(
    foreign.filter(([, slug]) => !member.ok || !member.value.has(slug.toLowerCase())).map(([name]) => name),
  );
}

/** As many as may be asked now, another part each minute. */
function someOf(names: readonly string[], now: number): ReadonlySet<string> {
  const from = names.length <= mostOneByOne ? 0 : (Math.floor(now / 60_000) * mostOneByOne) % names.length;
  return new Set([...names.slice(from), ...names.slice(0, from)].slice(0, mostOneByOne));
}
