import { chmodSync, existsSync, readdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestRepositories } from './test-repositories.ts';
import { must, mustFail, testRepositories } from './test-repositories.ts';

describe('a fresh workspace', () => {
  it('has the files of the tip, a branch of its own, no remote and no credentials', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    expect(repos.read(path.join(workspace.folder, 'src/code.txt'))).toBe('one\ntwo\nthree\n');
    expect(repos.git(workspace.folder, 'status', '--porcelain', '--branch')).toBe('## clone/s1');
    expect(repos.git(workspace.folder, 'log', '-1', '--format=%H %s')).toBe(`${base} first`);
    expect(repos.git(workspace.folder, 'remote')).toBe('');
    expect(repos.git(workspace.folder, 'fsck', '--no-dangling')).toBe('');
    expect(workspace.folder).toBe(path.join(repos.home, 'workspaces', 's1'));
    await workspace.remove();
    expect(existsSync(workspace.folder)).toBe(false);
  });

  it('is refused where there is one already, and leaves that one alone', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    expect(mustFail(await mirror.openWorkspace('s1', base)).kind).toBe('git');
    expect(existsSync(path.join(workspace.folder, 'README.md'))).toBe(true);
  });

  it('is not left half made when the commit does not exist', async () => {
    await using repos = await testRepositories();
    const mirror = await repos.sync();
    expect(mustFail(await mirror.openWorkspace('s1', '1'.repeat(40))).kind).toBe('git');
    expect(existsSync(path.join(repos.home, 'workspaces/s1'))).toBe(false);
  });

  it.each(['../s1', 'a/b', '', '.git', 'a b'])('is never named %j', async (name) => {
    await using repos = await testRepositories();
    const mirror = await repos.sync();
    await expect(mirror.openWorkspace(name, mirror.tip)).rejects.toThrow('not a name');
  });

  it('can be discarded by its name, however little of it is there', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    for (const name of ['.index.lock', '.exclude']) repos.write(`${workspace.folder}${name}`, '');
    await repos.mirrors.discardWorkspace('s1');
    await repos.mirrors.discardWorkspace('s1');
    expect(readdirSync(path.dirname(workspace.folder))).toEqual([]);
    expect(() => repos.mirrors.discardWorkspace('../mirrors')).toThrow('not a name');
    expect((await repos.sync()).tip).toBe(base);
  });

  it('is listed with the others, once, also when it is half removed', async () => {
    await using repos = await testRepositories();
    expect(repos.mirrors.workspaces()).toEqual([]);
    const { mirror, base } = await repos.open();
    must(await mirror.openWorkspace('compact_s-2', base));
    repos.write(path.join(repos.home, 'workspaces/gone.index.lock'), '');
    expect(repos.mirrors.workspaces().toSorted()).toEqual(['compact_s-2', 'gone', 's1']);
  });

  it('can be removed even when a tool left folders that nobody may write to', async () => {
    await using repos = await testRepositories();
    const { workspace } = await repos.open();
    repos.write(path.join(workspace.folder, 'cache/deep/file'), 'x');
    chmodSync(path.join(workspace.folder, 'cache/deep'), 0o500);
    await workspace.remove();
    expect(existsSync(workspace.folder)).toBe(false);
  });
});

