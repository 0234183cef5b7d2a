import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestRepositories } from './test-repositories.ts';
import { must, mustFail, ours, testRepositories } from './test-repositories.ts';

describe('a commit', () => {
  it('has our name, our message to the letter, and is what the agent sees next', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    repos.write(path.join(workspace.folder, 'n'), 'x');
    const { tree } = must(await workspace.snapshot(base));
    const message = 'add n\n\n# not a comment\n\nClone-Task: t1\n';
    const sha = must(await workspace.commit(tree, base, message));
    const bare = mirrorOf(repos, mirror.identity.key);
    expect(repos.git(bare, 'log', '-1', '--format=%an <%ae> %cn <%ce>', sha)).toBe(
      `${ours.name} <${ours.email}> ${ours.name} <${ours.email}>`,
    );
    expect(repos.git(bare, 'log', '-1', '--format=%B', sha)).toBe(message.trim());
    expect(repos.git(bare, 'rev-parse', 'refs/clone/sessions/s1')).toBe(sha);
    expect(repos.git(workspace.folder, 'status', '--porcelain', '--branch')).toBe('## clone/s1');
    expect(repos.git(workspace.folder, 'rev-parse', 'HEAD')).toBe(sha);
  });

  it.each<[state: string, act: (repos: TestRepositories, folder: string) => void]>([
    [
      'deleted .git',
      (_r, folder) => {
        rmSync(path.join(folder, '.git'), { recursive: true });
      },
    ],
    [
      'detached HEAD',
      (r, folder) => {
        r.git(folder, 'checkout', '-q', '--detach');
      },
    ],
    [
      'left a lock',
      (r, folder) => {
        r.write(path.join(folder, '.git/index.lock'), '');
      },
    ],
    [
      'left a merge open',
      (r, folder) => {
        r.write(path.join(folder, '.git/MERGE_HEAD'), r.git(folder, 'rev-parse', 'HEAD'));
      },
    ],
    [
      'broke the settings',
      (r, folder) => {
        r.write(path.join(folder, '.git/config'), '[broken');
      },
    ],
    [
      'made HEAD a folder',
      (_r, folder) => {
        rmSync(path.join(folder, '.git/HEAD'));
        mkdirSync(path.join(folder, '.git/HEAD/x'), { recursive: true });
      },
    ],
  ])('mends the workspace after the agent %s', async (_state, act) => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    act(repos, workspace.folder);
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    expect(repos.git(workspace.folder, 'status', '--porcelain', '--branch')).toBe('## clone/s1');
    expect(repos.git(workspace.folder, 'rev-parse', 'HEAD')).toBe(sha);
  });

  it('never writes through a link that the agent planted in .git', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    const before = repos.git(repos.user, 'rev-parse', 'HEAD');
    const git = path.join(workspace.folder, '.git');
    for (const name of ['refs', 'objects/info', 'HEAD', 'config', 'index']) {
      rmSync(path.join(git, name), { recursive: true });
      symlinkSync(path.join(repos.user, '.git', name), path.join(git, name));
    }
    const untouched = ['HEAD', 'config'].map((name) => repos.read(path.join(repos.user, '.git', name)));
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    expect(repos.git(workspace.folder, 'rev-parse', 'HEAD')).toBe(sha);
    expect(repos.git(repos.user, 'rev-parse', 'HEAD')).toBe(before);
    expect(['HEAD', 'config'].map((name) => repos.read(path.join(repos.user, '.git', name)))).toEqual(
      untouched,
    );
    expect(existsSync(path.join(repos.user, '.git/refs/heads/clone'))).toBe(false);
    expect(existsSync(path.join(repos.user, '.git/objects/info/alternates'))).toBe(false);
    expect(repos.git(repos.user, 'status', '--porcelain')).toBe('');
  });
});

