import { isoUtc } from '../domain/time.ts';
import { lastWorked } from '../rules/membership.ts';
import type { Merged } from '../rules/merge-discovery.ts';
import { isoOrNull } from '../status/instants.ts';

/** What a discovery was asked, as its answers tell it. */
export interface Discovered {
  readonly home: string;
  readonly roots: readonly string[];
  readonly days: number;
  readonly now: number;
  readonly dryRun: boolean;
  readonly found: number;
}

/** What `clone discover --json` answers. */
export function discoveredJson(merged: Merged, about: Discovered): Readonly<Record<string, unknown>> {
  return {
    schema_version: 1,
    generated_at: isoUtc(about.now),
    home: about.home,
    roots: about.roots,
    window_days: about.days,
    dry_run: about.dryRun,
    found: about.found,
    added: merged.added.map(({ repo, lastActive }) => ({
      name: repo.name,
      path: repo.path,
      branch: repo.branch,
      last_commit: repo.lastCommit ?? null,
      last_active: isoOrNull(lastActive),
      objective: repo.objective,
    })),
    updated: merged.updated,
    returned: merged.returned,
    missing: merged.missing,
    ignored: merged.ignored,
    quiet: merged.quiet.map((seen) => ({ path: seen.path, last_active: isoOrNull(lastWorked(seen)) })),
    unchanged: merged.unchanged,
  };
}
