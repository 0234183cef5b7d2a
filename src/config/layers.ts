import { unnamedTimeout } from './check-value.ts';
import type { LayerValues, SettingFrom } from './environment.ts';
import { isOptionName, optionList } from './option-groups.ts';
import type { ConfiguredCheck, OptionName, Options } from './options.ts';
import type { OptionValues } from './read-settings.ts';
import { type Refusal, tighten } from './tighten.ts';

/** The layers of one repository's options, weakest first in the order of their names below. */
export interface Layers {
  readonly file: LayerValues;
  /** From `.clone.yaml` in the repository, as asked: not yet held to what it may change. */
  readonly inRepo?: OptionValues | undefined;
  readonly entry?: LayerValues | undefined;
  readonly environment: LayerValues;
  readonly commandLine: LayerValues;
}

export type Settings = Readonly<Record<OptionName, SettingFrom>>;

/** The settings in force: command line > environment > repo entry > `.clone.yaml` > clone.yaml > default. */
export function resolveSettings(layers: Layers): {
  readonly settings: Settings;
  readonly refused: readonly Refusal[];
} {
  const below: Settings = { ...defaults(), ...layers.file };
  const { taken, refused } = tighten(layers.inRepo ?? {}, valuesOf(below));
  const settings: Settings = {
    ...below,
    ...layerOf(taken, '.clone.yaml'),
    ...layers.entry,
    ...layers.environment,
    ...layers.commandLine,
  };
  return { settings: withTimeouts(settings), refused };
}

/** Values that all come from one place. */
export function layerOf(values: OptionValues, from: string | ((name: OptionName) => string)): LayerValues {
  const layer: Partial<Record<OptionName, SettingFrom>> = {};
  for (const [name, value] of Object.entries(values))
    if (isOptionName(name)) layer[name] = { value, from: typeof from === 'string' ? from : from(name) };
  return layer;
}

/** The values alone: every one was checked on its way into its layer. */
export function optionsOf(settings: Settings): Options {
  return valuesOf(settings) as unknown as Options;
}

function valuesOf(settings: Settings): Record<OptionName, unknown> {
  return Object.fromEntries(optionList.map(([name]) => [name, settings[name].value])) as Record<
    OptionName,
    unknown
  >;
}

function defaults(): Settings {
  return Object.fromEntries(
    optionList.map(([name, spec]) => [name, { value: spec.default, from: 'default' }]),
  ) as unknown as Settings;
}

function withTimeouts(settings: Settings): Settings {
  const limit = Number(settings.verify_timeout_seconds.value);
  const checks = settings.verify.value as readonly ConfiguredCheck[];
  const value = checks.map((check) =>
    check.timeout === unnamedTimeout ? { ...check, timeout: limit } : check,
  );
  return { ...settings, verify: { ...settings.verify, value } };
}