describe('going back', () => {
  it('makes the files exactly those of a commit; ignored ones stay', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    const good = await repos.deliver(workspace, base, { 'good.txt': 'x' });
    await repos.deliver(workspace, good, { 'bad.txt': 'x', 'README.md': 'bad', '.gitignore': 'hidden\n' });
    rmSync(path.join(workspace.folder, 'src'), { recursive: true });
    symlinkSync(repos.user, path.join(workspace.folder, 'src'));
    repos.write(path.join(workspace.folder, 'hidden'), 'was ignored by the bad commit only');
    repos.write(path.join(workspace.folder, 'node_modules/m/index.js'), 'kept');
    must(await workspace.resetTo(good));
    expect(must(await workspace.snapshot(good)).changed).toBe(false);
    expect(repos.git(workspace.folder, 'status', '--porcelain', '--branch')).toBe('## clone/s1');
    expect(repos.git(workspace.folder, 'rev-parse', 'HEAD')).toBe(good);
    expect(existsSync(path.join(workspace.folder, 'hidden'))).toBe(false);
    expect(existsSync(path.join(workspace.folder, 'node_modules/m/index.js'))).toBe(true);
    expect(lstatSync(path.join(workspace.folder, 'src')).isDirectory()).toBe(true);
    expect(existsSync(path.join(repos.user, 'src/code.txt'))).toBe(true);
  });
});

describe('bringing back', () => {
  it('shows what was unfinished as edits on top of the branch', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    const good = await repos.deliver(workspace, base, { 'good.txt': 'x' });
    const unfinished = await repos.deliver(workspace, good, { 'half.txt': 'x', 'README.md': 'edited' });
    must(await workspace.resetTo(good));
    must(await workspace.bringBack(unfinished));
    const status = repos.git(workspace.folder, 'status', '--porcelain', '--branch');
    expect(status.split('\n')).toEqual(['## clone/s1', ' M README.md', '?? half.txt']);
    expect(repos.git(workspace.folder, 'rev-parse', 'HEAD')).toBe(good);
    const after = await repos.deliver(workspace, good, { 'more.txt': 'x' });
    const changed = repos.git(workspace.folder, 'diff', '--name-only', good, after);
    expect(changed.split('\n')).toEqual(['README.md', 'half.txt', 'more.txt']);
  });
});

describe('what setup left', () => {
  it('stays on disk and out of every commit; files it changed are put back', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    repos.write(path.join(workspace.folder, 'made by [setup]/a.txt'), 'x');
    repos.write(path.join(workspace.folder, 'lock file!.json'), 'x');
    repos.write(path.join(workspace.folder, 'README.md'), 'rewritten by setup');
    expect([...must(await workspace.setAside()).names].sort()).toEqual([
      'lock file!.json',
      'made by [setup]/a.txt',
    ]);
    expect(must(await workspace.snapshot(base)).changed).toBe(false);
    const after = await repos.deliver(workspace, base, { 'new.txt': 'by the agent' });
    must(await workspace.resetTo(base));
    expect(existsSync(path.join(workspace.folder, 'made by [setup]/a.txt'))).toBe(true);
    expect(repos.git(workspace.folder, 'ls-tree', '--name-only', after)).not.toContain('lock file');
  });

  it('hides nothing that an agent adds in the same folders, except in those of tools', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    const write = (...names: string[]): void => {
      for (const name of names) repos.write(path.join(workspace.folder, name), name);
    };
    write('docs/api/made.md', 'app/made.js', 'app/bower_components/m/index.js', 'src/venv/pip.py');
    write('env/pyvenv.cfg', 'env/lib/x.py', 'out/CACHEDIR.TAG', 'out/o');
    const { names, whole } = must(await workspace.setAside());
    const folders = ['app/bower_components/', 'env/', 'out/', 'src/venv/'];
    expect([...names].sort()).toEqual([...folders, 'app/made.js', 'docs/api/made.md'].sort());
    expect(whole).toEqual([]);
    write('docs/api/by-hand.md', 'docs/more/by-hand.md', 'app/by-hand.js', 'env/lib/later.py', 'out/later');
    const after = await repos.deliver(workspace, base, {});
    expect(repos.git(workspace.folder, 'diff', '--name-only', base, after).split('\n')).toEqual([
      'app/by-hand.js',
      'docs/api/by-hand.md',
      'docs/more/by-hand.md',
    ]);
  });

  it('is out by the folder where there is too much of it, and that is said', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    for (let at = 0; at <= 1000; at += 1) repos.write(path.join(workspace.folder, `data/${at}`), '');
    expect(must(await workspace.setAside())).toEqual({ names: [], whole: ['data/'] });
    expect(must(await workspace.snapshot(base)).changed).toBe(false);
  });

  it('is told once when somebody edits it, for no commit has that', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    repos.write(path.join(workspace.folder, 'made/config'), 'by setup');
    must(await workspace.setAside());
    expect(workspace.changedAside()).toEqual([]);
    repos.write(path.join(workspace.folder, 'made/config'), 'edited by an agent');
    expect(must(await workspace.snapshot(base)).changed).toBe(false);
    expect([workspace.changedAside(), workspace.changedAside()]).toEqual([['made/config'], []]);
  });
});

