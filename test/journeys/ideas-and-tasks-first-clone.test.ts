import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { open, paused, startClone, turnsOf, until } from './ci-support.ts';
import { entriesOf, ideasOf, writeIdeas } from './ideas-support.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  handoff,
  noWork,
  plan,
  quickCheck,
  remoteGit,
  remoteSubjects,
  repoFiles,
  turn,
} from './support.ts';

it('bug A4 of the first Clone: an idea about a repository that is there moves no branch of it and pushes nothing', async () => {
  await using sandbox = await startSandbox({
    repos: [{ name: 'theirs', files: repoFiles() }],
    scenarios: [turn('theirs', 'plan', [{ json: noWork('Fine.') }])],
    options: quickCheck,
  });
  await writeFile(path.join(sandbox.home, 'repos.yaml'), stringify({ code_root: sandbox.code, repos: [] }));
  const at = sandbox.checkout('theirs');
  const git = (...args: readonly string[]): Promise<string> => sandbox.git(at, ...args);
  const commit = async (file: string): Promise<void> => {
    await writeFile(path.join(at, file), 'mine\n');
    await git('add', file);
    await git('commit', '--quiet', '--message', `Add ${file}`);
  };
  await commit('not-pushed.txt');
  await git('switch', '--quiet', '--create', 'feature', 'HEAD~1');
  await commit('half-an-idea.txt');
  await writeFile(path.join(at, 'start.txt'), 'half an edit\n');
  await writeFile(path.join(at, '.env'), 'KEY=mine\n');
  const look = async (): Promise<readonly string[]> => [
    await git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads'),
    await git('status', '--porcelain', '--branch', '--untracked-files=all'),
    await remoteGit(sandbox, 'theirs', 'for-each-ref', '--format=%(refname) %(objectname)'),
  ];
  const before = await look();
  await writeIdeas(sandbox, { id: 'theirs', title: 'More of theirs', repo_name: 'theirs' });

  expectRun(await sandbox.clone(['ideas', 'process']), 0);
  expect(await ideasOf(sandbox)).toMatchObject([{ status: 'ACTIVE' }]);
  expect(await entriesOf(sandbox)).toMatchObject([{ name: 'theirs', branch: 'main' }]);
  expectRun(await sandbox.clone(['run']), 0);
  expect(turnsOf(sandbox, 'theirs', 'plan')).toBe(1);
  expect(await look()).toEqual(before);
  await expectClean(sandbox);
}, 90_000);

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
          paused('asked'),
          { write: { path: 'planned.txt', content: 'good\n' } },
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
  await open(sandbox, 'asked');
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
