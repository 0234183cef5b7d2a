import path from 'node:path';
import type { Options } from '../config/options.ts';
import type { TrustedIssue } from '../domain/issue.ts';
import type { Identity, Repo } from '../domain/repo.ts';
import type { RedCi, Visit } from '../session/visit.ts';
import type { RunOrder, RunWorld } from './run-world.ts';
import { type Gathered, optionsDigest } from './signals.ts';

/** A repository that is to be visited, with everything that was decided before. */
export interface Due {
  readonly repo: Repo;
  readonly identity: Identity;
  readonly options: Options;
  readonly issues: readonly TrustedIssue[];
  readonly found: Gathered;
  readonly onlyAsked: boolean;
  readonly redCi?: RedCi | undefined;
  readonly landedSinceCleanup: number;
}

export async function openVisit(
  world: Pick<RunWorld, 'files' | 'randomId'>,
  order: Pick<RunOrder, 'run'>,
  cycle: number,
  { found, ...due }: Due,
): Promise<Visit> {
  const folder = await world.files.sessionFolder(due.repo.name, cycle);
  const options = optionsDigest(due.options);
  // A visit does not shorten the memory: that it is too long is still to be seen to.
  const memory = found.memoryTooLong ? { memory: '' } : {};
  return {
    ...due,
    session: sessionId(world, due.repo),
    signals: found.judgement.signals,
    seen: { ...found.seen, options, ...memory },
    pushedAt: found.pushedAt,
    run: order.run,
    cycle,
    folder,
    logs: world.files.relative(folder),
  };
}

export function sessionId(world: Pick<RunWorld, 'randomId'>, repo: Repo): string {
  const name = path
    .basename(repo.name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${name || 'repo'}-${world.randomId(8)}`;
}
