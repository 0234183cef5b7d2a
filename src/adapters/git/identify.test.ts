import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitMirrors } from './git-mirrors.ts';
import type { TestRepositories } from './test-repositories.ts';
import { mustFail, ours, testRepositories } from './test-repositories.ts';

type Arrange = (repos: TestRepositories) => void;

describe('the branch that sessions land on', () => {
  it.each<[when: string, remoteDefault: string, wanted: string, Arrange, branch: string]>([
    [
      'the entry names one that exists',
      'main',
      'release',
      (r) => r.git(r.user, 'branch', 'release'),
      'release',
    ],
    ['the entry names one that only the remote has', 'main', 'next', pushNext, 'next'],
    ['the entry says main and the default is master (A3)', 'master', 'main', onPrivateWip, 'master'],
    ['the entry says nothing', 'trunk', '', () => undefined, 'trunk'],
    ['a feature branch is checked out', 'main', '', onPrivateWip, 'main'],
    ['HEAD is detached', 'main', '', (r) => r.git(r.user, 'checkout', '-q', '--detach'), 'main'],
    ['the default of the remote is not known, master exists', 'master', 'main', forgetDefault, 'master'],
    ['the refs are packed', 'master', '', (r) => r.git(r.user, 'pack-refs', '--all', '--prune'), 'master'],
    ['there is one branch, with an unusual name', 'trunk', 'main', forgetDefault, 'trunk'],
  ])('when %s', async (_when, remoteDefault, wanted, arrange, branch) => {
    await using repos = await testRepositories({ branch: remoteDefault });
    arrange(repos);
    expect((await repos.identify(wanted)).branch).toBe(branch);
  });

  it('is never invented: what exists is named instead', async () => {
    await using repos = await testRepositories({ branch: 'alpha', withRemote: false });
    repos.git(repos.user, 'branch', 'beta');
    const failure = mustFail(await repos.mirrors.identify({ name: 'u', path: repos.user, branch: 'main' }));
    expect(failure.kind).toBe('no-such-branch');
    expect(failure.message).toContain('alpha, beta');
    expect(repos.git(repos.user, 'branch', '--list', 'main')).toBe('');
  });

  it('is never another than the one a person chose', async () => {
    await using repos = await testRepositories();
    const failure = mustFail(await repos.mirrors.identify({ name: 'u', path: repos.user, branch: 'nope' }));
    expect(failure).toMatchObject({
      kind: 'no-such-branch',
      message: expect.stringContaining('no branch nope') as string,
    });
  });
});

function pushNext(repos: TestRepositories): void {
  repos.git(repos.user, 'push', '-q', 'origin', 'HEAD:refs/heads/next');
}

function onPrivateWip(repos: TestRepositories): void {
  repos.git(repos.user, 'checkout', '-q', '-b', 'wip');
}

function forgetDefault(repos: TestRepositories): void {
  repos.git(repos.user, 'remote', 'set-head', 'origin', '--delete');
  onPrivateWip(repos);
  repos.git(repos.user, 'branch', '-q', '-D', repos.git(repos.remote, 'symbolic-ref', '--short', 'HEAD'));
}

describe('the identity of a repository', () => {
  it('is the same through a link, a linked work tree and the path itself', async () => {
    await using repos = await testRepositories();
    const link = path.join(repos.folder, 'link');
    symlinkSync(repos.user, link);
    const tree = path.join(repos.folder, 'tree');
    repos.git(repos.user, 'worktree', 'add', '-q', '-b', 'side', tree);
    const asked = await Promise.all(
      [repos.user, link, tree].map((at) => repos.mirrors.identify({ name: 'x', path: at, branch: '' })),
    );
    const identities = asked.map((one) => (one.ok ? one.value : undefined));
    expect(new Set(identities.map((one) => one?.key)).size).toBe(1);
    expect(identities.map((one) => one?.gitDir)).toEqual(Array(3).fill(path.join(repos.user, '.git')));
    expect(identities.map((one) => one?.checkout)).toEqual([repos.user, repos.user, tree]);
  });

  it('differs between two repositories with the same name', async () => {
    await using repos = await testRepositories();
    const other = path.join(repos.folder, 'elsewhere', 'user');
    repos.git(repos.folder, 'clone', '-q', repos.remote, other);
    const second = await repos.mirrors.identify({ name: 'user', path: other, branch: '' });
    expect(second.ok && second.value.key).not.toBe((await repos.identify()).key);
  });

  it('has no checkout when the repository is bare, and no remote when there is none', async () => {
    await using repos = await testRepositories();
    const bare = await repos.mirrors.identify({ name: 'x', path: repos.remote, branch: '' });
    expect(bare).toMatchObject({
      ok: true,
      value: { checkout: undefined, remoteUrl: undefined, branch: 'main' },
    });
  });

  it('shows the URL of the remote without the token in it', async () => {
    await using repos = await testRepositories();
    repos.git(
      repos.user,
      'remote',
      'set-url',
      'origin',
      'https://me:s3cr3t-token@git.example.org/me/app.git',
    );
    expect((await repos.identify()).remoteUrl).toBe('https://git.example.org/me/app.git');
  });

  it('starts no process', async () => {
    await using repos = await testRepositories();
    repos.git(repos.user, 'pack-refs', '--all');
    const mirrors = gitMirrors({
      folder: repos.home,
      environment: { PATH: '/nowhere' },
      tokenFor: () => undefined,
      author: ours,
    });
    expect(await mirrors.identify({ name: 'u', path: repos.user, branch: '' })).toMatchObject({ ok: true });
  });
});

describe('what is no repository we can work on', () => {
  it.each<[what: string, Arrange, at: string, kind: string, words: string]>([
    ['a path where nothing is', () => undefined, 'gone', 'not-a-repository', 'moved or deleted'],
    [
      'a folder',
      (r) => {
        mkdirSync(path.join(r.folder, 'plain'));
      },
      'plain',
      'not-a-repository',
      'no .git',
    ],
    [
      'a file',
      (r) => {
        writeFileSync(path.join(r.folder, 'file'), '');
      },
      'file',
      'not-a-repository',
      'is a file',
    ],
    ['a folder of a repository', () => undefined, 'user/src', 'not-a-repository', 'inside the repository'],
    [
      'a broken repository',
      (r) => {
        rmSync(path.join(r.user, '.git/HEAD'));
      },
      'user',
      'not-a-repository',
      'not a git',
    ],
    [
      'an empty repository',
      (r) => r.git(r.folder, 'init', '-q', 'empty'),
      'empty',
      'no-commits',
      'no commits',
    ],
  ])('%s says so', async (_what, arrange, at, kind, words) => {
    await using repos = await testRepositories();
    arrange(repos);
    const asked = await repos.mirrors.identify({ name: 'x', path: path.join(repos.folder, at), branch: '' });
    const failure = mustFail(asked);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(words);
  });
});
