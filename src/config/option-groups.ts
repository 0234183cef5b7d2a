import { type OptionName, type OptionSpec, optionTable } from './options.ts';

export interface OptionGroup {
  readonly title: string;
  readonly options: readonly (readonly [OptionName, OptionSpec])[];
}

/** Each group begins at an option and goes on until the next one begins; a new option falls into the group it stands in. */
const beginnings: readonly (readonly [OptionName, title: string])[] = [
  ['parallel_repos', 'The run'],
  ['tasks_per_repo', 'Sessions and agents'],
  ['verify', 'Checks and workspaces'],
  ['land', 'Landing'],
  ['github_api_url', 'GitHub, CI and issues'],
  ['memory_enabled', 'Memory, ideas, prompts and logs'],
];

/** Every option in the order of the table, typed as what all options have in common. */
export const optionList = Object.entries(optionTable) as readonly (readonly [OptionName, OptionSpec])[];

/** The names of all options. */
export const optionNames: readonly OptionName[] = optionList.map(([name]) => name);

/** True when `name` is the name of an option. */
export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(optionTable, name);
}

/** What the table says of an option. */
export function specOf(name: OptionName): OptionSpec {
  return optionTable[name];
}

/** The options as a person reads them: in groups, in the order of the table. */
export function optionGroups(): readonly OptionGroup[] {
  const starts = beginnings.map(([name, title]) => ({ title, at: optionNames.indexOf(name) }));
  return starts.map(({ title, at }, index) => ({
    title,
    options: optionList.slice(at, starts[index + 1]?.at ?? optionList.length),
  }));
}
