import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskDiscovery } from './disk-discovery.ts';

let folder: string;
const discovery = diskDiscovery();
const files = ['CLONE_FEATURES.md', 'PROJECT_MEMORY.md'];

function git(at: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...identity, ...args], { cwd: at, env, encoding: 'utf8' }).trim();
}

async function repo(name: string): Promise<string> {
  const at = path.join(folder, name);
  await mkdir(at);
  git(at, 'init', '--quiet', '--initial-branch', 'main');
  git(at, 'commit', '--quiet', '--allow-empty', '--message', 'First');
  return at;
}

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'local-state-')));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the state of a repository', () => {
  it('is its branch here and as the remote had it', async () => {
    const at = await repo('a');
    git(at, 'remote', 'add', 'origin', 'https://me:secret@github.com/me/a.git');
    const first = git(at, 'rev-parse', 'HEAD');
    git(at, 'update-ref', 'refs/remotes/origin/main', first);
    git(at, 'commit', '--quiet', '--allow-empty', '--message', 'Second');
    git(at, 'pack-refs', '--all');
    const tip = git(at, 'rev-parse', 'HEAD');
    expect(await discovery.state(at, { branches: ['main'], files })).toMatchObject({
      gitDir: path.join(at, '.git'),
      branch: 'main',
      tip,
      tracked: first,
      remoteUrl: 'https://github.com/me/a.git',
      lastActive: expect.any(Number) as number,
      marks: {},
    });
  });

  it('is of the first branch that is there, else of the default one', async () => {
    const at = await repo('a');
    git(at, 'branch', 'trunk');
    const branchOf = async (...branches: readonly string[]) =>
      (await discovery.state(at, { branches, files }))?.branch;
    expect(await branchOf('gone', 'trunk', 'main')).toBe('trunk');
    expect(await branchOf('gone', '')).toBe('main');
    expect(await branchOf('../../etc')).toBe('main');
  });

  it('is nothing where no repository of its own is', async () => {
    await mkdir(path.join(folder, 'plain'));
    expect(await discovery.state(path.join(folder, 'plain'), { branches: [], files })).toBeUndefined();
    expect(await discovery.state(path.join(folder, 'none'), { branches: [], files })).toBeUndefined();
  });

  it('marks its files, so that a change shows without reading them', async () => {
    const at = await repo('a');
    const backlog = path.join(at, 'CLONE_FEATURES.md');
    const marks = async () => (await discovery.state(at, { branches: [], files }))?.marks ?? {};
    await writeFile(backlog, '- [ ] one\n');
    const before = await marks();
    expect(Object.keys(before)).toEqual(['CLONE_FEATURES.md']);
    expect(await marks()).toEqual(before);
    await appendFile(backlog, '- [ ] two\n');
    const longer = await marks();
    expect(longer).not.toEqual(before);
    await utimes(backlog, 1, 1);
    expect(await marks()).not.toEqual(longer);
  });

  it('reads the beginning of a plain file, and follows no link', async () => {
    const at = await repo('a');
    await writeFile(path.join(folder, 'secret'), 'secret');
    await writeFile(path.join(at, 'CLONE_FEATURES.md'), '- [ ] one\n');
    await symlink(path.join(folder, 'secret'), path.join(at, 'PROJECT_MEMORY.md'));
    expect(discovery.text(at, 'CLONE_FEATURES.md', 100)).toBe('- [ ] one\n');
    expect(discovery.text(at, 'CLONE_FEATURES.md', 5)).toBe('- [ ]');
    expect(discovery.text(at, 'PROJECT_MEMORY.md', 100)).toBeUndefined();
    expect(discovery.text(at, 'AGENTS.md', 100)).toBeUndefined();
    expect((await discovery.state(at, { branches: [], files }))?.marks).not.toHaveProperty(
      'PROJECT_MEMORY.md',
    );
  });
});