describe('commits that only the agent knows of', () => {
  it('are none in a workspace where it made none', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    await repos.deliver(workspace, base, { n: 'x' });
    expect(await workspace.strayCommits()).toEqual([]);
  });

  it('are kept when they are on a branch or in a stash, and the files do not show them', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const git = (...args: string[]): string => repos.git(workspace.folder, ...args);
    git('checkout', '-q', '-b', 'try');
    const tried = repos.commitAs(workspace.folder, 'tried', 'x');
    git('checkout', '-q', 'clone/s1');
    repos.write(path.join(workspace.folder, 'README.md'), 'stashed');
    git('stash', '-q');
    const stashed = git('rev-parse', 'stash');
    git('pack-refs', '--all');
    await repos.deliver(workspace, base, { n: 'x' });
    const strays = await workspace.strayCommits();
    expect(new Set(strays.map(({ sha }) => sha))).toEqual(new Set([tried, stashed]));
    await workspace.remove();
    for (const { sha, ref } of strays) {
      expect(ref).toMatch(/^refs\/clone\/salvage\/s1\//);
      expect(repos.git(mirrorOf(repos, mirror.identity.key), 'rev-parse', ref)).toBe(sha);
      repos.git(mirrorOf(repos, mirror.identity.key), 'rev-list', '--objects', ref);
    }
  });

  it('are answered once, and more than can be kept at once one after the other', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    repos.write(path.join(workspace.folder, 'n'), 'tried');
    repos.git(workspace.folder, 'add', 'n');
    const tree = repos.git(workspace.folder, 'write-tree');
    const made: string[] = [];
    for (let at = 0; at < 32; at += 1) {
      const sha = repos.git(workspace.folder, 'commit-tree', tree, '-p', base, '-m', `try ${at}`);
      repos.write(path.join(workspace.folder, `.git/refs/heads/try-${at}`), `${sha}\n`);
      made.push(sha);
    }
    const first = await workspace.strayCommits();
    const second = await workspace.strayCommits();
    expect([first.length, second.length]).toEqual([30, 2]);
    expect(new Set([...first, ...second].map(({ sha }) => sha))).toEqual(new Set(made));
    expect(await workspace.strayCommits()).toEqual([]);
  });

  it('are found after a commit of ours has moved the branch away from them', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    const lost = repos.commitAs(workspace.folder, 'first-try', 'x');
    repos.git(workspace.folder, 'checkout', '-q', '-b', 'other', base);
    await repos.deliver(workspace, base, { n: 'x' });
    expect((await workspace.strayCommits()).map(({ sha }) => sha)).toEqual([lost]);
  });

  it('do not count when the files show the same', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    repos.commitAs(workspace.folder, 'n', 'x');
    await repos.deliver(workspace, base, {});
    expect(await workspace.strayCommits()).toEqual([]);
  });

  it('do no harm when they are broken', async () => {
    await using repos = await testRepositories();
    const { workspace } = await repos.open();
    repos.write(path.join(workspace.folder, '.git/refs/heads/broken'), `${'2'.repeat(40)}\n`);
    expect(await workspace.strayCommits()).toEqual([]);
  });
});

describe('taking up a workspace of an earlier process', () => {
  it('goes on where it was: edits are there, commits are known', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const first = await repos.deliver(workspace, base, { first: 'x' });
    repos.write(path.join(workspace.folder, 'half-done'), 'x');
    repos.write(`${workspace.folder}.index.lock`, 'left by a git that was killed');
    const later = await repos.mirrors.existing(mirror.identity, mirror.tip);
    const adopted = must(await later!.adoptWorkspace('s1', base));
    expect(must(await adopted.snapshot(first)).changed).toBe(true);
    expect(await adopted.strayCommits()).toEqual([]);
    const second = await repos.deliver(adopted, first, {});
    expect(must(await later!.change(first, second)).files.map((file) => file.path)).toEqual(['half-done']);
  });

  it('says so when it is gone', async () => {
    await using repos = await testRepositories();
    const mirror = await repos.sync();
    expect(mustFail(await mirror.adoptWorkspace('s9', mirror.tip)).message).toContain('gone');
  });
});

function mirrorOf(repos: TestRepositories, key: string): string {
  return path.join(repos.home, 'mirrors', `${key}.git`);
}