describe('a snapshot', () => {
  it('says that nothing has changed when nothing has, even if a file was touched', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    repos.write(path.join(workspace.folder, 'src/code.txt'), 'one\ntwo\nthree\n');
    const tree = repos.git(repos.user, 'rev-parse', `${base}^{tree}`);
    expect(must(await workspace.snapshot(base))).toMatchObject({ tree, changed: false });
  });

  const inFolder = (name: string, text: string) => (repos: TestRepositories, folder: string) => {
    repos.write(path.join(folder, name), text);
  };

  it.each<[what: string, act: (repos: TestRepositories, folder: string) => void, files: string[]]>([
    ['a new file that nobody added (A5)', inFolder('new/file.txt', 'x'), ['A new/file.txt']],
    ['an edited file', inFolder('src/code.txt', 'x'), ['M src/code.txt']],
    [
      'a deleted file',
      (_r, folder) => {
        unlinkSync(path.join(folder, 'README.md'));
      },
      ['D README.md'],
    ],
    [
      'the mode of a file',
      (_r, folder) => {
        chmodSync(path.join(folder, 'README.md'), 0o755);
      },
      ['M README.md'],
    ],
    [
      'a link, as a link',
      (_r, folder) => {
        symlinkSync('/etc/passwd', path.join(folder, 'link'));
      },
      ['A link'],
    ],
    ['nothing that is ignored', inFolder('.env', 'KEY=1'), []],
    [
      'a commit that the agent made itself',
      (r, folder) => {
        r.commitAs(folder, 'mine', 'x');
      },
      ['A mine'],
    ],
    ['the files, whatever branch the agent is on', onAnotherBranch, ['A other']],
    [
      'the files, though .git is gone',
      withGit((git) => {
        rmSync(git, { recursive: true });
      }),
      ['A f'],
    ],
    ['the files, though .git is a file', withGit(asFile), ['A f']],
    ['the files, though .git is a link', withGit(asLink), ['A f']],
    ['the files, though the agent staged something else', stagedElse, ['A staged']],
    ['a file name with a newline and quotes', inFolder('odd "name\n.txt', 'x'), ['A "odd \\"name\\n.txt"']],
  ])('shows %s', async (_what, act, files) => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    act(repos, workspace.folder);
    const shown = must(await workspace.snapshot(base));
    expect(shown.changed).toBe(files.length > 0);
    const args = ['diff-tree', '-r', '--name-status', '--no-renames', base, shown.tree];
    const printed = repos.git(mirrorOf(repos, mirror.identity.key), ...args).replaceAll('\t', ' ');
    expect(printed === '' ? [] : printed.split('\n')).toEqual(files);
  });

  it('shows that everything was deleted', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    for (const name of ['README.md', '.gitignore', 'src'])
      rmSync(path.join(workspace.folder, name), { recursive: true });
    expect(must(await workspace.snapshot(base)).tree).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  });

  it('runs nothing that the workspace brings along', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const trap = path.join(repos.folder, 'trap.sh');
    const sprung = path.join(repos.folder, 'sprung');
    repos.write(trap, `#!/bin/sh\necho "$0" >> ${sprung}\ncat\n`);
    chmodSync(trap, 0o755);
    const git = (...args: string[]): string => repos.git(workspace.folder, ...args);
    git('config', 'core.worktree', repos.user);
    for (const key of ['core.fsmonitor', 'filter.x.clean', 'filter.x.smudge', 'diff.external'])
      git('config', key, trap);
    for (const key of ['core.sshCommand', 'uploadpack.packObjectsHook', 'core.editor', 'core.pager'])
      git('config', key, trap);
    for (const hook of [
      'pre-commit',
      'post-commit',
      'post-checkout',
      'reference-transaction',
      'post-index-change',
    ]) {
      repos.write(path.join(workspace.folder, '.git/hooks', hook), repos.read(trap));
      chmodSync(path.join(workspace.folder, '.git/hooks', hook), 0o755);
    }
    repos.write(path.join(workspace.folder, '.gitattributes'), '* filter=x diff=x merge=x\n');
    const sha = await repos.deliver(workspace, base, { 'made.txt': 'plain\n' });
    must(await workspace.resetTo(base));
    await workspace.strayCommits();
    must(await mirror.land(sha, base));
    expect(existsSync(sprung)).toBe(false);
    expect(repos.git(repos.remote, 'show', 'main:made.txt')).toBe('plain');
    expect(repos.git(repos.user, 'status', '--porcelain')).toBe('');
  });

  it('leaves out repositories that the agent made inside, says so, and never asks them anything', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const trap = path.join(repos.folder, 'trap.sh');
    const sprung = path.join(repos.folder, 'sprung');
    repos.write(trap, `#!/bin/sh\ntouch ${sprung}\n`);
    chmodSync(trap, 0o755);
    for (const name of ['with-commit', 'without-commit']) repos.git(workspace.folder, 'init', '-q', name);
    repos.commitAs(path.join(workspace.folder, 'with-commit'), 'inner', 'x');
    repos.git(path.join(workspace.folder, 'with-commit'), 'config', 'core.fsmonitor', trap);
    repos.write(path.join(workspace.folder, 'beside'), 'x');
    for (const round of ['first', 'second']) {
      repos.write(path.join(workspace.folder, 'with-commit/inner'), round);
      const shown = must(await workspace.snapshot(base));
      expect(shown).toMatchObject({ leftOut: ['with-commit', 'without-commit'] });
      const bare = mirrorOf(repos, mirror.identity.key);
      expect(repos.git(bare, 'diff-tree', '-r', '--name-only', base, shown.tree)).toBe('beside');
    }
    rmSync(path.join(workspace.folder, 'without-commit/.git'), { recursive: true });
    repos.write(path.join(workspace.folder, 'without-commit/now-plain'), 'x');
    expect(must(await workspace.snapshot(base))).toMatchObject({ leftOut: ['with-commit'] });
    must(await workspace.resetTo(base));
    expect(existsSync(path.join(workspace.folder, 'with-commit'))).toBe(false);
    expect(existsSync(sprung)).toBe(false);
  });

  it('keeps a submodule as it is, whatever the agent did in it', async () => {
    await using repos = await testRepositories();
    const part = path.join(repos.folder, 'part');
    repos.git(repos.folder, 'init', '-q', '-b', 'main', part);
    repos.commitAs(part, 'p', 'p');
    repos.git(
      repos.user,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      part,
      'lib/part',
    );
    repos.git(repos.user, 'commit', '-q', '-m', 'submodule');
    repos.git(repos.user, 'push', '-q', 'origin', 'main');
    const { workspace, base } = await repos.open();
    expect(must(await workspace.snapshot(base)).changed).toBe(false);

    const trap = path.join(repos.folder, 'trap.sh');
    const sprung = path.join(repos.folder, 'sprung');
    repos.write(trap, `#!/bin/sh\ntouch ${sprung}\n`);
    chmodSync(trap, 0o755);
    const inside = path.join(workspace.folder, 'lib/part');
    repos.git(workspace.folder, 'init', '-q', inside);
    repos.commitAs(inside, 'evil', 'x');
    repos.git(inside, 'config', 'core.fsmonitor', trap);
    repos.write(path.join(inside, 'evil'), 'y');
    expect(must(await workspace.snapshot(base)).changed).toBe(false);
    rmSync(inside, { recursive: true });
    expect(must(await workspace.snapshot(base)).changed).toBe(false);
    expect(existsSync(sprung)).toBe(false);
  });

  it('leaves out what was copied in from the checkout, ignored or not', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    repos.write(path.join(workspace.folder, 'local.json'), '{"key": 1}');
    repos.write(`${workspace.folder}.exclude`, '/local.json\n');
    expect(must(await workspace.snapshot(base)).changed).toBe(false);
    must(await workspace.resetTo(base));
    expect(existsSync(path.join(workspace.folder, 'local.json'))).toBe(true);
  });
});

function mirrorOf(repos: TestRepositories, key: string): string {
  return path.join(repos.home, 'mirrors', `${key}.git`);
}

function onAnotherBranch(repos: TestRepositories, folder: string): void {
  repos.git(folder, 'checkout', '-q', '-b', 'elsewhere');
  repos.write(path.join(folder, 'other'), 'x');
}

function withGit(act: (git: string, repos: TestRepositories) => void) {
  return (repos: TestRepositories, folder: string): void => {
    act(path.join(folder, '.git'), repos);
    repos.write(path.join(folder, 'f'), 'x');
  };
}

function asFile(git: string, repos: TestRepositories): void {
  rmSync(git, { recursive: true });
  repos.write(git, `gitdir: ${repos.user}/.git\n`);
}

function asLink(git: string, repos: TestRepositories): void {
  rmSync(git, { recursive: true });
  symlinkSync(path.join(repos.user, '.git'), git);
}

function stagedElse(repos: TestRepositories, folder: string): void {
  repos.write(path.join(folder, 'staged'), 'x');
  repos.git(folder, 'add', 'staged');
  repos.git(folder, 'rm', '-q', '--cached', 'README.md');
}
