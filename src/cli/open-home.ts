import path from 'node:path';

import { checkValue } from '../config/check-value.ts';
import { type LayerValues, readEnvironment } from '../config/environment.ts';
import { layerOf, optionsOf, resolveSettings, type Settings } from '../config/layers.ts';
import { isOptionName, specOf } from '../config/option-groups.ts';
import { whyNotHere } from '../config/option-places.ts';
import type { OptionScope } from '../config/options.ts';
import { placePath } from '../config/place-paths.ts';
import { readPlainSettings } from '../config/read-plain-settings.ts';
import type { OptionValues, ReadSettings } from '../config/read-settings.ts';
import type { HomeFiles } from '../ports/home-files.ts';
import type { FileProblem } from '../ports/portfolio.ts';
import type { ConfiguredRepo, OpenedHome } from './front-context.ts';
import { flagOf } from './option-flags.ts';
import { fileProblem, listedProblem, usageProblem } from './problems.ts';

export interface OpenHomeRequest {
  readonly files: HomeFiles;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `--home` said. */
  readonly asked?: string | undefined;
  /** Options from the command line. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
  /** True: what is wrong with `clone.yaml` is told by the home, and the defaults hold instead. */
  readonly tolerant?: boolean | undefined;
}

const largestInRepoFile = 64 * 1024;

/** Finds the home and reads its configuration; starts nothing and writes nothing. Throws a CliProblem. */
export async function openHome(request: OpenHomeRequest): Promise<OpenedHome> {
  const { files, env, asked, overrides, tolerant } = request;
  const found = await files.find(asked);
  if (!found.exists) throw await noHome(files, found);
  const { folder } = found;
  const { values: file, problems } = await readHomeFile(files, path.join(folder, 'clone.yaml'));
  const [wrong, ...alsoWrong] = problems;
  if (wrong && !tolerant) throw fileProblem(wrong, ...alsoWrong);
  const environment = readEnvironment(env);
  const [first, ...more] = environment.problems;
  if (first) throw listedProblem('environment-unreadable', first, more);
  const layers = {
    file: placed(layerOf(file, 'clone.yaml'), (name) => files.resolve(fromFolder(folder, name))),
    environment: placed(environment.values, (name) => files.resolve(name)),
    commandLine: placed(commandLine(overrides ?? {}), (name) => files.resolve(name)),
  };

  const resolveFor = async (repo?: ConfiguredRepo): Promise<{ settings: Settings; warnings: string[] }> => {
    if (!repo) return { settings: resolveSettings(layers).settings, warnings: [] };
    const inRepo = await readInRepoFile(files, repo.path);
    const { settings, refused } = resolveSettings({
      ...layers,
      inRepo: inRepo.values,
      entry: placed(layerOf(repo.options, `repos.yaml (${repo.name})`), (name) =>
        files.resolve(fromFolder(folder, name)),
      ),
    });
    const warnings = [...inRepo.warnings, ...refused.map(({ message }) => message)];
    return { settings, warnings: warnings.map((warning) => `${repo.name}/.clone.yaml: ${warning}`) };
  };
  return {
    folder,
    problems,
    options: optionsOf(resolveSettings(layers).settings),
    optionsFor: async (repo) => optionsOf((await resolveFor(repo)).settings),
    settingsFor: async (repo) => (await resolveFor(repo)).settings,
    warningsFor: async (repo) => (await resolveFor(repo)).warnings,
    reload: () => openHome({ ...request, asked: folder }),
  };
}

async function noHome(
  files: HomeFiles,
  { folder, by }: { readonly folder: string; readonly by: string },
): Promise<Error> {
  if (by === '~/.clone')
    return usageProblem(
      'home-missing',
      'there is no home here, nor in any folder above, nor in ~/.clone',
      'clone init DIR makes one; --home DIR or CLONE_HOME names one',
    );
  const inItsPlace = await files.readText(folder);
  if (inItsPlace.ok && inItsPlace.value !== undefined)
    return usageProblem(
      'home-missing',
      `the home ${folder} (${by}) is a file, and must be a folder`,
      `name the folder around it: ${path.dirname(folder)}`,
    );
  return usageProblem(
    'home-missing',
    `the home ${folder} (${by}) does not exist`,
    `clone init ${folder} makes it`,
  );
}

async function readHomeFile(
  files: HomeFiles,
  file: string,
): Promise<{ readonly values: OptionValues; readonly problems: readonly FileProblem[] }> {
  const text = await files.readText(file);
  if (!text.ok) return { values: {}, problems: [text.failure] };
  const { values, problems } = await settingsIn(text.value ?? '', 'home');
  return { values, problems: problems.map((problem) => ({ file, ...problem })) };
}

async function settingsIn(text: string, scope: OptionScope): Promise<ReadSettings> {
  const values = readPlainSettings(text, scope);
  if (values !== undefined) return { values, problems: [] };
  const { readSettings } = await import('../config/read-settings.ts');
  return readSettings(text, scope);
}

async function readInRepoFile(
  files: HomeFiles,
  folder: string,
): Promise<{ readonly values: OptionValues; readonly warnings: readonly string[] }> {
  const read = await files.readGuarded(folder, '.clone.yaml', largestInRepoFile);
  if (read.is === 'missing') return { values: {}, warnings: [] };
  if (read.is === 'refused') return { values: {}, warnings: [`not read: ${read.why}`] };
  const { values, problems } = await settingsIn(read.text, 'repo');
  const warnings = problems.map(
    ({ line, message, hint }) =>
      `line ${line ?? '?'}: ${message}; not taken${hint === '' ? '' : ` (${hint})`}`,
  );
  return { values, warnings };
}

function commandLine(overrides: Readonly<Record<string, unknown>>): LayerValues {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    const misplaced = whyNotHere(name, 'home');
    if (misplaced || !isOptionName(name)) throw usageProblem('option-unknown', name, misplaced?.hint ?? '');
    const checked = checkValue(specOf(name), value);
    if (!checked.ok)
      throw usageProblem(
        'option-invalid',
        `${flagOf(name)} ${checked.failure.message}`,
        checked.failure.hint,
      );
    values[name] = checked.value;
  }
  return layerOf(values, flagOf);
}

function placed(layer: LayerValues, resolve: (path: string) => string): LayerValues {
  const result: Record<string, LayerValues[keyof LayerValues]> = {};
  for (const [name, setting] of Object.entries(layer))
    if (isOptionName(name)) result[name] = { ...setting, value: placePath(name, setting.value, resolve) };
  return result;
}

function fromFolder(folder: string, name: string): string {
  return name.startsWith('~') ? name : path.resolve(folder, name);
}
