import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import type { FoundRepo } from '../../ports/discovery.ts';
import { diskDiscovery } from './disk-discovery.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'walk-')));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const at = (...parts: readonly string[]): string => path.join(root, ...parts);
const made = Date.parse('2026-03-01T12:00:00Z');

function git(folder: string, ...args: readonly string[]): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: '2026-03-01T12:00:00Z',
    GIT_COMMITTER_DATE: '2026-03-01T12:00:00Z',
  };
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test'];
  return execFileSync('git', ['-C', folder, ...who, ...args], {
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}
function repo(name: string, { commits = 1, branch = 'main' } = {}): string {
  mkdirSync(at(name), { recursive: true });
  git(at(name), 'init', '-q', '-b', branch);
  for (let count = 0; count < commits; count++)
    git(at(name), 'commit', '-q', '--allow-empty', '-m', `c${count}`);
  return at(name);
}
async function paths(...roots: readonly string[]): Promise<readonly string[]> {
  const found = await diskDiscovery().walk(roots.length > 0 ? roots : [root], { depth: 6 });
  return found.map((one) => path.relative(root, one.path) || '.');
}
async function look(folder: string): Promise<FoundRepo> {
  const found = await diskDiscovery().look(folder);
  if (!found) throw new Error(`nothing at ${folder}`);
  return found;
}

it('finds repositories, and looks neither into them nor into what is not worth a look', async () => {
  for (const name of [
    'a',
    'group/b',
    'a/inner',
    'node_modules/x',
    'group/vendor/y',
    '.hidden/z',
    'group/.cache/w',
  ])
    repo(name, { commits: 0 });
  expect(await paths()).toEqual(['a', 'group/b']);
});

it('goes six folders deep and not seven', async () => {
  repo('1/2/3/4/5/6', { commits: 0 });
  repo('1/2/3/4/5/six/7', { commits: 0 });
  expect(await paths()).toEqual(['1/2/3/4/5/6']);
});

it('looks further below a root that is a repository itself', async () => {
  repo('.', { commits: 0 });
  repo('a', { commits: 0 });
  repo('a/inner', { commits: 0 });
  expect(await paths()).toEqual(['.', 'a']);
  expect(await paths(at('a'))).toEqual(['a', 'a/inner']);
});

it('follows no link, and survives one that leads to itself', async () => {
  const outside = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'outside-')));
  git(outside, 'init', '-q');
  repo('a', { commits: 0 });
  symlinkSync(outside, at('out'));
  symlinkSync('..', at('a/up'));
  symlinkSync('loop', at('loop'));
  symlinkSync(at('a'), at('same'));
  expect(await paths()).toEqual(['a']);
  rmSync(outside, { recursive: true });
});

it('lists a repository once, however many roots lead to it', async () => {
  repo('code/a', { commits: 0 });
  symlinkSync(at('code'), at('link'));
  expect(await paths(at('code'), at('link'), at('code/a'), root)).toEqual(['code/a']);
});

it('prefers the checkout to its linked worktree, and lists a worktree whose checkout is elsewhere', async () => {
  repo('code/a');
  git(at('code/a'), 'worktree', 'add', '-q', '-b', 'side', at('trees/a-side'));
  expect(await paths()).toEqual(['code/a']);
  expect(await paths(at('trees'))).toEqual(['trees/a-side']);
  expect(await look(at('trees/a-side'))).toMatchObject({
    gitDir: at('code/a/.git'),
    linkedWorktree: true,
    bare: false,
    head: { branch: 'side' },
    lastCommit: made,
  });
});

it('takes a bare repository as a root, and not in passing', async () => {
  mkdirSync(at('bare.git'));
  git(at('bare.git'), 'init', '-q', '--bare', '-b', 'main');
  expect(await paths()).toEqual([]);
  expect(await paths(at('bare.git'))).toEqual(['bare.git']);
});

it('leaves a submodule to the repository around it', async () => {
  repo('library');
  repo('app');
  git(at('app'), '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', at('library'), 'lib');
  expect(await paths(at('app'))).toEqual(['app']);
  expect(await diskDiscovery().look(at('app/lib'))).toBeUndefined();
  git(at('app'), 'commit', '-q', '-m', 'lib');
  git(at('app'), 'worktree', 'add', '-q', '-b', 'side', at('side'));
  git(at('side'), '-c', 'protocol.file.allow=always', 'submodule', 'update', '-q', '--init');
  expect(await diskDiscovery().look(at('side'))).toMatchObject({ linkedWorktree: true });
  expect(await diskDiscovery().look(at('side/lib'))).toBeUndefined();
});

