import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cloneCommand } from '../../testkit/sandbox/run-clone.ts';
import { startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { goodWork, handoff, noWork, plan, quickCheck, remoteSubjects, repoFiles, turn } from './support.ts';

/** A small disk of our own takes the right to mount one, which a person rarely and a build machine often has. */
const mayMount = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;

it.runIf(mayMount)('loses nothing that was verified when the disk is full, and says that it is', async () => {
  // Random, so that keeping it takes as much room again, whatever codex frees when it ends.
  const fills = { run: 'head -c 60000000 /dev/urandom > ballast.bin 2>/dev/null; true' };
  await using sandbox = await startSandbox({
    repos: ['fills', 'fine'].map((name) => ({ name, files: repoFiles() })),
    scenarios: [
      turn('fills', 'plan', [{ json: plan('First', 'Second') }], { call: 1 }),
      turn('fills', 'plan', [{ json: noWork('Fine.') }]),
      turn(
        'fills',
        'task',
        [{ write: { path: 'first.txt', content: 'good\n' } }, { json: handoff('Do first') }],
        {
          task: 'first',
        },
      ),
      turn('fills', 'task', [fills, { json: handoff('Do second') }], { task: 'second' }),
      ...goodWork('fine'),
    ],
    options: { ...quickCheck, parallel_repos: 1, ci_grace_seconds: 0.3 },
  });
  await mkdir(path.join(sandbox.home, '.clone'));
  const clone = cloneCommand()
    .map((word) => `'${word}'`)
    .join(' ');
  const script = [
    `mount -t tmpfs -o size=12m tmpfs '${sandbox.home}/.clone'`,
    `cd '${sandbox.home}'`,
    `${clone} run; echo "exit $?"; echo =====`,
    `mount -o remount,size=200m '${sandbox.home}/.clone'`,
    `${clone} run; echo "exit $?"; echo =====`,
    `for mirror in .clone/mirrors/fills-*; do git --git-dir $mirror log --all --format=%s; done; echo =====`,
    'ls .clone/workspaces',
  ];
  await writeFile(path.join(sandbox.folder, 'full.sh'), script.join('\n'));
  const told = await inNamespace(path.join(sandbox.folder, 'full.sh'), sandbox.env);
  const [full, after, commits, workspaces] = told.split('=====\n');
  expect(full).toMatch(/fills: .*(disk is full|No space left)/);
  expect(full).toMatch(/ended: cycles done \(exit \d\)/);
  expect(full).toMatch(/fine: landed 1 commit on main/);
  expect(after).toMatch(/exit 0\n$/);
  expect(commits).toContain('Do first\n');
  expect(workspaces).toBe('');
  expect(await remoteSubjects(sandbox, 'fine')).toEqual(['Do good-work', 'First commit']);
});

function inNamespace(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    execFile('unshare', ['--mount', 'sh', script], { env: { ...env } }, (_error, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
}
