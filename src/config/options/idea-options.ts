import { flag, type OptionSpec } from './option-spec.ts';

/** The incubator of ideas. */
export const ideaOptions = {
  idea_bootstrap_enabled: flag('Turn ideas into repositories at the start of a cycle.', true, 'home', {
    env: ['IDEA_BOOTSTRAP_ENABLED'],
  }),
} as const satisfies Record<string, OptionSpec>;
