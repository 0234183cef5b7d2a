import {
  appendFileSync,
  chmodSync,
  existsSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSurelyClean } from './clean-checkout.ts';
import { linkObjects } from './link-objects.ts';
import { removeFolder } from './remove-folder.ts';
import { writeRepository } from './repository-folder.ts';
import { must, type TestRepositories, testRepositories } from './test-repositories.ts';

async function emptyMirror(repos: TestRepositories): Promise<string> {
  const gitDir = path.join(repos.folder, 'fresh.git');
  await writeRepository({ gitDir, head: 'ref: refs/heads/none', bare: true });
  return gitDir;
}

describe('a mirror of a repository on the same disk', () => {
  it('is filled by links, loose and packed, and holds all that was there', async () => {
    await using repos = await testRepositories();
    repos.git(repos.remote, 'gc', '-q');
    const loose = repos.commitAs(repos.user, 'n', 'x\n');
    repos.git(repos.user, 'push', '-q', 'origin', 'main');
    const mirror = await emptyMirror(repos);
    expect(await linkObjects(repos.remote, mirror, false)).toBe(true);
    expect(repos.git(mirror, 'rev-list', '--objects', '--count', loose)).not.toBe('');
    expect(repos.git(mirror, 'fsck', '--strict', '--no-dangling', loose)).toBe('');
    const file = `objects/${loose.slice(0, 2)}/${loose.slice(2)}`;
    expect(statSync(path.join(mirror, file)).ino).toBe(statSync(path.join(repos.remote, file)).ino);
  });

  it.each<[when: string, change: (remote: string) => void]>([
    [
      'its objects are kept elsewhere',
      (remote) => {
        writeFileSync(path.join(remote, 'objects/info/alternates'), '/somewhere/objects\n');
      },
    ],
    [
      'its history is cut off',
      (remote) => {
        writeFileSync(path.join(remote, 'shallow'), `${'0'.repeat(40)}\n`);
      },
    ],
    [
      'it says that it is of a kind we do not know',
      (remote) => {
        appendFileSync(path.join(remote, 'config'), '[extensions]\npartialclone = origin\n');
      },
    ],
    [
      'something in it is a link to another place',
      (remote) => {
        symlinkSync('/etc/hostname', path.join(remote, 'objects/pack', `pack-${'0'.repeat(40)}.pack`));
      },
    ],
  ])('is left to git when %s', async (_when, change) => {
    await using repos = await testRepositories();
    await mkdir(path.join(repos.remote, 'objects/info'), { recursive: true });
    await mkdir(path.join(repos.remote, 'objects/pack'), { recursive: true });
    change(repos.remote);
    expect(await linkObjects(repos.remote, await emptyMirror(repos), false)).toBe(false);
  });

  it('is left to git when one has sha256 and the other has not', async () => {
    await using repos = await testRepositories();
    expect(await linkObjects(repos.remote, await emptyMirror(repos), true)).toBe(false);
  });

  it('is asked for what it lacks the next time, after it could not fill a workspace', async () => {
    await using repos = await testRepositories();
    const mirror = await repos.sync();
    const folder = path.join(repos.home, 'mirrors');
    const [name = ''] = await readdir(folder);
    const tree = repos.git(repos.user, 'rev-parse', 'HEAD^{tree}');
    await rm(path.join(folder, name, 'objects', tree.slice(0, 2), tree.slice(2)));
    expect((await mirror.openWorkspace('s1', mirror.tip)).ok).toBe(false);
    const again = await repos.sync();
    expect((await again.openWorkspace('s2', again.tip)).ok).toBe(true);
  });
});

