import type { Forge } from '../ports/forge.ts';
import type { HomeFiles } from '../ports/home-files.ts';
import type { Ideas } from '../ports/ideas.ts';
import type { Home } from './context.ts';
import type { SeeingContext } from './seeing-context.ts';

/** A home that also tells what an in-repo `.clone.yaml` asked for in vain. */
export interface OpenedHome extends Home {
  optionsFor(repo: ConfiguredRepo): ReturnType<Home['optionsFor']>;
  reload(): Promise<OpenedHome>;
  /** In words: every key of the repository's own file that was not taken, and why. */
  warningsFor(repo: ConfiguredRepo): Promise<readonly string[]>;
}

/** GitHub, as a token sees it. */
export interface TokenForge {
  readonly forge: Pick<Forge, 'issues' | 'pushed' | 'slugOf'>;
  /** Where the token is from, in words. */
  readonly from: string;
}

/** What a repository brings to its options. */
export type ConfiguredRepo = Parameters<Home['optionsFor']>[0];

/** The outside of the commands that come before a home: `init`, `config`, and the front door itself. */
export interface FrontContext extends SeeingContext {
  files(): Promise<HomeFiles>;
  ideas(home: Home): Promise<Ideas>;
  /** Undefined: there is no token. */
  forge(home: Home): Promise<TokenForge | undefined>;
  home(...asked: Parameters<SeeingContext['home']>): Promise<OpenedHome>;
}
