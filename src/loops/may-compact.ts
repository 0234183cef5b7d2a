import type { Options } from '../config/options.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Repo } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { World } from '../ports/world.ts';
import { usablePrompts } from '../session/prompt.ts';
import type { RunOrder } from './run-world.ts';

/** `summaries`: who puts old entries into a line each; left out, nobody is started for it. */
export interface CompactOrder extends Pick<RunOrder, 'optionsFor'> {
  readonly run?: string | undefined;
  readonly summaries?: Options['memory_summaries'] | undefined;
}

/** The options of a repository whose memory may be compacted in a landing of its own; or why it may not. */
export async function mayCompact(
  world: Pick<World, 'prompts'>,
  order: CompactOrder,
  repo: Repo,
): Promise<Result<Options, SessionFailure>> {
  const options = await order.optionsFor(repo);
  const refusal = whyNot(options);
  if (refusal) return failed(refusal);
  const usable = order.summaries === 'agent' ? await usablePrompts(world, { repo, options }) : ok(undefined);
  return usable.ok ? ok(options) : usable;
}

function whyNot(options: Pick<Options, 'memory_enabled' | 'land'>): SessionFailure | undefined {
  if (!options.memory_enabled) {
    const hint = 'set memory_enabled: true for it first';
    return { kind: 'repo-unusable', message: 'memory_enabled is false here', hint };
  }
  if (options.land === 'push') return undefined;
  const hint = 'The next landing that a person accepts compacts it too.';
  return {
    kind: 'repo-unusable',
    message: `land is ${options.land} here: nothing is pushed by itself`,
    hint,
  };
}
