import { expect, it } from 'vitest';
import { type ScriptedTurn, workingSession } from '../../test/fakes/working-session.ts';
import type { AgentOutcome } from '../domain/agent.ts';
import { work } from './work.ts';

const check = { name: 'check', run: 'check', timeoutSeconds: 1, required: true, source: 'test' };
const task = (id: string) => ({
  ...{ id, title: id, why: '', kind: 'feature', acceptance: [], paths: [], risk: 'low' },
});
const full: AgentOutcome = { kind: 'failed', reason: 'context', retryable: true, message: 'out of room' };
const broken: AgentOutcome = { kind: 'failed', reason: 'server', retryable: true, message: 'HTTP 500' };
const [whole, contract] = ['The core.\n\nTurn: first-task', 'The core.\n\nThe steering.\n\n'];

it.each<[when: string, script: ScriptedTurn[], prompts: string[], threads: (string | undefined)[]]>([
  [
    'it stays in its thread',
    [{ writes: 'one' }, { writes: 'two', outcome: broken }, { writes: 'two' }],
    [whole, 'Turn: task', 'Turn: task'],
    [undefined, 't1', 't1'],
  ],
  [
    'the thread of a task is full',
    [{ writes: 'one' }, { outcome: full }, { writes: 'two' }],
    [whole, 'Turn: task', whole],
    [undefined, 't1', undefined],
  ],
  [
    'the thread of a repair is full',
    [{ writes: 'one' }, { writes: 'BAD' }, { outcome: full }, { writes: 'two' }],
    [whole, 'Turn: task', 'Turn: repair', `${contract}Turn: repair`],
    [undefined, 't1', 't1', undefined],
  ],
  [
    'the agent knows no threads',
    [
      { writes: 'BAD', names: false },
      { writes: 'one', names: false },
      { writes: 'two', names: false },
    ],
    [whole, `${contract}Turn: repair`, whole],
    [undefined, undefined, undefined],
  ],
])('a turn is told what it cannot know when %s', async (_when, script, prompts, threads) => {
  const here = await workingSession(script);
  const tasks = [task('first'), task('second')] as Parameters<typeof work>[2]['tasks'];
  await here.ledger
    .within({ run: 'r1', repo: 'jwt', session: 's1' })
    .record({ type: 'plan-made', tasks, dropped: 0 });
  const order = { tasks, thread: undefined, checks: { checks: [check], setup: [] }, base: new Map() };
  const worked = await work(here.world, here.session, order, here.stop);
  expect(worked).toMatchObject({ failure: undefined, rejected: 0 });
  expect(here.prompts).toEqual(prompts);
  expect(here.threads).toEqual(threads);
});
