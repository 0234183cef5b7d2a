import type { Agents } from './agents.ts';
import type { Clock } from './clock.ts';
import type { Commands } from './commands.ts';
import type { Discovery } from './discovery.ts';
import type { Forge } from './forge.ts';
import type { Ideas, Incubator } from './ideas.ts';
import type { Leases } from './leases.ts';
import type { Mirrors } from './mirrors.ts';
import type { Portfolio } from './portfolio.ts';
import type { Processes } from './processes.ts';
import type { PromptEdits, Prompts } from './prompts.ts';
import type { RunFiles } from './run-files.ts';
import type { Workplace } from './workplace.ts';

/** Everything outside that a run uses. Steps ask for the part they need: `Pick<World, 'clock'>`. */
export interface World {
  readonly clock: Clock;
  readonly leases: Leases;
  readonly mirrors: Mirrors;
  readonly workplace: Workplace;
  readonly discovery: Pick<Discovery, 'look' | 'state' | 'text'>;
  readonly commands: Commands;
  readonly agents: Agents;
  /** Undefined: no token, so CI is not watched. */
  readonly forge: Forge | undefined;
  readonly processes: Processes;
  readonly portfolio: Portfolio;
  readonly ideas: Ideas;
  readonly incubator: Incubator;
  readonly prompts: Prompts;
  readonly promptEdits: PromptEdits;
  /** Opens the log folder of a run. */
  runFiles(run: string): Promise<RunFiles>;
  /** Version of clone. */
  readonly version: string;
  /** Masks known secrets and anything that looks like one. */
  redact(text: string): string;
  /** Fresh, file-name-safe, lower-case characters. */
  randomId(length: number): string;
  /** What checks and setup commands see: an allow-list of the user's environment. */
  readonly checkEnvironment: Readonly<Record<string, string>>;
}
