import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestRepositories } from './test-repositories.ts';
import { must, mustFail, ours, testRepositories } from './test-repositories.ts';

describe('rebasing', () => {
  it('puts our commits on what a person pushed, keeping author, date and message', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const first = await repos.deliver(workspace, base, { a: 'a' });
    const second = await repos.deliver(workspace, first, { b: 'b' });
    const tip = theirs(repos, 'theirs', 'x');
    must(await mirror.refresh());
    const pairs = must(await mirror.rebase(base, second, tip));
    expect(pairs.map(({ old }) => old)).toEqual([first, second]);
    const last = pairs.at(-1)!.now;
    expect(await mirror.contains(last, tip)).toBe(true);
    expect(await mirror.list(last, '')).toEqual(['.gitignore', 'README.md', 'a', 'b', 'src', 'theirs']);
    const told = must(await mirror.commits(tip, last));
    expect(told.map(({ message }) => message)).toEqual(['work on a\n', 'work on b\n']);
    const [before, after] = [first, pairs[0]!.now].map((sha) =>
      repos.git(
        path.join(repos.home, 'mirrors', `${mirror.identity.key}.git`),
        'log',
        '-1',
        '--format=%an %ae %ad',
        sha,
      ),
    );
    expect(after).toBe(before);
    must(await workspace.resetTo(last));
    expect(must(await mirror.land(last, tip))).toEqual({ mode: 'push' });
  });

  it('drops a commit that a person has made as well', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const first = await repos.deliver(workspace, base, { same: 'same' });
    const second = await repos.deliver(workspace, first, { b: 'b' });
    const tip = theirs(repos, 'same', 'same');
    must(await mirror.refresh());
    expect(must(await mirror.rebase(base, second, tip)).map(({ old }) => old)).toEqual([second]);
  });

  it('never ends in conflict markers (A1): it names the files and changes nothing', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { 'src/code.txt': 'one\nours\nthree\n', n: 'x' });
    const tip = theirs(repos, 'src/code.txt', 'one\ntheirs\nthree\n');
    expect(mustFail(await mirror.land(sha, base)).kind).toBe('moved');
    must(await mirror.refresh());
    const failure = mustFail(await mirror.rebase(base, sha, tip));
    expect(failure).toMatchObject({ kind: 'conflict', paths: ['src/code.txt'] });
    expect(must(await workspace.snapshot(sha)).changed).toBe(false);
    expect(repos.git(repos.remote, 'rev-parse', 'main')).toBe(tip);
    expect(repos.git(repos.remote, 'show', 'main:src/code.txt')).toBe('one\ntheirs\nthree');
  });
});

function theirs(repos: TestRepositories, name: string, text: string): string {
  const other = repos.colleague();
  const sha = repos.commitAs(other, name, text);
  repos.git(other, 'push', '-q', 'origin', 'main');
  return sha;
}

describe('taking back', () => {
  it('undoes commits newest first, each with its message, and leaves what came between', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const first = await repos.deliver(workspace, base, { a: 'a', 'src/code.txt': 'one\nTWO\nthree\n' });
    const second = await repos.deliver(workspace, first, { 'src/code.txt': 'one\nTwo!\nthree\n' });
    must(await mirror.land(second, base));
    const tip = theirs(repos, 'theirs', 'x');
    must(await mirror.refresh());
    const undone = must(await mirror.revert([second, first], tip, (sha) => `take back ${sha}\n`));
    expect(await mirror.readFile(undone, 'src/code.txt')).toBe('one\ntwo\nthree\n');
    expect(await mirror.readFile(undone, 'a')).toBeUndefined();
    expect(await mirror.readFile(undone, 'theirs')).toBe('x');
    const told = must(await mirror.commits(tip, undone));
    expect(told.map(({ subject }) => subject)).toEqual([`take back ${second}`, `take back ${first}`]);
    expect(told[0]!.author).toBe(`${ours.name} <${ours.email}>`);
  });

  it('is no commit when it was taken back already', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { a: 'a' });
    const undone = must(await mirror.revert([sha], sha, () => 'undo'));
    expect(must(await mirror.change(base, undone)).files).toEqual([]);
    expect(must(await mirror.revert([sha], undone, () => 'undo again'))).toBe(undone);
  });

  it('never leaves a repository without a single file', async () => {
    await using repos = await testRepositories();
    const { mirror, base } = await repos.open();
    const failure = mustFail(await mirror.revert([base], base, () => 'undo'));
    expect(failure.message).toBe('taking it back would leave a repository without a single file');
  });

  it('stops where people have changed the same lines', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { 'src/code.txt': 'one\nours\nthree\n' });
    must(await mirror.land(sha, base));
    const tip = theirs(repos, 'src/code.txt', 'one\nours, improved\nthree\n');
    must(await mirror.refresh());
    const failure = mustFail(await mirror.revert([sha], tip, () => 'undo'));
    expect(failure).toMatchObject({ kind: 'conflict', paths: ['src/code.txt'] });
  });
});
