import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { promptsOf, startClone, turnsOf, until } from './ci-support.ts';
import { expectNothingTwice, killOnce, salvageOf } from './process-support.ts';
import {
  expectClean,
  expectRun,
  handoff,
  noWork,
  quickCheck,
  remoteSubjects,
  repoFiles,
  showJson,
  turn,
} from './support.ts';

describe('a session that is cut off, and whose thread is gone as well', () => {
  let sandbox: Sandbox;
  let again: CloneRun;

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [{ name: 'asked', files: repoFiles() }],
      scenarios: [
        turn('asked', 'plan', [{ json: noWork('All is well.') }]),
        turn('asked', 'task', [{ write: { path: 'half.txt', content: 'half\n' } }, { hang: 'stream' }], {
          call: 2,
        }),
        turn('asked', 'task', [
          { write: { path: '{{task}}.txt', content: 'good\n' } },
          { json: handoff('Do it', { summary: 'It went well.' }) },
        ]),
      ],
      options: { ...quickCheck, ci_grace_seconds: 0.3 },
    });
    for (const title of ['First wish', 'Second wish'])
      await sandbox.clone(['tasks', 'add', title, '--repo', 'asked']);
    const half = (): boolean =>
      sandbox.model.requests.some(
        ({ prompt, step }) => step === 1 && prompt?.includes('Second wish') === true,
      );
    await killOnce(startClone(sandbox, ['run']), until('half of the second', half));
    await rm(path.join(sandbox.home, '.clone/agents/codex/sessions'), { recursive: true });
    again = await sandbox.clone(['run']);
  }, 120_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('goes on in a new thread that is told everything, and gives people what they asked for', async () => {
    expectRun(again, 0);
    await expectClean(sandbox);
    expect(again.stdout).toContain('goes on where it was cut off: 1 of 2 tasks done');
    const [told] = promptsOf(sandbox, 'asked', 'task').slice(-1);
    expect(told).toContain('This task was begun before and cut off');
    expect(told).toMatch(/done, verified and committed:[\s\S]*First wish: It went well\./);
    expect(told).toContain('Checks that will judge your work');
    expect(turnsOf(sandbox, 'asked', 'plan')).toBeLessThanOrEqual(1);
    expect(await remoteSubjects(sandbox, 'asked')).toEqual(['Do it', 'Do it', 'First commit']);
    await expectNothingTwice(sandbox, 'asked');
    const listed = await sandbox.clone(['tasks', 'list', '--all', '--json']);
    expect([...listed.stdout.matchAll(/"state": ?"(\w+)"/g)].map(([, state]) => state)).toEqual([
      'done',
      'done',
    ]);
  });

  it('keeps what was unfinished by name, and belongs to the run that ended it', async () => {
    const shown = await showJson(sandbox, 'asked');
    expect(shown).toMatchObject({ state: 'cleaned', tasks: [{ state: 'done' }, { state: 'done' }] });
    expect(await salvageOf(sandbox, 'asked')).toEqual([`${shown.session}/unfinished Unfinished: unfinished`]);
    expect(new Set(shown.turns.slice(-1).map(({ thread }) => thread)).size).toBe(1);
  });
});
