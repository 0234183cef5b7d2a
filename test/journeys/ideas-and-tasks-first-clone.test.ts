import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { startClone, turnsOf, until } from './ci-support.ts';
import { ideasOf } from './ideas-support.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  handoff,
  noWork,
  plan,
  quickCheck,
  remoteSubjects,
  repoFiles,
  turn,
} from './support.ts';

const twenty = Array.from({ length: 20 }, (_, index) => `${index + 1}`);

it('bug A7 of the first Clone, lost queue entries: twenty at once, of tasks and of ideas, are all kept', async () => {
  await using sandbox = await startSandbox({
    repos: [{ name: 'busy', files: repoFiles(), remote: false }],
    scenarios: [turn('busy', 'plan', [{ json: noWork('Fine.') }])],
  });
  const file = path.join(sandbox.home, 'ideas.yaml');
  await writeFile(file, '# mine, and it stays\nideas:\n  - title: Zero   # the first\n    tags: [kept]\n');
  const added = await Promise.all(
    twenty.flatMap((number) => [
      sandbox.clone(['tasks', 'add', `Task ${number}`, '--repo', 'busy']),
      sandbox.clone(['ideas', 'add', `Idea ${number}`, '--summary', 'One of many.']),
    ]),
  );
  expect(added.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
  const listed = await sandbox.clone(['tasks', 'list', '--json']);
  const { tasks } = JSON.parse(listed.stdout) as { tasks: { title: string; state: string }[] };
  expect(tasks.map(({ title, state }) => `${title} ${state}`).sort()).toEqual(
    twenty.map((number) => `Task ${number} queued`).sort(),
  );
  const ideas = (await ideasOf(sandbox)).map(({ title, status = 'NEW' }) => `${title} ${status}`);
  expect(ideas.sort()).toEqual(['Zero NEW', ...twenty.map((number) => `Idea ${number} NEW`)].sort());
  const text = await readFile(file, 'utf8');
  expect(text).toMatch(
    /^# mine, and it stays\nideas:\n {2}- title: Zero {1,3}# the first\n {4}tags: \[kept\]\n/,
  );
}, 120_000);

it('bug B2 of the first Clone: the task queue claims and delivers, and --now kills no session', async () => {
  await using sandbox = await startSandbox({
    repos: [{ name: 'asked', files: repoFiles() }],
    scenarios: [
      turn('asked', 'plan', [{ json: plan('Planned') }], { call: 1 }),
      turn('asked', 'plan', [{ json: noWork('Fine.') }]),
      turn(
        'asked',
        'task',
        [
          { delay: 3000, write: { path: 'planned.txt', content: 'good\n' } },
          { json: handoff('Do what was planned') },
        ],
        { task: 'planned' },
      ),
      turn('asked', 'task', [
        { write: { path: '{{task}}.txt', content: 'good\n' } },
        { json: handoff('Do {{task}}') },
      ]),
    ],
    options: { ...quickCheck, ci_grace_seconds: 0.3 },
  });
  const going = startClone(sandbox, ['run']);
  await until('the planned task', () => turnsOf(sandbox, 'asked', 'task') > 0);
  await sandbox.clone(['tasks', 'add', 'At once', '--repo', 'asked', '--now']);
  expectRun(await going.done, 0);
  await sandbox.clone(['tasks', 'add', 'In the queue', '--repo', 'asked']);
  expectRun(await sandbox.clone(['run']), 0);

  // What is remembered lands with the work, in commits of its own.
  const subjects = await remoteSubjects(sandbox, 'asked');
  expect(subjects.filter((subject) => !subject.startsWith('Remember '))).toEqual([
    'Do in-the-queue',
    'Do at-once',
    'Do what was planned',
    'First commit',
  ]);
  for (const id of ['at-once', 'in-the-queue']) {
    const shown = await sandbox.clone(['tasks', 'show', id, '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ state: 'done', evidence: { files: 1 } });
  }
  // Each was worked on once, and no turn was ended before its time.
  expect(turnsOf(sandbox, 'asked', 'task')).toBe(3);
  const ended = (await eventsOf(sandbox)).filter(({ type }) => type === 'turn-ended');
  expect(ended.map(({ outcome }) => outcome)).toEqual(ended.map(() => ({ kind: 'completed' })));
  expect((await sandbox.clone(['tasks', 'list'])).stdout).toContain('No task.');
  await expectClean(sandbox);
}, 90_000);
