import { randomBytes } from 'node:crypto';

import type { Commands } from '../../ports/commands.ts';
import { type Containment, probeContainment } from './containment.ts';
import { runContained } from './run-contained.ts';
import { sweepStrays } from './sweep.ts';

export interface SupervisedCommandsOptions {
  /** How long a command may take to end after the interrupt signal: 5 s. */
  readonly graceMs?: number | undefined;
  /** How often output and clocks are looked at: 100 ms. */
  readonly pollMs?: number | undefined;
  /** How much a command may print before it is ended: 1 GiB. */
  readonly mostBytes?: number | undefined;
  /** The plainest containment instead of the best one this machine has. */
  readonly containment?: 'process-group' | undefined;
}

export interface SupervisedCommands extends Commands {
  /** How commands are kept together on this machine. */
  containment(): Promise<Pick<Containment, 'kind' | 'description'>>;
}

/** Real processes, contained by the best this machine offers, which is found out at the first command. */
export function supervisedCommands(options: SupervisedCommandsOptions = {}): SupervisedCommands {
  const { graceMs = 5000, pollMs = 100, mostBytes = 1024 ** 3 } = options;
  let probed: Promise<Containment> | undefined;
  const best = (): Promise<Containment> => (probed ??= probeContainment(options.containment));

  return {
    async containment() {
      const { kind, description } = await best();
      return { kind, description };
    },
    async run(spec, stop) {
      const run = randomBytes(6).toString('hex');
      return runContained(spec, { graceMs, pollMs, mostBytes, run, containment: await best() }, stop);
    },
    sweepStrays,
  };
}
