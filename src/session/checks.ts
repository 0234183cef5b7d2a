import { configuredChecks } from '../config/options.ts';
import type { Check } from '../domain/check.ts';
import type { Workplace } from '../ports/workplace.ts';
import { filesRead, inferChecks, inferSetup, isPython, type RootFiles } from '../rules/infer-checks.ts';
import { inferFromWorkflows } from '../rules/infer-from-workflows.ts';
import type { Visit } from './visit.ts';

/** How a repository is prepared and checked: as configured, else as its own files suggest. */
export interface Checks {
  readonly checks: readonly Check[];
  readonly setup: readonly string[];
}

/** Where files are read from: a workspace, or what stands in for one. */
interface Reading {
  readonly workplace: Pick<Workplace, 'readText' | 'list'>;
}

/** Reads the files of a workspace once and answers its checks. */
export async function findChecks(
  world: Reading,
  visit: Pick<Visit, 'options'>,
  folder: string,
): Promise<Checks> {
  const configured = configuredChecks(visit.options, 'configuration');
  if (configured.length > 0) return { checks: configured, setup: visit.options.setup };

  const root = await readRoot(world, folder);
  const timeout = visit.options.verify_timeout_seconds;
  const inferred = inferChecks(root, timeout);
  const checks =
    inferred.length > 0 ? inferred : inferFromWorkflows(await readWorkflows(world, folder), timeout);
  const setup = visit.options.setup.length > 0 ? visit.options.setup : inferSetup(root);
  return { checks, setup };
}

async function readRoot(world: Reading, folder: string): Promise<RootFiles> {
  const names = await world.workplace.list(folder, '');
  const texts = new Map<string, string | undefined>();
  for (const name of filesRead) {
    if (names.includes(name)) texts.set(name, await world.workplace.readText(folder, name));
  }
  const inTests =
    names.includes('tests') && isPython(names)
      ? (await world.workplace.list(folder, 'tests')).map((name) => `tests/${name}`)
      : [];
  return { names: [...names, ...inTests], text: (name) => texts.get(name) };
}

async function readWorkflows(
  world: Reading,
  folder: string,
): Promise<readonly { path: string; text: string }[]> {
  const names = (await world.workplace.list(folder, '.github/workflows'))
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  const workflows = [];
  for (const name of names) {
    const path = `.github/workflows/${name}`;
    const text = await world.workplace.readText(folder, path);
    if (text !== undefined) workflows.push({ path, text });
  }
  return workflows;
}
