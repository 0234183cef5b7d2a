import { chmodSync, existsSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitMirrors } from './git-mirrors.ts';
import type { TestRepositories } from './test-repositories.ts';
import { must, mustFail, ours, testRepositories } from './test-repositories.ts';

describe('landing on a remote', () => {
  it('moves the branch to our commit and nothing else', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    const before = repos.git(repos.user, 'for-each-ref');
    expect(must(await mirror.land(sha, base))).toEqual({ mode: 'push' });
    expect(repos.git(repos.remote, 'for-each-ref', '--format=%(refname) %(objectname)')).toBe(
      `refs/heads/main ${sha}`,
    );
    expect(repos.git(repos.user, 'for-each-ref')).toBe(before);
    expect(must(await mirror.refresh())).toBe(sha);
  });

  it('is done once, however often it is asked for', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    must(await mirror.land(sha, base));
    expect(must(await mirror.land(sha, base))).toEqual({ mode: 'push' });
    const later = await repos.mirrors.existing(mirror.identity, base);
    expect(must(await later!.land(sha, base))).toEqual({ mode: 'push' });
  });

  it('says where the branch is when a person was faster, and leaves it there', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    const other = repos.colleague();
    const theirs = repos.commitAs(other, 'theirs', 'x');
    repos.git(other, 'push', '-q', 'origin', 'main');
    expect(mustFail(await mirror.land(sha, base))).toMatchObject({ kind: 'moved', tip: theirs });
    expect(repos.git(repos.remote, 'rev-parse', 'main')).toBe(theirs);
  });

  it('refuses what would need force, even when the lease would allow it', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const first = await repos.deliver(workspace, base, { n: 'x' });
    must(await mirror.land(first, base));
    must(await workspace.resetTo(base));
    const second = await repos.deliver(workspace, base, { m: 'x' });
    const failure = mustFail(await mirror.land(second, first));
    expect(failure.message).toContain('force');
    expect(repos.git(repos.remote, 'rev-parse', 'main')).toBe(first);
  });

  it('tells in the words of the remote why it refuses', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    hook(repos, 'pre-receive', 'echo "GH006: Protected branch update failed for refs/heads/main."; exit 1');
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    const failure = mustFail(await mirror.land(sha, base));
    expect(failure.kind).toBe('access');
    expect(failure.message).toContain('GH006: Protected branch update failed');
    expect(repos.git(repos.remote, 'rev-parse', 'main')).toBe(base);
  });

  it('counts when the connection breaks after the remote has moved', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    hook(repos, 'post-update', 'kill -9 $PPID');
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    expect(must(await mirror.land(sha, base))).toEqual({ mode: 'push' });
  });

  it('is unreachable when the remote is gone', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    rmSync(repos.remote, { recursive: true });
    expect(mustFail(await mirror.land(sha, base)).kind).toBe('unreachable');
    expect(mustFail(await mirror.refresh()).kind).toBe('unreachable');
  });

  it('runs no hook of the user or of the mirror', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sprung = path.join(repos.folder, 'sprung');
    for (const git of [
      path.join(repos.user, '.git'),
      path.join(repos.home, 'mirrors', `${mirror.identity.key}.git`),
    ]) {
      for (const name of [
        'pre-push',
        'reference-transaction',
        'post-merge',
        'post-checkout',
        'pre-merge-commit',
      ]) {
        repos.write(path.join(git, 'hooks', name), `#!/bin/sh\ntouch ${sprung}\n`);
        chmodSync(path.join(git, 'hooks', name), 0o755);
      }
    }
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    must(await mirror.land(sha, base));
    expect(await mirror.updateCheckout(sha)).toMatchObject({ moved: true });
    expect(existsSync(sprung)).toBe(false);
  });
});

