import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskWorkplace } from './disk-workplace.ts';

async function place() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'clone-workplace-'));
  const [from, to] = [path.join(folder, 'user'), path.join(folder, 'workspaces/s1')];
  await mkdir(path.join(from, 'config'), { recursive: true });
  await mkdir(path.join(to, 'src'), { recursive: true });
  await writeFile(path.join(folder, 'secret'), 'outside');
  await writeFile(path.join(to, 'src/code.txt'), 'code');
  return {
    ...{ folder, from, to },
    workplace: diskWorkplace({ folder: path.join(folder, 'not/made/yet') }),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe('reading in a workspace', () => {
  it.each<[what: string, wanted: string, text: string | undefined]>([
    ['a file', 'src/code.txt', 'code'],
    ['a link that stays inside', 'inside', 'code'],
    ['a link that leads out', 'outside', undefined],
    ['a file behind a folder that leads out', 'way-out/secret', undefined],
    ['a path that leads out', '../../secret', undefined],
    ['an absolute path', '/etc/hostname', undefined],
    ['a folder', 'src', undefined],
    ['a pipe, without waiting for it', 'pipe', undefined],
    ['a link to itself', 'loop', undefined],
    ['what is not there', 'nothing', undefined],
    ['something over the limit', 'big', undefined],
  ])('%s', async (_what, wanted, text) => {
    await using at = await place();
    await symlink('src/code.txt', path.join(at.to, 'inside'));
    await symlink('../../secret', path.join(at.to, 'outside'));
    await symlink(at.folder, path.join(at.to, 'way-out'));
    await symlink('loop', path.join(at.to, 'loop'));
    await writeFile(path.join(at.to, 'big'), 'x'.repeat(101));
    execFileSync('sh', ['-c', 'mkfifo "$0"', path.join(at.to, 'pipe')]);
    expect(await at.workplace.readText(at.to, wanted, 100)).toBe(text);
  });

  it('lists names, and nothing outside', async () => {
    await using at = await place();
    await symlink(at.folder, path.join(at.to, 'way-out'));
    expect(await at.workplace.list(at.to, '')).toEqual(['src', 'way-out']);
    expect(await at.workplace.list(at.to, 'src')).toEqual(['code.txt']);
    expect(await at.workplace.list(at.to, 'way-out')).toEqual([]);
    expect(await at.workplace.list(at.to, 'nothing')).toEqual([]);
    expect(await at.workplace.list(at.to, 'src/code.txt')).toEqual([]);
  });

  it('shows the two ends of a log', async () => {
    await using at = await place();
    const log = path.join(at.folder, 'log');
    await writeFile(log, `begin${'x'.repeat(1000)}the end`);
    const ends = await at.workplace.readEnds(log, 14);
    expect(ends).toBe('beginxx\n… 998 bytes left out …\nthe end');
    expect(await at.workplace.readEnds(log, 5000)).toHaveLength(1012);
    expect(await at.workplace.readEnds(path.join(at.folder, 'nothing'), 10)).toBe('');
  });
});

describe('copying into a workspace', () => {
  it('brings files and folders, with their modes, and keeps them out of commits', async () => {
    await using at = await place();
    await writeFile(path.join(at.from, '.env'), 'KEY=1');
    await chmod(path.join(at.from, '.env'), 0o600);
    await writeFile(path.join(at.from, 'config/a [1].json'), '{}');
    expect(await at.workplace.copyInto(at.from, at.to, ['.env', 'config/', 'gone'])).toEqual(['gone']);
    expect(await readFile(path.join(at.to, '.env'), 'utf8')).toBe('KEY=1');
    expect((await stat(path.join(at.to, '.env'))).mode & 0o777).toBe(0o600);
    expect(await readFile(path.join(at.to, 'config/a [1].json'), 'utf8')).toBe('{}');
    expect(await readFile(`${at.to}.exclude`, 'utf8')).toBe('/.env\n/config/a\\ \\[1\\].json\n');
  });

  it('overwrites nothing that is there', async () => {
    await using at = await place();
    await mkdir(path.join(at.from, 'src'));
    await writeFile(path.join(at.from, 'src/code.txt'), 'half finished');
    expect(await at.workplace.copyInto(at.from, at.to, ['src/code.txt'])).toEqual([]);
    expect(await readFile(path.join(at.to, 'src/code.txt'), 'utf8')).toBe('code');
  });

  it.each(['../secret', '/etc/hostname', 'link', '.git/config', '.', ''])('refuses %j', async (wanted) => {
    await using at = await place();
    await mkdir(path.join(at.from, '.git'));
    await writeFile(path.join(at.from, '.git/config'), 'x');
    await symlink('../secret', path.join(at.from, 'link'));
    expect(await at.workplace.copyInto(at.from, at.to, [wanted])).toEqual([wanted]);
    expect(await at.workplace.list(at.to, '')).toEqual(['src']);
  });

  it('does not follow a link in the workspace to somewhere else', async () => {
    await using at = await place();
    await symlink(at.folder, path.join(at.to, 'config'));
    await writeFile(path.join(at.from, 'config/x'), 'x');
    expect(await at.workplace.copyInto(at.from, at.to, ['config/x'])).toEqual(['config/x']);
    await expect(stat(path.join(at.folder, 'x'))).rejects.toThrow('ENOENT');
  });
});

describe('free space', () => {
  it('is known even before the folder is made', async () => {
    await using at = await place();
    expect(await at.workplace.freeBytes()).toBeGreaterThan(0);
  });
});
