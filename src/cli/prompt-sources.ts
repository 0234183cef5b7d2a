import path from 'node:path';
import type { Options } from '../config/options.ts';
import type { Identity, Repo } from '../domain/repo.ts';
import type { Signal } from '../domain/signal.ts';
import { lookAtOne } from '../loops/look-at-repos.ts';
import { memoryFilesOf } from '../loops/memory-files.ts';
import type { OpenWorld } from '../loops/run-world.ts';
import { gatherSignals } from '../loops/signals.ts';
import { lookAround } from '../loops/surroundings.ts';
import type { Workplace } from '../ports/workplace.ts';
import { CliProblem, exitCodes, type Home } from './context.ts';

/** The person's own checkout; for a bare repository our mirror, as it was when somebody was there last. */
export async function filesOf(
  world: OpenWorld,
  repo: Repo,
  identity: Identity,
): Promise<{ files: Pick<Workplace, 'readText' | 'list'>; folder: string; from: string }> {
  if (identity.checkout !== undefined)
    return { files: world.workplace, folder: identity.checkout, from: identity.checkout };
  const view = await world.ledger.repo(repo.name);
  const tip = view?.landed ?? view?.seen?.commits;
  const mirror = tip === undefined ? undefined : await world.mirrors.existing(identity, tip);
  if (!mirror || tip === undefined)
    throw repoProblem(
      `${repo.name} has no checkout and was never visited: there is nothing to read yet`,
      `clone run --repo ${repo.name}`,
    );
  const files: Pick<Workplace, 'readText' | 'list'> = {
    readText: (_folder, file, maxBytes) => mirror.readFile(tip, file, maxBytes),
    list: async (_folder, below) => (await mirror.list(tip, below)).map((name) => path.posix.basename(name)),
  };
  return { files, folder: '', from: `our mirror at ${tip.slice(0, 12)}` };
}

/** What calls for a visit, as far as files and the ledger tell: nobody is asked. */
export async function signalsOf(
  world: OpenWorld,
  home: Home,
  { repo, options }: { repo: Repo; options: Options },
): Promise<readonly Signal[]> {
  const here = { ...world, forge: undefined };
  const memory = memoryFilesOf(world.discovery);
  const about = { runBegan: undefined, only: [repo.name], issues: new Map(), memory };
  const around = await lookAround(here, about);
  const view = around.views.get(repo.name);
  const state = await lookAtOne(world, repo, view);
  if (!state) return [];
  const asked = around.asked.get(repo.name) ?? [];
  const known = {
    repo,
    state,
    view,
    asked,
    issues: [],
    options: home.options,
    optionsOf: () => Promise.resolve(options),
  };
  return (await gatherSignals(here, around, known, { mayAsk: false })).judgement.signals;
}

/** A repository that cannot be read, though the portfolio has it. */
export function repoProblem(message: string, hint: string): CliProblem {
  return new CliProblem({ code: 'repo-unusable', message, hint, exitCode: exitCodes.wrong });
}
