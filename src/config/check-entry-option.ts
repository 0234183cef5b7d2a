import { nearestName } from '../domain/nearest-name.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { checkValue, type ValueProblem } from './check-value.ts';
import { isOptionName, optionNames, specOf } from './option-groups.ts';
import { repoOptionNames, whyNotHere } from './option-places.ts';
import type { OptionName } from './options.ts';

/**
 * Judges a key of a portfolio entry that is not one of the entry's own. `undefined`: not an option, and not like
 * one either, so it is somebody else's and stays where it is (the first Clone's files carry such keys).
 * `firstClone`: the entry stands in a file as the first Clone wrote them, with its own bounds.
 */
export function checkEntryOption(
  name: string,
  value: unknown,
  { firstClone = false }: { readonly firstClone?: boolean } = {},
): Result<unknown, ValueProblem> | undefined {
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
  const checked = checkValue(specOf(name), firstClone ? asMeant(name, value) : value);
  return checked.ok
    ? ok(checked.value)
    : failed({ ...checked.failure, message: `${name} ${checked.failure.message}` });
}

/** There a task cap went from 0, which was none, to 1000: the highest that we know comes nearest to both. */
function asMeant(name: OptionName, value: unknown): unknown {
  const { type } = specOf(name);
  if (name !== 'tasks_per_repo' || type.kind !== 'integer' || typeof value !== 'number') return value;
  return value === 0 || (value > type.max && value <= 1000) ? type.max : value;
}
