import { Command, type Option } from 'commander';

import type { Repo } from '../domain/repo.ts';
import { type Instant, isoUtc } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { HomeFiles } from '../ports/home-files.ts';
import { type ReadIncident, readIncidents } from '../rules/memory/read-entries.ts';
import { type IncidentsReport, incidentsPage } from '../status/incidents-page.ts';
import { incidentJson } from '../status/memory-report.ts';
import { renderText } from '../status/render-text.ts';
import { readCheckoutFile } from './checkout-memory.ts';
import type { CommonFlags } from './context.ts';
import { sinceOption } from './durations.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { homeToLook, look } from './seeing-context.ts';

interface IncidentFlags extends CommonFlags {
  readonly repo?: string;
  readonly since?: number;
}

/** `clone incidents`: what went wrong in the portfolio, and the rule that came of it. */
export function incidentsCommand(context: FrontContext): Command {
  return new Command('incidents')
    .summary('what went wrong in the portfolio, and the rule that came of it')
    .description(
      'Lists the incidents of the repositories, newest first, from the INCIDENTS.md of each checkout; and those that come with the next landing.',
    )
    .option('--repo <name>', 'only this repository')
    .addOption(sinceEver())
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone incidents --since 7d')
    .action(
      look(context, async (flags: IncidentFlags) => {
        const home = await homeToLook(context, flags);
        const all = await readRepos(context, home);
        const repos = flags.repo === undefined ? all : [findRepo(all, flags.repo)];
        await using ledger = await context.ledger(home);
        const since = flags.since === undefined ? undefined : context.now() - flags.since;
        const report = await incidentsOf({ files: await context.files(), ledger }, repos, since);
        if (flags.json) {
          context.print(JSON.stringify(report, null, 2));
          return undefined;
        }
        const columns = context.terminal ? context.columns : Number.MAX_SAFE_INTEGER;
        context.print(renderText(incidentsPage(report), { columns, colour: context.colour }));
        return undefined;
      }),
    );
}

function sinceEver(): Option {
  return sinceOption().default(undefined, 'all of them');
}

interface Told extends Omit<ReadIncident, 'line'> {
  readonly repo: string;
  readonly pending: boolean;
}

async function incidentsOf(
  from: { readonly files: HomeFiles; readonly ledger: Ledger },
  repos: readonly Repo[],
  since: Instant | undefined,
): Promise<IncidentsReport> {
  const told: Told[] = [];
  const unusable: { repo: string; file: string; problem: string }[] = [];
  for (const repo of repos) {
    const file = await readCheckoutFile(from.files, repo, 'incidents');
    if (file.problem !== undefined)
      unusable.push({ repo: repo.name, file: file.path, problem: file.problem });
    const written = readIncidents(file.text ?? '');
    told.push(...written.map((one) => ({ ...one, repo: repo.name, pending: false })));
    told.push(...(await pendingOf(from.ledger, repo)));
  }
  const asked = told.filter(({ at }) => since === undefined || (at ?? 0) >= since);
  return {
    schema_version: 1,
    since: since === undefined ? null : isoUtc(since),
    incidents: asked
      .toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))
      .map((one) => ({ repo: one.repo, ...incidentJson(one), pending: one.pending })),
    unusable,
  };
}

/** What the next landing writes down. */
async function pendingOf(ledger: Pick<Ledger, 'memory'>, repo: Repo): Promise<readonly Told[]> {
  const pending = (await ledger.memory(repo.name))?.pending ?? [];
  return pending.flatMap(({ what, commit }) => {
    if (what.kind !== 'incident') return [];
    const { trust = 'untrusted', ...incident } = what.incident;
    return [{ ...incident, trust, commit, repo: repo.name, pending: true }];
  });
}
