import type { Check } from '../domain/check.ts';
import { checkOptions } from './options/check-options.ts';
import { githubOptions } from './options/github-options.ts';
import { ideaOptions } from './options/idea-options.ts';
import { issueOptions } from './options/issue-options.ts';
import { landingOptions } from './options/landing-options.ts';
import { memoryOptions } from './options/memory-options.ts';
import type { OptionSpec } from './options/option-spec.ts';
import { promptOptions } from './options/prompt-options.ts';
import { runOptions } from './options/run-options.ts';
import { sessionOptions } from './options/session-options.ts';

export type {
  ConfiguredCheck,
  OptionScope,
  OptionSpec,
  OptionType,
} from './options/option-spec.ts';

/** Every option there is. The file, the environment, the flags, the schema and docs/CONFIGURATION.md follow from it. */
export const optionTable = {
  ...runOptions,
  ...sessionOptions,
  ...checkOptions,
  ...landingOptions,
  ...githubOptions,
  ...issueOptions,
  ...memoryOptions,
  ...ideaOptions,
  ...promptOptions,
} as const;

export type OptionName = keyof typeof optionTable;

type Widen<V> = V extends boolean ? boolean : V;
type ValueOf<S> = S extends OptionSpec<infer V> ? Widen<V> : never;

/** All options with their values: what a session is run with. */
export type Options = { readonly [N in OptionName]: ValueOf<(typeof optionTable)[N]> };

/** The configured checks as the session knows them. */
export function configuredChecks(options: Pick<Options, 'verify'>, source: string): readonly Check[] {
  return options.verify.map((check) => ({
    name: check.name,
    run: check.run,
    timeoutSeconds: check.timeout,
    required: check.required,
    source,
  }));
}
