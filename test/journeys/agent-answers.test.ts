import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  expectClean,
  expectRun,
  goodWork,
  handoff,
  plan,
  quickCheck,
  remoteFile,
  remoteSubjects,
  repoFiles,
  showJson,
  statusJson,
  turn,
} from './support.ts';

const nothing = handoff('Do nothing', { summary: 'Looked, and left everything as it is.' });
const fifty = plan(...Array.from({ length: 50 }, (_, at) => `Task ${at + 1}`));

describe('an agent that answers otherwise than asked', () => {
  let sandbox: Sandbox;
  let run: CloneRun;

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [
        { name: 'never-json', files: repoFiles() },
        { name: 'later-json', files: repoFiles() },
        { name: 'too-many', files: repoFiles(), entry: { tasks_per_repo: 3 } },
        { name: 'lazy', files: repoFiles() },
        { name: 'prose', files: repoFiles() },
        { name: 'keyless', files: repoFiles() },
      ],
      scenarios: [
        turn('never-json', 'plan', [{ final: 'I would rather talk about the weather.' }]),
        turn('later-json', 'plan', [{ final: '{"outcome": "tasks", "tasks": ' }], { call: 1 }),
        ...goodWork('later-json'),
        turn('too-many', 'plan', [{ json: fifty }]),
        ...goodWork('too-many').slice(1),
        turn('lazy', 'plan', [{ json: plan('First', 'Second', 'Third', 'Fourth') }]),
        turn('lazy', 'task', [{ json: nothing }]),
        turn('keyless', 'plan', [
          { final: `Here you are: ${JSON.stringify(plan('Call the bank'))} All right?` },
        ]),
        turn('keyless', 'task', [
          { write: { path: 'half.txt', content: 'good\n' } },
          { json: handoff('Call the bank', { status: 'blocked', summary: 'It needs a key of the bank.' }) },
        ]),
        turn('prose', 'plan', [{ final: `\`\`\`json\n${JSON.stringify(plan('Write it'))}\n\`\`\`` }]),
        turn('prose', 'task', [
          { write: { path: 'written.txt', content: 'good\n' } },
          { final: 'Wrote it. You are welcome.' },
        ]),
      ],
      options: { ...quickCheck, parallel_repos: 2, ci_grace_seconds: 0 },
    });
    run = await sandbox.clone(['run']);
  }, 180_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('ends the run with 1, as one session failed, and leaves nothing behind', async () => {
    expectRun(run, 1);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
    expect((await statusJson(sandbox)).sessions).toMatchObject({ failed: 1, landed: 3, no_work: 2 });
  });

  it('fails the session when two plans in a row cannot be read, and says so', async () => {
    const shown = await showJson(sandbox, 'never-json');
    expect(shown).toMatchObject({ state: 'failed', tasks: [], landed_sha: null });
    expect(shown.why).toMatch(/twice without a readable plan: the answer is not JSON/);
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'plan']);
    expect(await remoteSubjects(sandbox, 'never-json')).toEqual(['First commit']);
  });

  it('goes on when the second plan can be read, on the same thread', async () => {
    const shown = await showJson(sandbox, 'later-json');
    expect(shown).toMatchObject({ state: 'cleaned', tasks: [{ state: 'done' }] });
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'plan', 'task']);
    expect(new Set(shown.turns.map(({ thread }) => thread)).size).toBe(1);
    expect(await remoteSubjects(sandbox, 'later-json')).toEqual(['Do good-work', 'First commit']);
  });

  it('works three of fifty tasks when the cap is three, and tells how many it left', async () => {
    const shown = await showJson(sandbox, 'too-many');
    expect(shown.dropped_tasks).toBe(47);
    expect(shown.tasks.map(({ id, state }) => [id, state])).toEqual([
      ['task-1', 'done'],
      ['task-2', 'done'],
      ['task-3', 'done'],
    ]);
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'task', 'task', 'task']);
    expect(await remoteSubjects(sandbox, 'too-many')).toEqual([
      'Do task-3',
      'Do task-2',
      'Do task-1',
      'First commit',
    ]);
    expect((await sandbox.clone(['show', 'too-many'])).stdout).toContain('47 planned tasks were left out');
  });

  it('stops after two tasks in a row that changed nothing, and calls it no work', async () => {
    const shown = await showJson(sandbox, 'lazy');
    expect(shown).toMatchObject({ state: 'no_work', landed_sha: null });
    expect(shown.tasks.map(({ state }) => state)).toEqual(['skipped', 'skipped', 'dropped', 'dropped']);
    expect(shown.tasks[2]?.why).toBe('two tasks in a row changed nothing');
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'task', 'task']);
    expect(await remoteSubjects(sandbox, 'lazy')).toEqual(['First commit']);
  });

  it('says what the agent says kept it from its task, and keeps what it had written', async () => {
    const shown = await showJson(sandbox, 'keyless');
    expect(shown).toMatchObject({
      state: 'no_work',
      why: 'the agent could not do what it planned: call-the-bank: It needs a key of the bank.',
      tasks: [{ state: 'blocked' }],
      salvage: [{ why: 'It needs a key of the bank.' }],
    });
    expect(await remoteSubjects(sandbox, 'keyless')).toEqual(['First commit']);
  });

  it('judges an agent by its files when it cannot say in JSON what it did', async () => {
    const shown = await showJson(sandbox, 'prose');
    expect(shown.tasks).toMatchObject([{ state: 'done', why: 'Wrote it. You are welcome.' }]);
    expect(await remoteFile(sandbox, 'prose', 'written.txt')).toBe('good');
    expect(await remoteSubjects(sandbox, 'prose')).toEqual(['Write it', 'First commit']);
  });
});
