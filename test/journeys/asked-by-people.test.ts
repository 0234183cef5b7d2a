import { expect, it } from 'vitest';
import { startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  expectClean,
  goodWork,
  handoff,
  noWork,
  plan,
  quickCheck,
  remoteFile,
  repoFiles,
  turn,
} from './support.ts';

interface TaskJson {
  state: string;
  session: string | null;
  why: string;
  evidence: { commit: string; files: number; checks: { check: string; exit_code: number }[] } | null;
}

it('what people ask comes first, is done only with evidence, and costs no plan turn when nothing else calls', async () => {
  await using sandbox = await startSandbox({
    repos: [
      { name: 'quiet', files: repoFiles() },
      { name: 'stubborn', files: repoFiles() },
      { name: 'busy', files: repoFiles() },
    ],
    options: { ...quickCheck, verify_fix_attempts: 0 },
    scenarios: [
      turn('quiet', 'plan', [{ json: noWork('All is well.') }]),
      turn('quiet', 'task', [
        { write: { path: 'asked.txt', content: 'good\n' } },
        { json: handoff('Add what was asked') },
      ]),
      turn('stubborn', 'plan', [{ json: noWork('All is well.') }]),
      turn('stubborn', 'task', [
        { write: { path: 'asked.txt', content: 'BAD\n' } },
        { json: handoff('Try what was asked') },
      ]),
      turn('busy', 'plan', [{ json: plan('One', 'Two') }]),
      turn('busy', 'task', [
        { delay: 3000, write: { path: '{{task}}.txt', content: 'good\n' } },
        { json: handoff('Do {{task}}') },
      ]),
      ...goodWork('nobody'),
    ],
  });
  const task = async (id: string): Promise<TaskJson> =>
    JSON.parse((await sandbox.clone(['tasks', 'show', id, '--json'])).stdout) as TaskJson;
  const turnsOf = (repo: string): string[] => {
    const seen = new Set(
      sandbox.model.requests
        .filter((one) => one.repo === repo)
        .map((one) => `${one.thread} ${one.turn ?? ''} ${one.task ?? ''}`),
    );
    return [...seen].map((one) => one.split(' ').slice(1).join(' ').trim());
  };

  await sandbox.clone(['run', '--repo', 'quiet', '--repo', 'stubborn']);
  expect(turnsOf('quiet')).toEqual(['plan']);

  await sandbox.clone(['tasks', 'add', 'for quiet: add what I ask', '--details', 'asked.txt']);
  await sandbox.clone(['tasks', 'add', 'Break it', '--repo', 'stubborn']);
  // While the first task of `busy` goes on, somebody asks for something else, now.
  let added: Promise<unknown> | undefined;
  const run = await sandbox.clone(['run', '--parallel', '3'], {
    onOutput: (text) => {
      if (added === undefined && /busy: task 1\/2 .* begins/.test(text))
        added = sandbox.clone(['tasks', 'add', 'Come first', '--repo', 'busy', '--now']);
    },
  });
  await added;

  expect(run.exitCode).toBe(1);
  expect(turnsOf('quiet')).toEqual(['plan', 'task add-what-i-ask']);
  expect(await task('add-what-i-ask')).toMatchObject({
    state: 'done',
    evidence: { files: 1, checks: [{ check: 'check', exit_code: 0 }] },
  });
  expect(await remoteFile(sandbox, 'quiet', 'asked.txt')).toBe('good');
  expect(await task('break-it')).toMatchObject({ state: 'blocked', evidence: null });
  expect(turnsOf('busy')).toEqual(['plan', 'task one', 'task come-first', 'task two']);
  expect(await task('come-first')).toMatchObject({ state: 'done' });

  const status = JSON.parse((await sandbox.clone(['status', '--json'])).stdout) as {
    needs_you: { what: string; hint: string }[];
  };
  expect(status.needs_you).toContainEqual(
    expect.objectContaining({
      what: 'task',
      hint: 'clone tasks retry break-it, or clone tasks cancel break-it',
    }),
  );
  expect((await sandbox.clone(['tasks', 'cancel', 'break-it'])).stdout).toContain('break-it is cancelled');
  expect((await sandbox.clone(['tasks', 'cancel', 'add-what-i-ask'])).exitCode).toBe(2);
  await expectClean(sandbox);
});
