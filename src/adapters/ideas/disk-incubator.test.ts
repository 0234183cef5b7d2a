import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import type { Incubator } from '../../ports/ideas.ts';
import { gitMirrors } from '../git/git-mirrors.ts';
import { diskIncubator } from './disk-incubator.ts';

let folder: string;
let home: string;
let code: string;
let incubator: Incubator;

beforeEach(async () => {
  folder = realpathSync(await mkdtemp(path.join(os.tmpdir(), 'clone-incubator-')));
  home = path.join(folder, 'home');
  code = path.join(folder, 'code');
  for (const made of [home, code]) mkdirSync(made);
  incubator = diskIncubator(options());
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function options() {
  return {
    home,
    environment: { PATH: process.env['PATH'] ?? '', HOME: folder },
    tokenFor: () => undefined,
    author: { name: 'Clone', email: 'clone@example.test' },
  };
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd,
    env: { ...options().environment, GIT_CONFIG_NOSYSTEM: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
    .toString()
    .trim();
}

function value<T>(result: Result<T, { message: string }>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** A first commit with one file, as the files step leaves it. */
async function firstCommit(): Promise<{ seed: Identity; base: string; sha: string }> {
  const { identity: seed, base } = value(await incubator.seed('idea-notes-0123'));
  const mirrors = gitMirrors({ ...options(), folder: path.join(home, '.clone') });
  const mirror = value(await mirrors.sync(seed));
  expect(mirror.tip).toBe(base);
  const workspace = value(await mirror.openWorkspace('notes-1', base));
  expect(await readdir(workspace.folder)).toEqual(['.git']);
  writeFileSync(path.join(workspace.folder, 'README.md'), '# Notes\n');
  const { tree } = value(await workspace.snapshot(base));
  const sha = value(await incubator.firstCommit(seed, tree, 'Begin\n'));
  await mirror.keep('refs/clone/accepted/notes-1', sha);
  await workspace.remove();
  return { seed, base, sha };
}

describe('what is found at the path of an idea', () => {
  it.each<[what: string, make: (at: string) => void, place: unknown]>([
    ['nothing', () => undefined, { is: 'nothing' }],
    [
      'an empty folder',
      (at) => {
        mkdirSync(at);
      },
      { is: 'empty-folder' },
    ],
    ['a repository', (at) => git(code, 'init', '--quiet', at), { is: 'repository' }],
    [
      'a folder with a file',
      (at) => {
        mkdirSync(at);
        writeFileSync(path.join(at, '.letter'), '');
      },
      { is: 'files', first: '.letter' },
    ],
    [
      'a file',
      (at) => {
        writeFileSync(at, '');
      },
      { is: 'no-folder' },
    ],
    [
      'a link that leads nowhere',
      (at) => {
        symlinkSync('/nowhere', at);
      },
      { is: 'no-folder' },
    ],
    [
      'a link to an empty folder',
      (at) => {
        mkdirSync(path.join(folder, 'elsewhere'));
        symlinkSync(path.join(folder, 'elsewhere'), at);
      },
      { is: 'no-folder' },
    ],
  ])('is told: %s', async (_what, make, place) => {
    make(path.join(code, 'notes'));
    expect(await incubator.lookAt(path.join(code, 'notes'))).toEqual({ place, neighbour: undefined });
  });

  it('has a neighbour when a name differs by case only', async () => {
    mkdirSync(path.join(code, 'Notes'));
    expect(await incubator.lookAt(path.join(code, 'notes'))).toMatchObject({ neighbour: 'Notes' });
  });

  it('is made when nothing is there, and left when it is empty', async () => {
    const at = path.join(code, 'notes');
    expect(await incubator.makeFolder(at)).toMatchObject({ ok: true });
    expect(await incubator.makeFolder(at)).toMatchObject({ ok: true });
    writeFileSync(path.join(at, 'mine'), '');
    expect(await incubator.makeFolder(at)).toMatchObject({ ok: false });
    expect(await incubator.makeFolder(path.join(code, 'no', 'such'))).toMatchObject({
      ok: false,
      failure: 'the folder above it is gone',
    });
  });
});

it.each([
  ['code_root: /code\n', '/code'],
  ['code_root: ../code\n', 'code'],
  ['{"code_root": "~/code", "repos": []}', path.join(os.homedir(), 'code')],
  ['repos: []\n', undefined],
  ['code_root: [\n', undefined],
])('reads the code_root of repos.yaml: %j', async (text, wanted) => {
  writeFileSync(path.join(home, 'repos.yaml'), text);
  const there = wanted === undefined || path.isAbsolute(wanted) ? wanted : path.join(folder, wanted);
  expect(await incubator.codeRoot()).toBe(there);
});

it('has the same seed in every process', async () => {
  const one = value(await incubator.seed('idea-notes-0123'));
  await incubator.clear('idea-notes-0123');
  expect(value(await incubator.seed('idea-notes-0123'))).toEqual(one);
  expect(value(await diskIncubator(options()).seed('idea-notes-0123'))).toEqual(one);
  await expect(incubator.seed('../x')).rejects.toThrow('not a key');
});

describe('the repository of an idea', () => {
  const at = (): string => path.join(code, 'notes');
  const staging = (): string => path.join(code, '.notes.clone-abc');

  it('is one commit without a parent, clean, with nobody’s hooks', async () => {
    const { seed, sha } = await firstCommit();
    mkdirSync(at());
    value(await incubator.plant({ seed, sha, path: at(), staging: staging() }));
    expect(git(at(), 'log', '--format=%H %P%n%an <%ae>%n%s')).toBe(
      `${sha} \nClone <clone@example.test>\nBegin`,
    );
    expect(git(at(), 'symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    expect(git(at(), 'status', '--porcelain')).toBe('');
    expect(git(at(), 'fsck')).toBe('');
    expect(await readFile(path.join(at(), 'README.md'), 'utf8')).toBe('# Notes\n');
    expect(await readdir(code)).toEqual(['notes']);
  });

  it('is made once, also when an earlier try left its folder behind, and may have grown since', async () => {
    const { seed, sha } = await firstCommit();
    mkdirSync(path.join(staging(), '.git'), { recursive: true });
    for (let time = 0; time < 2; time++)
      value(await incubator.plant({ seed, sha, path: at(), staging: staging() }));
    git(
      at(),
      '-c',
      'user.name=Me',
      '-c',
      'user.email=me@x',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      'Mine',
    );
    const mine = git(at(), 'rev-parse', 'HEAD');
    value(await incubator.plant({ seed, sha, path: at(), staging: staging() }));
    expect(git(at(), 'rev-parse', 'HEAD')).toBe(mine);
    expect(await readdir(code)).toEqual(['notes']);
  });

  it.each<[what: string, make: () => void]>([
    [
      'files of somebody else',
      () => {
        mkdirSync(at());
        writeFileSync(path.join(at(), 'mine'), 'mine');
      },
    ],
    ['a repository of somebody else', () => git(code, 'init', '--quiet', at())],
    [
      'a file',
      () => {
        writeFileSync(at(), 'mine');
      },
    ],
  ])('never takes the place of %s', async (_what, make) => {
    const { seed, sha } = await firstCommit();
    make();
    const before = await readdir(code, { recursive: true });
    const planted = await incubator.plant({ seed, sha, path: at(), staging: staging() });
    expect(planted).toMatchObject({ ok: false, failure: { kind: 'in-the-way' } });
    expect((await readdir(code, { recursive: true })).sort()).toEqual(before.sort());
  });

  it('is pushed as the first of main and connected, twice as once', async () => {
    const { seed, sha } = await firstCommit();
    value(await incubator.plant({ seed, sha, path: at(), staging: staging() }));
    const remote = path.join(folder, 'remote.git');
    git(folder, 'init', '--quiet', '--bare', remote);
    for (let time = 0; time < 2; time++) {
      value(await incubator.pushFirst(seed, remote, sha));
      value(await incubator.connect(at(), remote, sha));
    }
    expect(git(remote, 'rev-parse', 'refs/heads/main')).toBe(sha);
    expect(git(at(), 'status', '--short', '--branch')).toBe('## main...origin/main');
    expect(git(at(), 'config', '--get-all', 'remote.origin.fetch')).toBe(
      '+refs/heads/*:refs/remotes/origin/*',
    );
    expect(git(at(), 'symbolic-ref', 'refs/remotes/origin/HEAD')).toBe('refs/remotes/origin/main');
    const other = await incubator.connect(at(), path.join(folder, 'other.git'), sha);
    expect(other).toMatchObject({ ok: false, failure: { kind: 'in-the-way' } });
  });

  it('is not pushed over somebody else’s main', async () => {
    const { seed, sha } = await firstCommit();
    const remote = path.join(folder, 'remote.git');
    git(folder, 'init', '--quiet', '--bare', remote);
    const tree = git(remote, 'mktree');
    const env = ['-c', 'user.name=Me', '-c', 'user.email=me@x'];
    const theirs = git(remote, ...env, 'commit-tree', tree, '-m', 'Theirs');
    git(remote, 'update-ref', 'refs/heads/main', theirs);
    expect(await incubator.pushFirst(seed, remote, sha)).toMatchObject({
      ok: false,
      failure: { kind: 'moved' },
    });
    expect(git(remote, 'rev-parse', 'refs/heads/main')).toBe(theirs);
  });
});
