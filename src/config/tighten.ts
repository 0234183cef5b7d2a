import { shown } from './check-value.ts';
import { isOptionName, specOf } from './option-groups.ts';
import type { OptionName, OptionSpec } from './options.ts';
import type { OptionValues } from './read-settings.ts';

export interface Refusal {
  readonly option: OptionName;
  readonly message: string;
}

/**
 * What an in-repo file may have its way with. Whoever can write to the repository writes that file, so a safety
 * option is taken only where it is at least as tight as what holds without it.
 */
export function tighten(
  asked: OptionValues,
  without: Readonly<Record<OptionName, unknown>>,
): { readonly taken: OptionValues; readonly refused: readonly Refusal[] } {
  const taken: Partial<Record<OptionName, unknown>> = {};
  const refused: Refusal[] = [];
  for (const [name, value] of Object.entries(asked)) {
    if (!isOptionName(name)) continue;
    const why = whyLooser(specOf(name), value, without[name]);
    if (why === undefined) taken[name] = value;
    else {
      // A value that may never stand here need not be told.
      const asked = specOf(name).tighter === 'never' ? name : `${name}: ${shown(value)}`;
      refused.push({ option: name, message: `${asked} is not taken: ${why}` });
    }
  }
  return { taken, refused };
}

function whyLooser(spec: OptionSpec, asked: unknown, holds: unknown): string | undefined {
  if (spec.scope === 'home') return 'it belongs to the whole run';
  const now = `it is ${shown(holds)} here`;
  switch (spec.tighter) {
    case undefined:
      return undefined;
    case 'never':
      return 'a repository may not set it for itself';
    case 'lower':
      return Number(asked) <= Number(holds) ? undefined : `${now} and may only be lowered`;
    case 'higher':
      return Number(asked) >= Number(holds) ? undefined : `${now} and may only be raised`;
    case 'earlier-choice': {
      const choices = spec.type.kind === 'choice' ? spec.type.choices : [];
      const allowed = choices.slice(0, choices.indexOf(String(holds)) + 1);
      return allowed.includes(String(asked))
        ? undefined
        : `${now} and may only become ${allowed.join(' or ')}`;
    }
    case 'true':
    case 'false': {
      const tight = spec.tighter === 'true';
      return asked === tight || asked === holds ? undefined : `${now} and may only become ${tight}`;
    }
  }
}
