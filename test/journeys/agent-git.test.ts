import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  expectClean,
  expectRun,
  handoff,
  oneTask,
  plan,
  quickCheck,
  remoteFile,
  remoteGit,
  remoteLog,
  remoteSubjects,
  repoFiles,
  showJson,
  turn,
} from './support.ts';

const write = { write: { path: 'work.txt', content: 'good\n' } };
const second = [
  { write: { path: 'second.txt', content: 'good\n' } },
  { json: handoff('Do the second task') },
];

describe('an agent that plays with git', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'clone-agent-git-'));
    const names = ['own-commits', 'no-git', 'git-file', 'own-branches', 'hooks'];
    sandbox = await startSandbox({
      folder,
      repos: [
        ...names.map((name) => ({ name, files: repoFiles(), entry: { sandbox: 'danger-full-access' } })),
        { name: 'may-not', files: repoFiles() },
      ],
      scenarios: [
        turn('own-commits', 'plan', [{ json: plan('First', 'Second') }]),
        turn('own-commits', 'task', [
          { run: commits('{{task}}-1') },
          { run: commits('{{task}}-2') },
          { json: handoff('Do {{task}}\n\nWith a body.') },
        ]),
        ...oneTask('may-not', [{ run: commits('work') }, write]),
        ...oneTask('no-git', [{ run: 'rm -rf .git' }, write]),
        ...oneTask('git-file', [
          { run: `rm -rf .git && echo 'gitdir: ${folder}/code/git-file/.git' > .git` },
          write,
        ]),
        turn('own-branches', 'plan', [{ json: plan('First', 'Second') }]),
        turn('own-branches', 'task', [{ run: goAstray }, { json: handoff('Do the first task') }], {
          task: 'first',
        }),
        turn('own-branches', 'task', second, { task: 'second' }),
        turn('hooks', 'plan', [{ json: plan('First', 'Second') }]),
        turn(
          'hooks',
          'task',
          [
            { run: plantPrograms(path.join(folder, 'canary')) },
            write,
            { json: handoff('Do the first task') },
          ],
          { task: 'first' },
        ),
        turn('hooks', 'task', second, { task: 'second' }),
      ],
      options: { ...quickCheck, parallel_repos: 3, ci_grace_seconds: 0 },
    });
    run = await sandbox.clone(['run']);
  }, 180_000);
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('changes nothing about how the run ends, or what it leaves behind', async () => {
    expectRun(run, 0);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it('gets one commit of ours per task, however often it committed', async () => {
    const shown = await showJson(sandbox, 'own-commits');
    const log = await remoteLog(sandbox, 'own-commits');
    expect(log.map(({ subject }) => subject)).toEqual(['Do second', 'Do first', 'First commit']);
    expect(log[0]?.message.trim()).toBe(
      `Do second\n\nWith a body.\n\nClone-Run: ${shown.run}\nClone-Session: ${shown.session}\nClone-Task: second`,
    );
    expect(await remoteFile(sandbox, 'own-commits', 'first-1.txt')).toBe('good');
    expect(await remoteFile(sandbox, 'own-commits', 'second-2.txt')).toBe('good');
    expect(shown.salvage).toEqual([]);
    const people = await remoteGit(sandbox, 'own-commits', 'log', '-2', '--format=%an <%ae>, %cn <%ce>');
    const ours = 'clone <clone@localhost>, clone <clone@localhost>';
    expect(people).toBe(`${ours}\n${ours}`);
  });

  it.each(['may-not', 'no-git', 'git-file'])('has its work landed all the same: %s', async (repo) => {
    expect(await showJson(sandbox, repo)).toMatchObject({ state: 'cleaned', tasks: [{ state: 'done' }] });
    expect(await remoteSubjects(sandbox, repo)).toEqual(['Do the only task', 'First commit']);
    expect(await remoteFile(sandbox, repo, 'work.txt')).toBe('good');
  });

  it.each(['own-branches', 'hooks'])('gets both tasks on the branch, and nothing else: %s', async (repo) => {
    expect(await showJson(sandbox, repo)).toMatchObject({ state: 'cleaned' });
    expect(await remoteSubjects(sandbox, repo)).toEqual([
      'Do the second task',
      'Do the first task',
      'First commit',
    ]);
    expect(await remoteGit(sandbox, repo, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect(await remoteFile(sandbox, repo, 'work.txt')).toBe('good');
    expect(await remoteFile(sandbox, repo, 'second.txt')).toBe('good');
    expect(await remoteFile(sandbox, repo, 'aside.txt')).toBeUndefined();
  });

  it('finds what it committed elsewhere kept and named', async () => {
    const { salvage, session } = await showJson(sandbox, 'own-branches');
    expect(salvage).toMatchObject([{ why: 'the agent committed it on a ref of its own' }]);
    expect(salvage[0]?.ref).toContain(`refs/clone/salvage/${session}/`);
  });

  it('never has a hook, a filter or a helper of its own run', async () => {
    expect(await readdir(folder)).not.toContain('canary');
    expect(await remoteFile(sandbox, 'hooks', '.gitattributes')).toBe('* filter=evil diff=evil merge=evil');
  });

  it('leaves the checkout of the user a plain, moved-along checkout', async () => {
    for (const name of ['hooks', 'git-file']) {
      const at = sandbox.checkout(name);
      expect(await sandbox.git(at, 'status', '--porcelain')).toBe('');
      expect(await sandbox.git(at, 'rev-parse', 'HEAD')).toBe(
        await remoteGit(sandbox, name, 'rev-parse', 'HEAD'),
      );
    }
  });
});

function commits(name: string): string {
  return `echo good > ${name}.txt && git add -A && git -c user.name=x -c user.email=x@x commit -q -m '${name} [skip ci]'`;
}

const goAstray = [
  'start=$(git rev-parse HEAD)',
  'git switch -q -c aside',
  commits('aside'),
  'git switch -q -c other $start',
  commits('work'),
  'git branch -f main HEAD',
  'git tag v9',
].join('\n');

const hooks = [
  'pre-commit',
  'post-commit',
  'post-checkout',
  'post-index-change',
  'reference-transaction',
  'pre-push',
];

/** All that git can be told to run, set to make a file that must never appear. */
function plantPrograms(canary: string): string {
  const settings = `[core]
fsmonitor = touch ${canary}
hooksPath = $PWD/hooks
sshCommand = touch ${canary}
pager = touch ${canary}
[filter "evil"]
clean = touch ${canary}
smudge = touch ${canary}
required = true
[diff "evil"]
command = touch ${canary}
textconv = touch ${canary}
[merge "evil"]
driver = touch ${canary}
[credential]
helper = !touch ${canary}`;
  return [
    "echo '* filter=evil diff=evil merge=evil' > .gitattributes",
    'mkdir -p hooks .git/hooks',
    `for hook in ${hooks.join(' ')}; do for in in hooks .git/hooks; do`,
    `printf '#!/bin/sh\\ntouch ${canary}\\n' > $in/$hook; chmod +x $in/$hook`,
    'done; done',
    `cat >> .git/config <<END\n${settings}\nEND`,
    'cp .git/config .git/config.worktree',
  ].join('\n');
}
