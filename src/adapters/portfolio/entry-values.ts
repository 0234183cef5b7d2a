import type { Repo } from '../../domain/repo.ts';

/** The keys of a new entry, in the order in which a person reads them; what says nothing is left out. */
export function entryValues(repo: Repo): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = { name: repo.name, path: repo.path };
  if (repo.branch !== '') values['branch'] = repo.branch;
  if (repo.lastCommit !== undefined) values['last_commit'] = repo.lastCommit;
  if (repo.objective !== '') values['objective'] = repo.objective;
  for (const mark of ['pinned', 'ignored', 'missing'] as const) if (repo[mark]) values[mark] = true;
  return { ...values, ...repo.options };
}
