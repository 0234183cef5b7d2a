import { readFlatYaml } from '../domain/flat-yaml.ts';
import { checkValue } from './check-value.ts';
import { isOptionName, specOf } from './option-groups.ts';
import { whyNotHere } from './option-places.ts';
import type { OptionName, OptionScope } from './options.ts';
import type { OptionValues } from './read-settings.ts';

/**
 * Reads settings that are plain `option: value` lines and all right, which nearly all are; undefined: the text is for
 * `readSettings`, which reads all of YAML and says what is wrong. It comes with a large parser, this does not.
 */
export function readPlainSettings(text: string, scope: OptionScope): OptionValues | undefined {
  const yaml = readFlatYaml(text);
  if (yaml === undefined || yaml.list !== undefined) return undefined;
  const values: Partial<Record<OptionName, unknown>> = {};
  for (const [name, { value }] of yaml.pairs) {
    if (!isOptionName(name) || whyNotHere(name, scope)) return undefined;
    const checked = checkValue(specOf(name), value);
    if (!checked.ok) return undefined;
    values[name] = checked.value;
  }
  return values;
}
