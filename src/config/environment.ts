import { nearestName } from '../domain/nearest-name.ts';
import { optionList } from './option-groups.ts';
import type { OptionName, OptionSpec } from './options.ts';
import { parseText } from './parse-text.ts';
import type { TextProblem } from './read-settings.ts';

/** A value together with the layer it came from. */
export interface SettingFrom {
  readonly value: unknown;
  readonly from: string;
}
export type LayerValues = Readonly<Partial<Record<OptionName, SettingFrom>>>;

/** The environment names of an option, the strongest first. */
export function environmentNames(name: OptionName, spec: OptionSpec): readonly string[] {
  return [`CLONE_${name.toUpperCase()}`, ...(spec.env ?? [])];
}

/** The options that the environment sets. An empty variable counts as none. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): {
  readonly values: LayerValues;
  readonly problems: readonly Pick<TextProblem, 'message' | 'hint'>[];
} {
  const values: Partial<Record<OptionName, SettingFrom>> = {};
  const problems: Pick<TextProblem, 'message' | 'hint'>[] = [];
  for (const [name, spec] of optionList) {
    const variable = environmentNames(name, spec).find((candidate) => env[candidate]);
    if (variable === undefined) continue;
    const parsed = parseText(spec, env[variable] ?? '');
    if (parsed.ok) values[name] = { value: parsed.value, from: variable };
    else
      problems.push({
        message: `${variable} in the environment ${parsed.failure.message}`,
        hint: parsed.failure.hint || `unset ${variable}, or give it a value that fits`,
      });
  }
  return { values, problems: [...problems, ...misspelt(env)] };
}

/** `CLONE_TASK_PER_REPO`: a cap that would silently not hold. Names that resemble no option are not ours to judge. */
function misspelt(
  env: Readonly<Record<string, string | undefined>>,
): Pick<TextProblem, 'message' | 'hint'>[] {
  const ours = optionList.map(([name]) => `CLONE_${name.toUpperCase()}`);
  return Object.keys(env)
    .filter((variable) => variable.startsWith('CLONE_') && variable.length >= 14 && !ours.includes(variable))
    .flatMap((variable) => {
      const nearest = nearestName(
        variable.slice(6),
        ours.map((name) => name.slice(6)),
      );
      if (nearest === undefined || Math.abs(nearest.length + 6 - variable.length) > 2) return [];
      return [
        {
          message: `${variable} in the environment is not an option`,
          hint: `did you mean CLONE_${nearest}?`,
        },
      ];
    });
}
