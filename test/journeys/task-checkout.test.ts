import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  checkoutOf,
  expectClean,
  expectRun,
  goodWork,
  oneTask,
  remoteFile,
  remoteGit,
  remoteSubjects,
  repoFiles,
  showJson,
} from './support.ts';

const key = 'API_KEY=do-not-share\n';

/** What stands in each repository says how it is checked. */
const languages = {
  node: {
    files: {
      'package.json': '{ "name": "n", "version": "1.0.0", "scripts": { "test": "node check.js" } }\n',
      'check.js': "process.exit(require('node:fs').existsSync('good-work.txt') ? 0 : 1);\n",
    },
    checks: ['npm test --silent'],
  },
  python: {
    files: {
      'pyproject.toml': '[project]\nname = "p"\nversion = "1"\n',
      'tests/__init__.py': '',
      'tests/test_it.py':
        'import os, unittest\n\nclass It(unittest.TestCase):\n    def test_it(self):\n        self.assertTrue(os.path.exists("good-work.txt"))\n',
    },
    checks: ['python3 -m unittest discover'],
  },
  make: { files: { Makefile: 'test:\n\ttest -f good-work.txt\n' }, checks: ['make test'] },
} as const;

describe('the files of a user', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  const before = new Map<string, Awaited<ReturnType<typeof checkoutOf>>>();

  beforeAll(async () => {
    const verify = (command: string) => ({ verify: [{ name: 'check', run: command }] });
    sandbox = await startSandbox({
      repos: [
        ...Object.entries(languages).map(([name, { files }]) => ({ name, files: { ...files } })),
        {
          name: 'copied',
          files: repoFiles(),
          entry: {
            ...verify('grep -q API_KEY .env && grep -q made made.txt'),
            copy: ['.env', 'missing.env'],
            setup: ['grep -q API_KEY .env', 'echo made > made.txt'],
          },
        },
        { name: 'dirty', files: repoFiles(), entry: verify('test ! -f .env') },
        { name: 'master', files: repoFiles(), branch: 'master', entry: verify('true') },
        { name: 'clean', files: repoFiles({ '.gitignore': 'ignored.txt\n' }), entry: verify('true') },
      ],
      scenarios: [
        ...['node', 'make', 'copied', 'dirty', 'master'].flatMap((repo) => goodWork(repo)),
        ...goodWork('python', 'Good work', 'More work'),
        ...oneTask('clean', [
          {
            run: 'mkdir -p deep/er && echo new > deep/er/new.txt && echo no > ignored.txt && printf "#!/bin/sh\\n" > run.sh && chmod +x run.sh',
          },
        ]),
      ],
      options: { parallel_repos: 3, ci_grace_seconds: 0 },
    });
    await write(sandbox, 'copied', '.env', key);
    for (const repo of ['dirty', 'master']) {
      await sandbox.git(sandbox.checkout(repo), 'switch', '--quiet', '--create', 'wip');
      await write(sandbox, repo, 'private.txt', 'not ready\n');
      await sandbox.git(sandbox.checkout(repo), 'add', 'private.txt');
      await sandbox.git(sandbox.checkout(repo), 'commit', '--quiet', '--message', 'Half an idea');
    }
    await write(sandbox, 'dirty', '.env', key);
    await write(sandbox, 'dirty', 'notes/scratch.txt', 'think\n');
    await write(sandbox, 'dirty', 'start.txt', 'half an edit\n');
    for (const repo of ['dirty', 'master']) before.set(repo, await checkoutOf(sandbox, repo));
    run = await sandbox.clone(['run']);
  }, 180_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('are in the way of nothing', async () => {
    expectRun(run, 0);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it.each(Object.entries(languages))('say how work is checked: %s', async (repo, { checks }) => {
    const { state, evidence } = await showJson(sandbox, repo);
    expect(state).toBe('cleaned');
    expect(new Set(evidence.map(({ exit_code }) => exit_code))).toEqual(new Set([0]));
    expect(new Set(evidence.map(({ command }) => command))).toEqual(
      new Set([expect.stringContaining(checks[0])]),
    );
    expect(await remoteFile(sandbox, repo, 'good-work.txt')).toBe('good');
  });

  it('do not come to include what a check leaves behind', async () => {
    expect(await remoteSubjects(sandbox, 'python')).toEqual(['Do more-work', 'Do good-work', 'First commit']);
    expect((await filesOn(sandbox, 'python')).filter((name) => name.includes('__pycache__'))).toEqual([]);
  });

  it('are there for setup and checks when they are copied, and never land, nor does what setup makes', async () => {
    expect(await showJson(sandbox, 'copied')).toMatchObject({
      state: 'cleaned',
      evidence: [{ exit_code: 0 }],
    });
    expect(await filesOn(sandbox, 'copied')).toEqual(['README.md', 'check.sh', 'good-work.txt', 'start.txt']);
    expect(run.stdout).toMatch(/copied: .*not in your checkout, so not copied: missing\.env/);
    expect(await read(sandbox, 'copied', '.env')).toBe(key);
  });

  it.each(['dirty', 'master'])('stay as they are on a branch of theirs (A2, A3): %s', async (repo) => {
    const shown = await showJson(sandbox, repo);
    expect(shown).toMatchObject({ state: 'cleaned', checkout: { moved: false } });
    expect(await checkoutOf(sandbox, repo)).toEqual(before.get(repo));
    const branch = repo === 'master' ? 'master' : 'main';
    expect(await remoteGit(sandbox, repo, 'for-each-ref', '--format=%(refname)')).toBe(
      `refs/heads/${branch}`,
    );
    expect(await remoteSubjects(sandbox, repo)).toEqual(['Do good-work', 'First commit']);
    const objects = await remoteGit(sandbox, repo, 'cat-file', '--batch-all-objects', '--batch');
    expect(objects).not.toMatch(/do-not-share|not ready|half an edit/);
  });

  it('keep what was not committed', async () => {
    expect(await read(sandbox, 'dirty', '.env')).toBe(key);
    expect(await read(sandbox, 'dirty', 'notes/scratch.txt')).toBe('think\n');
    expect(await read(sandbox, 'dirty', 'start.txt')).toBe('half an edit\n');
  });

  it('are moved along when they are clean and on the branch, with every new file (A5)', async () => {
    expect(await showJson(sandbox, 'clean')).toMatchObject({ checkout: { moved: true } });
    expect(await filesOn(sandbox, 'clean')).toEqual([
      '.gitignore',
      'README.md',
      'check.sh',
      'deep/er/new.txt',
      'run.sh',
      'start.txt',
    ]);
    expect(await remoteGit(sandbox, 'clean', 'ls-tree', 'HEAD', 'run.sh')).toMatch(/^100755 /);
    expect(await checkoutOf(sandbox, 'clean')).toEqual({
      branch: 'main',
      head: await remoteGit(sandbox, 'clean', 'rev-parse', 'HEAD'),
      status: '',
    });
    expect(await read(sandbox, 'clean', 'deep/er/new.txt')).toBe('new\n');
  });
});

async function write(sandbox: Sandbox, repo: string, file: string, text: string): Promise<void> {
  const to = path.join(sandbox.checkout(repo), file);
  await mkdir(path.dirname(to), { recursive: true });
  await writeFile(to, text);
}

function read(sandbox: Sandbox, repo: string, file: string): Promise<string> {
  return readFile(path.join(sandbox.checkout(repo), file), 'utf8');
}

async function filesOn(sandbox: Sandbox, repo: string): Promise<string[]> {
  return (await remoteGit(sandbox, repo, 'ls-tree', '-r', '--name-only', 'HEAD')).split('\n');
}