function hook(repos: TestRepositories, name: string, line: string): void {
  const file = path.join(repos.remote, 'hooks', name);
  repos.write(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}

describe('syncing', () => {
  it('follows the remote, not what the user has', async () => {
    await using repos = await testRepositories();
    repos.commitAs(repos.user, 'not-pushed', 'x');
    const other = repos.colleague();
    const theirs = repos.commitAs(other, 'theirs', 'x');
    repos.git(other, 'push', '-q', 'origin', 'main');
    expect((await repos.sync()).tip).toBe(theirs);
  });

  it('leaves no trace in the repository of the user', async () => {
    await using repos = await testRepositories();
    const before = repos.git(repos.user, 'for-each-ref');
    const files = repos.git(path.join(repos.user, '.git'), 'count-objects', '-v');
    await repos.sync();
    expect(repos.git(repos.user, 'for-each-ref')).toBe(before);
    expect(repos.git(path.join(repos.user, '.git'), 'count-objects', '-v')).toBe(files);
    expect(existsSync(path.join(repos.user, '.git/FETCH_HEAD'))).toBe(false);
  });

  it('says so when the remote has no such branch', async () => {
    await using repos = await testRepositories();
    repos.git(repos.user, 'branch', 'only-here');
    const failure = mustFail(await repos.mirrors.sync(await repos.identify('only-here')));
    expect(failure.kind).toBe('no-such-branch');
  });

  it('gets past the lock of a git that was killed', async () => {
    await using repos = await testRepositories();
    const { identity } = await repos.sync();
    const other = repos.colleague();
    const theirs = repos.commitAs(other, 'theirs', 'x');
    repos.git(other, 'push', '-q', 'origin', 'main');
    const lock = path.join(repos.home, 'mirrors', `${identity.key}.git/refs/remotes/origin/main.lock`);
    repos.write(lock, '');
    utimesSync(lock, 0, 0);
    expect((await repos.sync()).tip).toBe(theirs);
  });

  it('works with a remote that is named by a relative path', async () => {
    await using repos = await testRepositories();
    repos.git(repos.user, 'remote', 'set-url', 'origin', '../remote.git');
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    expect(must(await mirror.land(sha, base))).toEqual({ mode: 'push' });
  });

  it('knows no mirror before the first time', async () => {
    await using repos = await testRepositories();
    expect(await repos.mirrors.existing(await repos.identify(), '1'.repeat(40))).toBeUndefined();
  });
});

describe('landing without a remote', () => {
  it('fast-forwards the clean checkout that is on the branch', async () => {
    await using repos = await testRepositories({ withRemote: false });
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    repos.write(path.join(repos.user, 'untracked'), 'mine');
    expect(must(await mirror.land(sha, base))).toEqual({ mode: 'local' });
    expect(repos.git(repos.user, 'rev-parse', 'main')).toBe(sha);
    expect(repos.git(repos.user, 'status', '--porcelain')).toBe('?? untracked');
    expect(await mirror.updateCheckout(sha)).toEqual({ moved: false, why: 'the checkout is up to date' });
  });

  it('moves the branch alone when another one is checked out', async () => {
    await using repos = await testRepositories({ withRemote: false });
    repos.git(repos.user, 'checkout', '-q', '-b', 'feature');
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    expect(must(await mirror.land(sha, base))).toEqual({ mode: 'local' });
    expect(repos.git(repos.user, 'rev-parse', 'main', 'HEAD')).toBe(`${sha}\n${base}`);
    expect(existsSync(path.join(repos.user, 'n'))).toBe(false);
  });

  it('fast-forwards the linked work tree that has the branch', async () => {
    await using repos = await testRepositories({ withRemote: false });
    repos.git(repos.user, 'checkout', '-q', '-b', 'feature');
    const tree = path.join(repos.folder, 'tree');
    repos.git(repos.user, 'worktree', 'add', '-q', tree, 'main');
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    must(await mirror.land(sha, base));
    expect(repos.git(tree, 'status', '--porcelain', '--branch')).toBe('## main');
    expect(existsSync(path.join(tree, 'n'))).toBe(true);
  });

  it('works on a bare repository', async () => {
    await using repos = await testRepositories();
    const identity = must(await repos.mirrors.identify({ name: 'b', path: repos.remote, branch: '' }));
    const mirror = must(await repos.mirrors.sync(identity));
    const workspace = must(await mirror.openWorkspace('s1', mirror.tip));
    const sha = await repos.deliver(workspace, mirror.tip, { n: 'x' });
    expect(must(await mirror.land(sha, mirror.tip))).toEqual({ mode: 'local' });
    expect(repos.git(repos.remote, 'rev-parse', 'main')).toBe(sha);
  });

  it.each<[when: string, act: (repos: TestRepositories) => void, kind: string]>([
    [
      'a file is edited',
      (r) => {
        r.write(path.join(r.user, 'README.md'), 'mine');
      },
      'in-the-way',
    ],
    [
      'something is staged',
      (r) => {
        r.write(path.join(r.user, 'a'), 'a');
        r.git(r.user, 'add', 'a');
      },
      'in-the-way',
    ],
    [
      'an untracked file would be overwritten',
      (r) => {
        r.write(path.join(r.user, 'n'), 'mine');
      },
      'in-the-way',
    ],
    [
      'a merge is under way',
      (r) => {
        r.write(path.join(r.user, '.git/MERGE_HEAD'), r.git(r.user, 'rev-parse', 'main'));
      },
      'in-the-way',
    ],
    [
      'another git is at work',
      (r) => {
        r.write(path.join(r.user, '.git/index.lock'), '');
      },
      'in-the-way',
    ],
    [
      'the person committed meanwhile',
      (r) => {
        r.commitAs(r.user, 'theirs', 'x');
      },
      'moved',
    ],
  ])('leaves everything as it is when %s', async (_when, act, kind) => {
    await using repos = await testRepositories({ withRemote: false });
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    act(repos);
    const before = [
      repos.git(repos.user, 'rev-parse', 'main'),
      repos.git(repos.user, 'status', '--porcelain'),
    ];
    expect(mustFail(await mirror.land(sha, base)).kind).toBe(kind);
    expect([
      repos.git(repos.user, 'rev-parse', 'main'),
      repos.git(repos.user, 'status', '--porcelain'),
    ]).toEqual(before);
    must(await mirror.leaveBranch('clone/s1', sha));
    expect(repos.git(repos.user, 'rev-parse', 'clone/s1')).toBe(sha);
  });
});

describe('a branch left behind', () => {
  it('stands on the remote, follows us, and is not taken from somebody else', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    must(await mirror.leaveBranch('clone/s1', sha));
    must(await workspace.resetTo(base));
    const redone = await repos.deliver(workspace, base, { m: 'x' });
    must(await mirror.leaveBranch('clone/s1', redone));
    expect(repos.git(repos.remote, 'rev-parse', 'clone/s1')).toBe(redone);

    const other = repos.colleague();
    repos.git(other, 'checkout', '-q', 'clone/s1');
    const theirs = repos.commitAs(other, 'theirs', 'x');
    repos.git(other, 'push', '-q', 'origin', 'clone/s1');
    expect(mustFail(await mirror.leaveBranch('clone/s1', sha)).kind).toBe('moved');
    expect(repos.git(repos.remote, 'rev-parse', 'clone/s1')).toBe(theirs);
    expect(repos.git(repos.remote, 'rev-parse', 'main')).toBe(base);
  });

  it.each(['main', '../x', 'a..b', '-x y'])('is never %j', async (name) => {
    await using repos = await testRepositories();
    const mirror = await repos.sync();
    await expect(mirror.leaveBranch(name, mirror.tip)).rejects.toThrow('not a branch of ours');
  });
});

