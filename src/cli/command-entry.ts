import type { Command } from 'commander';

import type { FrontContext } from './front-context.ts';

/** A command as the front door knows it, before anything of it is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  /** Loads the module of this command only. */
  readonly load: () => Promise<(context: FrontContext) => Command>;
}
