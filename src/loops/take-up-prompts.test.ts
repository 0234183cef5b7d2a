import { expect, it } from 'vitest';
import type { Fact } from '../domain/fact.ts';
import type { PromptsNow } from '../ports/prompts.ts';
import type { RunWorld } from './run-world.ts';
import { takeUpPrompts } from './take-up-prompts.ts';

it('between cycles prompts are taken up as the options name them, and what is refused is said', async () => {
  const facts: Fact[] = [];
  let asked: PromptsNow | undefined;
  const world = {
    ledger: {
      record(...told: Fact[]) {
        facts.push(...told);
        return Promise.resolve();
      },
    },
    promptEdits: {
      takeUp(now: PromptsNow) {
        asked = now;
        const flaw = now.flawOf('task', '{{task_titel}}');
        return Promise.resolve(flaw ? [{ source: '/home/prompts/task.md', ...flaw }] : []);
      },
    },
  } as unknown as RunWorld;
  await takeUpPrompts(world, { core_prompt_file: '/a.md', prompts_file: '' });
  expect(asked?.named).toEqual({ core: '/a.md', steering: '' });
  expect(asked?.flawOf('plan', '{{task_cap}}')).toBeUndefined();
  expect(facts).toEqual([
    {
      type: 'config-refused',
      message: expect.stringMatching(
        /^\/home\/prompts\/task\.md: unknown variable \{\{task_titel\}\} \(did you mean \{\{task_title\}\}\?/,
      ) as string,
    },
  ]);
});