describe('the whole way of a session', () => {
  it('starts git four times', async () => {
    await using repos = await testRepositories();
    const counted = path.join(repos.folder, 'bin');
    const log = path.join(repos.folder, 'starts');
    const real = repos.git(repos.folder, '--exec-path');
    repos.write(path.join(counted, 'git'), `#!/bin/sh\necho "$1" >> ${log}\nexec ${real}/git "$@"\n`);
    chmodSync(path.join(counted, 'git'), 0o755);
    const environment = { ...repos.environment, PATH: `${counted}:${repos.environment['PATH'] ?? ''}` };
    const mirrors = gitMirrors({ folder: repos.home, environment, tokenFor: () => undefined, author: ours });
    const mirror = must(await mirrors.sync(await repos.identify()));
    const base = mirror.tip;
    const workspace = must(await mirror.openWorkspace('s1', base));
    const sha = await repos.deliver(workspace, base, { n: 'x', 'README.md': 'y' });
    expect(await workspace.strayCommits()).toEqual([]);
    must(await mirror.land(sha, base));
    expect(await mirror.updateCheckout(sha)).toMatchObject({ moved: true });
    await workspace.remove();
    const starts = repos.read(log).trim().split('\n');
    expect(starts).toEqual(['read-tree', 'add', 'push', 'merge']);
  });
});
