import { nearestName } from '../domain/nearest-name.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { checkValue, type ValueProblem } from './check-value.ts';
import { isOptionName, optionNames, specOf } from './option-groups.ts';
import { repoOptionNames, whyNotHere } from './option-places.ts';

/**
 * Judges a key of a portfolio entry that is not one of the entry's own. `undefined`: not an option, and not like
 * one either, so it is somebody else's and stays where it is (the first Clone's files carry such keys).
 */
export function checkEntryOption(name: string, value: unknown): Result<unknown, ValueProblem> | undefined {
  if (!isOptionName(name)) {
    const meant = nearestName(name, optionNames);
    if (meant === undefined) return undefined;
    const suggestion = repoOptionNames().includes(meant as never) ? meant : undefined;
    return failed({
      message: `${name} is not an option`,
      hint: suggestion === undefined ? `${meant} belongs in clone.yaml` : `did you mean ${suggestion}?`,
      at: [],
    });
  }
  const misplaced = whyNotHere(name, 'repo');
  if (misplaced) return failed({ ...misplaced, at: [] });
  const checked = checkValue(specOf(name), value);
  return checked.ok
    ? ok(checked.value)
    : failed({ ...checked.failure, message: `${name} ${checked.failure.message}` });
}