describe('commits that the user is handed', () => {
  it('are whole, also where they came in several, with folders that went and came', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const first = await repos.deliver(workspace, base, { 'new/deep/file': '1\n', 'src/code.txt': 'other\n' });
    await rm(path.join(workspace.folder, 'new'), { recursive: true });
    const second = await repos.deliver(workspace, first, { 'ä/ö': '2\n' });
    must(await mirror.land(second, base));
    expect(await mirror.updateCheckout(second)).toEqual({ moved: true, why: 'fast-forwarded' });
    expect(repos.git(repos.user, 'rev-parse', 'HEAD')).toBe(second);
    expect(repos.git(repos.user, 'status', '--porcelain')).toBe('');
    expect(repos.git(repos.user, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('are fetched where git says who may write to the files', async () => {
    await using repos = await testRepositories();
    repos.git(repos.user, 'config', 'core.sharedRepository', 'group');
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x\n' });
    must(await mirror.land(sha, base));
    expect(await mirror.updateCheckout(sha)).toMatchObject({ moved: true });
    const file = path.join(repos.user, '.git/objects', sha.slice(0, 2), sha.slice(2));
    expect(statSync(file).mode & 0o040).toBe(0o040);
  });

  it('are described as git would, without asking it', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const first = await repos.deliver(workspace, base, { n: 'x\n', m: 'y\n' });
    const second = await repos.deliver(workspace, first, { n: 'z\n', 'b/grüße': 'x' });
    const byHeart = must(await mirror.commits(base, second));
    const asked = must(await (await repos.sync()).commits(base, second));
    expect(byHeart).toEqual(asked);
    expect(byHeart.map(({ files }) => files)).toEqual([2, 2]);
    expect(byHeart.map(({ paths }) => paths)).toEqual([
      ['m', 'n'],
      ['b/grüße', 'n'],
    ]);
  });
});

describe('a checkout', () => {
  const long = new Date(Date.now() - 3_600_000);

  function settle(repos: TestRepositories): string {
    for (const name of ['README.md', '.gitignore', 'src/code.txt']) {
      utimesSync(path.join(repos.user, name), long, long);
    }
    repos.git(repos.user, 'update-index', '--refresh');
    return repos.git(repos.user, 'rev-parse', 'HEAD^{tree}');
  }
  const isClean = (repos: TestRepositories, tree: string): boolean =>
    isSurelyClean({ folder: repos.user, adminDir: path.join(repos.user, '.git') }, tree, 20);

  it('is surely clean when every file is as git saw it', async () => {
    await using repos = await testRepositories();
    const tree = settle(repos);
    expect(isClean(repos, tree)).toBe(true);
    expect(isClean(repos, 'f'.repeat(40))).toBe(false);
  });

  it.each<[what: string, change: (repos: TestRepositories) => void]>([
    [
      'a file was edited',
      (repos) => {
        repos.write(path.join(repos.user, 'README.md'), 'other\n');
      },
    ],
    [
      'a file was edited to the same length and given its old time',
      (repos) => {
        repos.write(path.join(repos.user, 'src/code.txt'), 'two\none\nthree\n');
        utimesSync(path.join(repos.user, 'src/code.txt'), long, long);
      },
    ],
    [
      'a file is gone',
      (repos) => {
        repos.git(repos.user, 'rm', '-q', '--cached', 'README.md');
      },
    ],
    [
      'a file may be run now',
      (repos) => {
        chmodSync(path.join(repos.user, 'README.md'), 0o755);
      },
    ],
    [
      'something is staged',
      (repos) => {
        repos.write(path.join(repos.user, 'new'), 'x');
        repos.git(repos.user, 'add', 'new');
      },
    ],
    [
      'git is told not to look at a file',
      (repos) => {
        repos.git(repos.user, 'update-index', '--assume-unchanged', 'README.md');
      },
    ],
    [
      'a file was written when the index was',
      (repos) => {
        const now = new Date(Date.now() + 60_000);
        utimesSync(path.join(repos.user, 'README.md'), now, now);
        repos.git(repos.user, 'update-index', '--refresh');
      },
    ],
  ])('is for git to look at when %s', async (_what, change) => {
    await using repos = await testRepositories();
    const tree = settle(repos);
    change(repos);
    expect(isClean(repos, tree)).toBe(false);
  });
});

describe('removing a folder', () => {
  it('takes all that is in it, also what nobody may write to, and follows no link', async () => {
    const place = await mkdtemp(path.join(os.tmpdir(), 'clone-remove-'));
    const folder = path.join(place, 'folder');
    await mkdir(path.join(folder, 'a/b'), { recursive: true });
    await mkdir(path.join(place, 'other'));
    writeFileSync(path.join(place, 'other/kept'), 'x');
    for (let n = 0; n < 1_200; n += 1) writeFileSync(path.join(folder, 'a', `f${n}`), '');
    writeFileSync(path.join(folder, 'a/b/file'), '');
    symlinkSync(path.join(place, 'other'), path.join(folder, 'link'));
    chmodSync(path.join(folder, 'a/b'), 0o000);
    chmodSync(path.join(folder, 'a'), 0o500);
    await removeFolder(folder);
    await removeFolder(folder);
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(path.join(place, 'other/kept'))).toBe(true);
    await rm(place, { recursive: true });
  });
});