it.each<[what: string, make: () => void]>([
  ['nothing', () => undefined],
  [
    'a plain folder',
    () => {
      mkdirSync(at('x'));
    },
  ],
  [
    'an empty .git',
    () => {
      mkdirSync(at('x/.git'), { recursive: true });
    },
  ],
  [
    'a .git file that leads nowhere',
    () => {
      mkdirSync(at('x'));
      writeFileSync(at('x/.git'), 'gitdir: /no/where\n');
    },
  ],
  [
    'a .git file of rubbish',
    () => {
      mkdirSync(at('x'));
      writeFileSync(at('x/.git'), '\0\0\0');
    },
  ],
  [
    'a file',
    () => {
      writeFileSync(at('x'), '');
    },
  ],
])('sees no repository in %s', async (_what, make) => {
  make();
  expect(await diskDiscovery().look(at('x'))).toBeUndefined();
});

it('does not take the .git of a repository for a bare one', async () => {
  repo('a');
  expect(await diskDiscovery().look(at('a/.git'))).toBeUndefined();
});

it('passes by a folder that it may not read', async () => {
  repo('a', { commits: 0 });
  mkdirSync(at('locked'));
  chmodSync(at('locked'), 0o000);
  expect(await paths()).toEqual(['a']);
  chmodSync(at('locked'), 0o700);
});

it.each<[what: string, change: (folder: string) => void]>([
  ['as loose files', () => undefined],
  [
    'packed',
    (folder) => {
      git(folder, 'pack-refs', '--all');
      git(folder, 'repack', '-adq');
      rmSync(path.join(folder, '.git/logs'), { recursive: true });
    },
  ],
  [
    'with its pack damaged and a reflog',
    (folder) => {
      git(folder, 'repack', '-adq');
      for (const pack of git(folder, 'rev-parse', '--git-path', 'objects/pack').split('\n'))
        rmSync(path.join(folder, pack), { recursive: true });
    },
  ],
])('reads a repository whose refs and objects lie %s', async (_what, change) => {
  const folder = repo('a', { commits: 2 });
  const sha = git(folder, 'rev-parse', 'HEAD');
  change(folder);
  expect(await look(folder)).toEqual({
    path: folder,
    gitDir: at('a/.git'),
    linkedWorktree: false,
    bare: false,
    head: { branch: 'main', sha },
    defaultBranch: 'main',
    remoteUrl: undefined,
    lastActive: made,
    lastCommit: made,
    about: undefined,
  });
});

it('reads a commit through what the repository borrows from another', async () => {
  repo('a');
  git(at('a'), 'repack', '-adq');
  git(root, 'clone', '-q', '--shared', at('a'), at('b'));
  expect((await look(at('b'))).lastCommit).toBe(made);
});

it('asks git for a commit that is stored as a difference', async () => {
  const folder = repo('a');
  const long = Array.from({ length: 300 }, (_, line) => `line ${line} ${(line * 7919) % 104_729}`).join('\n');
  git(folder, 'commit', '-q', '--allow-empty', '-m', long);
  git(folder, 'commit', '-q', '--allow-empty', '-m', `${long}\nmore`);
  git(folder, 'repack', '-adfq', '--depth=50');
  for (const sha of git(folder, 'rev-list', 'HEAD').split('\n')) {
    git(folder, 'checkout', '-q', '--detach', sha);
    rmSync(path.join(folder, '.git/logs'), { recursive: true, force: true });
    expect((await look(folder)).lastCommit).toBe(made);
  }
});

it('does not take cloning for work, and takes a later movement for it', async () => {
  repo('a');
  git(root, 'clone', '-q', '--no-local', at('a'), at('b'));
  expect(await look(at('b'))).toMatchObject({ lastCommit: made, lastActive: made, defaultBranch: 'main' });
  const moved = Math.floor(Date.parse('2026-06-01T00:00:00Z') / 1000);
  const sha = git(at('b'), 'rev-parse', 'HEAD');
  const line = `${sha} ${sha} Ada Lovelace <ada@example.test> ${moved} +0200\tcheckout: moving from a to b\n`;
  writeFileSync(at('b/.git/logs/HEAD'), line, { flag: 'a' });
  expect((await look(at('b'))).lastActive).toBe(moved * 1000);
  writeFileSync(
    at('b/.git/logs/HEAD'),
    line.replace('checkout:', 'clone:').replace(`${moved}`, `${moved + 9}`),
    { flag: 'a' },
  );
  expect((await look(at('b'))).lastActive).toBe(moved * 1000);
});

