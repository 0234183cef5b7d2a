import { describe, expect, it } from 'vitest';
import { builtInPrompt } from '../adapters/prompts/built-in-prompts.ts';
import { type Prompts, PromptUnusable } from '../ports/prompts.ts';
import { checkTemplates } from './check-templates.ts';

function promptsWith(replaced: Readonly<Record<string, string | PromptUnusable>>): Prompts {
  return {
    async template(name) {
      const own = replaced[name];
      if (own instanceof PromptUnusable) throw own;
      if (own !== undefined) return { text: own, source: `/home/prompts/${name}.md` };
      return { text: (await builtInPrompt(name)) ?? '', source: `built-in ${name}.md` };
    },
  };
}

describe('the templates in force', () => {
  it('are fine as they ship', async () => {
    expect(await checkTemplates({ prompts: promptsWith({}) })).toEqual([]);
  });

  it.each([
    ['plan', '{{taskcap}}', '{{taskcap}}', 'did you mean {{task_cap}}?'],
    ['repair', '{{Findings}}', '{{Findings}}', 'did you mean {{findings}}?'],
    ['task', '{{signals}}', '{{signals}}', 'this prompt knows {{backlog}}, {{checks}}'],
    ['core', '{{objective}}', '{{objective}}', 'this prompt has no variables'],
    ['handoff', '{{zzz}}', '{{zzz}}', 'this prompt has no variables'],
  ])('are refused when %s has %s, with the file and the nearest name', async (name, text, unknown, hint) => {
    const problems = await checkTemplates({ prompts: promptsWith({ [name]: text }) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      source: `/home/prompts/${name}.md`,
      message: `unknown variable ${unknown}`,
    });
    expect(problems[0]?.hint).toContain(hint);
  });

  it('are refused once when their folder cannot be used', async () => {
    const gone = new PromptUnusable({ source: '/own', message: 'there is no such folder', hint: 'make it' });
    expect(await checkTemplates({ prompts: promptsWith({ plan: gone, task: gone }) })).toEqual([
      { source: '/own', message: 'there is no such folder', hint: 'make it' },
    ]);
  });
});
