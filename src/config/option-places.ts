import { didYouMean } from '../domain/nearest-name.ts';
import { isOptionName, optionList, optionNames, specOf } from './option-groups.ts';
import type { OptionName, OptionScope } from './options.ts';

/** Why an option may not stand in a file of that scope; undefined: it may. */
export function whyNotHere(
  name: string,
  scope: OptionScope,
): { readonly message: string; readonly hint: string } | undefined {
  const allowed = scope === 'home' ? optionNames : repoOptionNames();
  if (!isOptionName(name))
    return {
      message: `${name} is not an option`,
      hint: didYouMean(byFlag(name) ?? name, allowed, 'clone config show lists every option'),
    };
  if (scope === 'repo' && specOf(name).scope === 'home')
    return {
      message: `${name} belongs to the whole run and cannot be set for one repository`,
      hint: 'set it in clone.yaml',
    };
  return undefined;
}

/** `cycles`: the option of `--cycles`. */
function byFlag(name: string): OptionName | undefined {
  return optionList.find(([, { flag }]) => flag?.split(' ')[0] === `--${name}`)?.[0];
}

/** The options that may stand in a portfolio entry. */
export function repoOptionNames(): readonly OptionName[] {
  return optionList.filter(([, spec]) => spec.scope === 'repo').map(([name]) => name);
}
