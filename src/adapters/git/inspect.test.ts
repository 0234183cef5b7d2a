import { chmodSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { must, testRepositories } from './test-repositories.ts';

describe('what was done to the files', () => {
  it('is told file by file, with names as they are', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const at = (name: string): string => path.join(workspace.folder, name);
    const start = await repos.deliver(workspace, base, {
      'long.txt': 'a\n'.repeat(50),
      gone: '1\n2\n',
      kind: 'x',
      mode: 'x',
    });
    renameSync(at('long.txt'), at('moved "odd"\n.txt'));
    unlinkSync(at('gone'));
    rmSync(at('kind'));
    symlinkSync('elsewhere', at('kind'));
    chmodSync(at('mode'), 0o755);
    const end = await repos.deliver(workspace, start, { bin: 'a\0b', 'README.md': '# a repository\nmore\n' });
    const { files } = must(await mirror.change(start, end));
    expect([...files].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: 'README.md', oldPath: undefined, status: 'modified', added: 1, deleted: 0 },
      { path: 'bin', oldPath: undefined, status: 'added', added: undefined, deleted: undefined },
      { path: 'gone', oldPath: undefined, status: 'deleted', added: 0, deleted: 2 },
      { path: 'kind', oldPath: undefined, status: 'type-changed', added: 1, deleted: 1 },
      { path: 'mode', oldPath: undefined, status: 'modified', added: 0, deleted: 0 },
      { path: 'moved "odd"\n.txt', oldPath: 'long.txt', status: 'renamed', added: 0, deleted: 0 },
    ]);
    expect(must(await mirror.change(end, end)).files).toEqual([]);
  });

  it('is cut as a diff where we stop reading', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { big: 'line\n'.repeat(200_000) });
    expect(must(await mirror.diff(base, sha, 10_000_000))).toContain('+line');
    expect(must(await mirror.diff(base, sha, 500))).toHaveLength(500);
  });
});

describe('the commits of a range', () => {
  it('come oldest first, whatever their messages pretend', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    repos.write(path.join(workspace.folder, 'a'), 'x');
    repos.write(path.join(workspace.folder, 'b'), 'x');
    const { tree } = must(await workspace.snapshot(base));
    const message = `subject\n\n${base}\ncommit ${base}\n\u0001\u0002 fake\n`;
    const first = must(await workspace.commit(tree, base, message));
    const second = await repos.deliver(workspace, first, { 'a file\nwith a line': 'x' });
    const told = must(await mirror.commits(base, second));
    expect(told.map(({ sha, files }) => ({ sha, files }))).toEqual([
      { sha: first, files: 2 },
      { sha: second, files: 1 },
    ]);
    expect(told[0]).toMatchObject({ subject: 'subject', message });
    expect(must(await mirror.commits(second, second))).toEqual([]);
  });

  it('say who follows whom', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { a: 'x' });
    expect(await mirror.contains(sha, base)).toBe(true);
    expect(await mirror.contains(base, sha)).toBe(false);
    const later = await repos.mirrors.existing(mirror.identity, base);
    expect(await later!.contains(sha, base)).toBe(true);
    expect(await later!.contains(sha, '3'.repeat(40))).toBe(false);
  });
});

describe('files at a commit', () => {
  it('are read and listed without a checkout', async () => {
    await using repos = await testRepositories();
    const mirror = await repos.sync();
    expect(await mirror.readFile(mirror.tip, 'src/code.txt')).toBe('one\ntwo\nthree\n');
    expect(await mirror.readFile(mirror.tip, 'src/code.txt', 3)).toBeUndefined();
    expect(await mirror.readFile(mirror.tip, 'src')).toBeUndefined();
    expect(await mirror.readFile(mirror.tip, 'nothing')).toBeUndefined();
    expect(await mirror.list(mirror.tip, '')).toEqual(['.gitignore', 'README.md', 'src']);
    expect(await mirror.list(mirror.tip, 'src/')).toEqual(['src/code.txt']);
    expect(await mirror.list(mirror.tip, 'nothing')).toEqual([]);
  });

  it('are kept under a ref of ours, and only there', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { a: 'x' });
    await mirror.keep('refs/clone/salvage/s1/t1', sha);
    const bare = path.join(repos.home, 'mirrors', `${mirror.identity.key}.git`);
    expect(repos.git(bare, 'rev-parse', 'refs/clone/salvage/s1/t1')).toBe(sha);
    await expect(mirror.keep('refs/heads/main', sha)).rejects.toThrow('refs/clone/');
    await expect(mirror.keep('refs/clone/../heads/main', sha)).rejects.toThrow('not a ref');
  });
});
