import { type Command, InvalidArgumentError, Option } from 'commander';

import { describeType } from '../config/check-value.ts';
import { optionList, specOf } from '../config/option-groups.ts';
import type { OptionName } from '../config/options.ts';
import { parseText } from '../config/parse-text.ts';

/** `--tasks`: the flag of an option; for one without a flag, its name. */
export function flagOf(name: OptionName): string {
  return specOf(name).flag?.split(' ')[0] ?? name;
}

/** Gives a command the flags of the option table; `only` names the options, all with a flag when left out. */
export function addOptionFlags(command: Command, only?: readonly OptionName[]): Command {
  for (const [name, spec] of optionList) {
    if (spec.flag === undefined || (only && !only.includes(name))) continue;
    const option = new Option(spec.flag, `${spec.help} (${describeType(spec.type)})`);
    option.argParser((text) => {
      const parsed = parseText(spec, text);
      if (parsed.ok) return parsed.value;
      throw new InvalidArgumentError(
        [parsed.failure.message, parsed.failure.hint].filter(Boolean).join('; '),
      );
    });
    command.addOption(option);
  }
  return command;
}

/** The options that the flags of a command set, as `CliContext.home` takes them. */
export function overridesFrom(flags: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const overrides: Record<string, unknown> = {};
  for (const [name, spec] of optionList) {
    if (spec.flag === undefined) continue;
    const value = flags[new Option(spec.flag).attributeName()];
    if (value !== undefined) overrides[name] = value;
  }
  return overrides;
}