it('takes work in a linked worktree for work on the repository, seen from either', async () => {
  repo('a');
  git(at('a'), 'worktree', 'add', '-q', '-b', 'side', at('a-side'));
  const moved = Math.floor(Date.parse('2026-06-01T00:00:00Z') / 1000);
  const sha = git(at('a'), 'rev-parse', 'HEAD');
  const line = `${sha} ${sha} Ada <ada@example.test> ${moved} +0000\treset: moving to HEAD\n`;
  writeFileSync(at('a/.git/worktrees/a-side/logs/HEAD'), line, { flag: 'a' });
  for (const place of ['a', 'a-side']) {
    expect(await look(at(place))).toMatchObject({ lastCommit: made, lastActive: moved * 1000 });
    expect(await diskDiscovery().state(at(place), { branches: [], files: [] })).toMatchObject({
      lastActive: moved * 1000,
    });
  }
  const later = line.replace(String(moved), String(moved + 60));
  writeFileSync(at('a/.git/logs/HEAD'), later, { flag: 'a' });
  expect((await look(at('a-side'))).lastActive).toBe((moved + 60) * 1000);
});

it('reads a detached HEAD', async () => {
  const folder = repo('a', { commits: 2 });
  git(folder, 'checkout', '-q', '--detach', 'HEAD~1');
  expect((await look(folder)).head).toEqual({ branch: undefined, sha: git(folder, 'rev-parse', 'HEAD') });
});

it('reads a repository without commits', async () => {
  const found = await look(repo('a', { commits: 0, branch: 'trunk' }));
  expect(found).toMatchObject({
    head: { branch: 'trunk', sha: undefined },
    lastCommit: undefined,
    lastActive: undefined,
  });
});

it('does not let HEAD lead it out of the repository', async () => {
  const folder = repo('a');
  writeFileSync(at('secret'), 'a'.repeat(40));
  writeFileSync(path.join(folder, '.git/HEAD'), 'ref: refs/../../../secret\n');
  expect((await look(folder)).head).toEqual({ branch: undefined, sha: undefined });
});

it.each<[what: string, checkedOut: string, branches: readonly string[], defaultBranch: string | undefined]>([
  ['the only branch', 'trunk', ['trunk'], 'trunk'],
  ['main beside others', 'wip', ['main', 'wip'], 'main'],
  ['master beside others', 'wip', ['master', 'wip'], 'master'],
  ['none, between main and master', 'main', ['main', 'master'], undefined],
  ['none, between two strangers', 'wip', ['wip', 'next'], undefined],
])('takes for the default branch %s', async (_what, checkedOut, branches, defaultBranch) => {
  const folder = repo('a', { branch: checkedOut });
  for (const branch of branches) if (branch !== checkedOut) git(folder, 'branch', branch);
  expect((await look(folder)).defaultBranch).toBe(defaultBranch);
});

it('trusts the remote’s word on the default branch', async () => {
  repo('a', { branch: 'develop' });
  git(at('a'), 'branch', 'main');
  git(root, 'clone', '-q', at('a'), at('b'));
  expect((await look(at('b'))).defaultBranch).toBe('develop');
  git(at('b'), 'pack-refs', '--all');
  expect((await look(at('b'))).defaultBranch).toBe('develop');
});

it.each<[config: string, url: string | undefined]>([
  ['[remote "origin"]\n\turl = https://example.test/a.git\n', 'https://example.test/a.git'],
  [
    '[remote "up"]\n\turl = https://u.test/a\n[remote "origin"]\n\turl = git@o.test:a.git # ours\n',
    'git@o.test:a.git',
  ],
  ['[remote "up"]\n\turl = "https://u.test/a"\n', 'https://u.test/a'],
  ['[remote "origin"]\n\turl = https://me:secret@o.test/a.git\n', 'https://o.test/a.git'],
  ['[remote "origin"]\n\turl = https://token@o.test/a.git\n', 'https://o.test/a.git'],
  ['[remote "origin"]\n\turl = ssh://git@o.test/a.git\n', 'ssh://git@o.test/a.git'],
  ['[branch "main"]\n\turl = nonsense\n', undefined],
])('reads the remote from %j', async (config, url) => {
  const folder = repo('a', { commits: 0 });
  writeFileSync(path.join(folder, '.git/config'), config);
  expect((await look(folder)).remoteUrl).toBe(url);
});

it('reads what the README says of it, but not through a link', async () => {
  const folder = repo('a', { commits: 0 });
  writeFileSync(at('secret.md'), '# Secret\n');
  symlinkSync(at('secret.md'), path.join(folder, 'README.md'));
  expect((await look(folder)).about).toBeUndefined();
  rmSync(path.join(folder, 'README.md'));
  writeFileSync(path.join(folder, 'readme.txt'), 'Plain words.\n');
  expect((await look(folder)).about).toBe('Plain words.');
  writeFileSync(path.join(folder, 'README.md'), '# The Workbench\n');
  expect((await look(folder)).about).toBe('The Workbench');
});
