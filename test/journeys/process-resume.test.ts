import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
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
  plan,
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

describe('sessions that are cut off, and whose world is another one when the next run comes', () => {
  let sandbox: Sandbox;
  let again: CloneRun;
  const names = ['being-opened', 'checkout-gone', 'workspace-gone', 'taken-back'];

  beforeAll(async () => {
    const half = (repo: string) => [
      turn(repo, 'plan', [{ json: repo.endsWith('gone') ? plan('First', 'Second') : noWork('Fine.') }], {
        call: 1,
      }),
      turn(repo, 'plan', [{ json: noWork('Fine.') }]),
      turn(repo, 'task', [{ write: { path: 'first.txt', content: 'good\n' } }, { json: handoff('First') }], {
        call: 1,
      }),
      turn(repo, 'task', [{ write: { path: 'half.txt', content: 'half\n' } }, { hang: 'stream' }]),
    ];
    sandbox = await startSandbox({
      repos: names.map((name) => ({ name, files: repoFiles() })),
      scenarios: names.flatMap(half),
      options: { ...quickCheck, ci_grace_seconds: 0.3, parallel_repos: 3 },
    });
    for (const title of ['First wish', 'Second wish'])
      await sandbox.clone(['tasks', 'add', title, '--repo', 'taken-back']);
    const hangs = (repo: string): boolean =>
      sandbox.model.requests.filter((one) => one.repo === repo && one.turn === 'task' && one.step === 1)
        .length > 1;
    const others = names.slice(1);
    const run = ['run', ...others.flatMap((name) => ['--repo', name])];
    await killOnce(
      startClone(sandbox, run),
      until('the second task of each', () => others.every(hangs)),
    );
    await rm(sandbox.checkout('checkout-gone'), { recursive: true });
    const state = path.join(sandbox.home, '.clone');
    const { session } = await showJson(sandbox, 'workspace-gone');
    await rm(path.join(state, 'workspaces', session), { recursive: true });
    await sandbox.clone(['tasks', 'cancel', 'second-wish']);
    await stopWhileOpening(sandbox, 'being-opened');
    again = await sandbox.clone(['run']);
  }, 120_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('leave no workspace, no lock and no process', async () => {
    expect(await readdir(path.join(sandbox.home, '.clone/workspaces'))).toEqual([]);
    await expectClean(sandbox);
  });

  it('lose nothing that was verified, nor files that are still there', async () => {
    const kept = async (name: string) =>
      (await salvageOf(sandbox, name)).map((line) => line.replace(/^.*?\//, ''));
    expect(await kept('checkout-gone')).toEqual(['unfinished Unfinished: unfinished', 'verified First']);
    expect(await kept('workspace-gone')).toEqual(['verified First']);
  });

  it('do not do what a person has cancelled since', async () => {
    expect(await remoteSubjects(sandbox, 'taken-back')).toEqual(['First', 'First commit']);
    expect(again.stdout).toContain('is dropped: cancelled by a person');
    const listed = await sandbox.clone(['tasks', 'list', '--all', '--json']);
    expect([...listed.stdout.matchAll(/"state": ?"(\w+)"/g)].map(([, state]) => state).sort()).toEqual([
      'cancelled',
      'done',
    ]);
  });
});

/** A run that dies between the first file of a workspace and the fact that tells of it. */
async function stopWhileOpening(sandbox: Sandbox, repo: string): Promise<void> {
  const bin = path.join(sandbox.folder, 'slow-git');
  const asked = path.join(bin, 'asked');
  await mkdir(bin);
  const slow = `#!/bin/sh\nfor word in "$@"; do [ "$word" = read-tree ] && echo $$ > '${asked}' && exec sleep 30; done\n`;
  const [git] = (sandbox.env['PATH'] ?? '')
    .split(':')
    .map((folder) => path.join(folder, 'git'))
    .filter((file) => existsSync(file));
  await writeFile(path.join(bin, 'git'), `${slow}exec '${git}' "$@"\n`, { mode: 0o755 });
  const env = { ...sandbox.env, PATH: `${bin}:${sandbox.env['PATH'] ?? ''}` };
  await killOnce(
    startClone({ ...sandbox, env }, ['run', '--repo', repo]),
    until('the first file', () => existsSync(asked) && readFileSync(asked, 'utf8').endsWith('\n')),
  );
  // No git, so no run would take it for one of its own.
  process.kill(Number(readFileSync(asked, 'utf8')));
  expect(await readdir(path.join(sandbox.home, '.clone/workspaces'))).toContainEqual(
    expect.stringContaining(repo),
  );
}
