import type { Options } from '../config/options.ts';
import { namedPrompts } from '../rules/prompt/named-prompts.ts';
import { flawOf } from '../session/check-templates.ts';
import type { RunWorld } from './run-world.ts';

/** Between cycles edited prompts begin to count; a broken edit keeps the last good one and is said. */
export async function takeUpPrompts(
  { promptEdits, ledger }: Pick<RunWorld, 'promptEdits' | 'ledger'>,
  options: Pick<Options, 'core_prompt_file' | 'prompts_file'>,
): Promise<void> {
  const problems = await promptEdits.takeUp({ named: namedPrompts(options), flawOf });
  for (const { source, message, hint } of problems)
    await ledger.record({ type: 'config-refused', message: `${source}: ${message} (${hint})` });
}
