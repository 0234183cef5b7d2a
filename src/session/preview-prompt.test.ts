import { expect, it } from 'vitest';
import { builtInPrompt } from '../adapters/prompts/built-in-prompts.ts';
import { type Options, optionTable } from '../config/options.ts';
import type { Task } from '../domain/task.ts';
import { textOf } from '../rules/prompt/segment.ts';
import { type PreviewTurn, previewPrompt, previewTurns } from './preview-prompt.ts';

const options = Object.fromEntries(
  Object.entries(optionTable).map(([name, spec]) => [name, spec.default]),
) as unknown as Options;
const asked: Task = {
  id: 'add-csv',
  title: 'Add CSV export',
  why: 'a person asked for it',
  kind: 'feature',
  acceptance: [],
  paths: [],
  risk: 'medium',
  operatorTask: 'add-csv',
};

async function preview(turn: PreviewTurn, more: { title?: string; asked?: readonly Task[] } = {}) {
  const files = { 'package.json': '{"scripts":{"test":"node --test"}}' };
  const { segments, notes } = await previewPrompt(
    {
      prompts: {
        template: async (name) => ({
          text: (await builtInPrompt(name)) ?? '',
          source: `built-in ${name}.md`,
        }),
      },
      redact: (text) => text,
      randomId: () => 'n',
    },
    {
      list: (_folder, below) => Promise.resolve(below === '' ? Object.keys(files) : []),
      readText: (_folder, name) => Promise.resolve(files[name as keyof typeof files]),
    },
    '/code/alpha',
    {
      turn,
      title: more.title,
      asked: more.asked ?? [],
      visit: {
        repo: {
          name: 'alpha',
          path: '/code/alpha',
          branch: '',
          objective: '',
          lastCommit: undefined,
          pinned: false,
          ignored: false,
          missing: false,
          options: {},
        },
        identity: {
          gitDir: '/code/alpha/.git',
          key: 'alpha',
          checkout: '/code/alpha',
          remoteUrl: undefined,
          branch: 'main',
        },
        options,
        issues: [],
        signals: [],
      },
    },
  );
  return { text: textOf(segments), notes };
}

it.each(previewTurns)('a %s turn is shown whole before there is a session', async (turn) => {
  const { text } = await preview(turn);
  expect(text).toMatch(/^Turn: (plan|task|repair|ci-fix|review|cleanup|summary)\nRepository: alpha$/m);
  expect(text).not.toMatch(/\{\{|undefined|\n\n\n/);
});

it.each(['task', 'first-task', 'repair'] as const)('a %s turn has the task that is named', async (turn) => {
  expect((await preview(turn, { title: 'Rename x' })).text).toContain('Rename x');
  expect((await preview(turn, { title: 'Rename x', asked: [asked] })).text).not.toContain('Add CSV');
});

it('a task turn has what a person asked for, else an example that is said to be one', async () => {
  expect((await preview('task', { asked: [asked] })).text).toContain('completely: Add CSV export');
  expect(await preview('task')).toMatchObject({
    text: expect.stringContaining('(the title of the task)') as string,
    notes: [expect.stringContaining('an example stands for it')],
  });
});

it('a plan turn leaves room for what people asked, and says when there is none', async () => {
  const one = await preview('plan', { asked: [asked] });
  expect(one.text).toContain('at most 9 tasks');
  expect(one.text).toContain('do not plan it: Add CSV export');
  expect(one.notes).toEqual([]);
  expect((await preview('plan', { asked: Array.from({ length: 12 }, () => asked) })).notes).toHaveLength(1);
});

it('says what only a session can know', async () => {
  for (const turn of ['repair', 'ci-fix', 'conflict', 'review', 'summary'] as const)
    expect((await preview(turn)).notes[0]).toMatch(/not known yet/);
});
