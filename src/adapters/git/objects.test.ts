import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { amendTree } from './amend-tree.ts';
import { commitText, subjectOf, wholeLines, withoutCrud } from './commit-object.ts';
import { compareTrees } from './compare-trees.ts';
import { readWholeIndex } from './index-file.ts';
import { looseObjects } from './loose-objects.ts';
import { type TestRepositories, testRepositories } from './test-repositories.ts';
import { writeTrees } from './write-trees.ts';

const formats = ['sha1', 'sha256'] as const;

function repositoryOf(repos: TestRepositories, format: (typeof formats)[number]): string {
  const folder = path.join(repos.folder, format);
  repos.git(repos.folder, 'init', '-q', `--object-format=${format}`, '-b', 'main', folder);
  return folder;
}

describe.each(formats)('in a repository of %s,', (format) => {
  const hashBytes = format === 'sha1' ? 20 : 32;

  it('trees are those that git writes, and git finds them sound', async () => {
    await using repos = await testRepositories();
    const folder = repositoryOf(repos, format);
    for (const name of ['a.b', 'a/x/deep', 'a/y', 'a-b/c', 'a0', 'ä/ö', 'b/c/d/e/f', 'b/c/d.e']) {
      repos.write(path.join(folder, name), `in ${name}\n`);
    }
    symlinkSync('a.b', path.join(folder, 'link'));
    repos.git(folder, 'add', '-A');
    repos.git(folder, 'update-index', '--chmod=+x', 'a0');
    const index = readWholeIndex(path.join(folder, '.git/index'), hashBytes);
    const objects = looseObjects(path.join(folder, '.git'), format === 'sha256');
    const ours = index && writeTrees(objects, index);
    expect(repos.git(folder, 'ls-tree', '-r', ours ?? '')).toContain('a/x/deep');
    expect(repos.git(folder, 'write-tree')).toBe(ours);
    expect(repos.git(folder, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('a tree with other files in it is the one that `git add` makes of them', async () => {
    await using repos = await testRepositories();
    const folder = repositoryOf(repos, format);
    for (const name of ['AGENTS.md', 'a/b', 'a.b', 'run', 'ä']) repos.write(path.join(folder, name), '1\n');
    repos.git(folder, 'add', '-A');
    repos.git(folder, 'update-index', '--chmod=+x', 'run');
    const before = repos.git(folder, 'write-tree');
    const files = new Map([
      ['AGENTS.md', 'new\r\nlines\n'],
      ['run', 'it\n'],
      ['a', 'is a folder'],
      ['.archive/one.md', 'ö\n'],
      ['.archive/two.md', ''],
      ['a-z.md', 'between\n'],
    ]);
    const objects = looseObjects(path.join(folder, '.git'), format === 'sha256');
    expect(amendTree(objects, before, files), 'a folder stands where a file should').toBeUndefined();
    files.delete('a');
    const ours = amendTree(objects, before, files);
    for (const [name, text] of files) repos.write(path.join(folder, name), text);
    repos.git(folder, 'config', 'core.fileMode', 'false');
    repos.git(folder, 'add', '-A');
    expect(ours).toBe(repos.git(folder, 'write-tree'));
    expect(repos.git(folder, 'ls-tree', ours ?? '', 'run')).toContain('100755');
    expect(repos.git(folder, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  it.each<[when: string, there: Record<string, string>, files: Record<string, string>, known: boolean]>([
    ['a new file where rules may ignore it', { '.gitignore': 'x' }, { 'new.md': '1' }, false],
    ['a known file where rules may ignore it', { '.gitignore': 'old.md' }, { 'old.md': '1' }, true],
    ['a new file in a folder where rules may ignore it', { '.gitignore': 'x' }, { 'n/new.md': '1' }, false],
    ['any file where attributes may change it', { '.gitattributes': '* text' }, { 'old.md': '1' }, false],
  ])("is git's to add or ours: %s", async (_when, there, files, known) => {
    await using repos = await testRepositories();
    const folder = repositoryOf(repos, format);
    repos.write(path.join(folder, 'old.md'), '0');
    repos.git(folder, 'add', '-A');
    for (const [name, text] of Object.entries(there)) repos.write(path.join(folder, name), text);
    repos.git(folder, 'add', '-A');
    const objects = looseObjects(path.join(folder, '.git'), format === 'sha256');
    const ours = amendTree(objects, repos.git(folder, 'write-tree'), new Map(Object.entries(files)));
    expect(ours !== undefined).toBe(known);
  });

  it('of a tree that does not lie loose nothing is said', async () => {
    await using repos = await testRepositories();
    const folder = repositoryOf(repos, format);
    repos.commitAs(folder, 'a', '1\n');
    repos.git(folder, 'repack', '-adq');
    const objects = looseObjects(path.join(folder, '.git'), format === 'sha256');
    const tree = repos.git(folder, 'rev-parse', 'HEAD^{tree}');
    expect(amendTree(objects, tree, new Map([['b', '2\n']]))).toBeUndefined();
  });

  it('trees that git has left in the index are taken from there', async () => {
    await using repos = await testRepositories();
    const folder = repositoryOf(repos, format);
    repos.write(path.join(folder, 'a/b/c'), '1\n');
    repos.write(path.join(folder, 'd/e'), '1\n');
    // What is as old as the index is read again, and its tree forgotten.
    const long = new Date(Date.now() - 3_600_000);
    for (const name of ['a/b/c', 'd/e']) utimesSync(path.join(folder, name), long, long);
    repos.git(folder, 'add', '-A');
    const whole = repos.git(folder, 'write-tree');
    const file = path.join(folder, '.git/index');
    expect(readWholeIndex(file, hashBytes)?.trees).toEqual(
      new Map([
        ['', whole],
        ['a', repos.git(folder, 'rev-parse', `${whole}:a`)],
        ['a/b', repos.git(folder, 'rev-parse', `${whole}:a/b`)],
        ['d', repos.git(folder, 'rev-parse', `${whole}:d`)],
      ]),
    );
    repos.write(path.join(folder, 'd/e'), '2\n');
    repos.git(folder, 'add', '-A');
    const changed = readWholeIndex(file, hashBytes);
    expect([...(changed?.trees.keys() ?? [])]).toEqual(['a', 'a/b']);
    const ours = changed && writeTrees(looseObjects(path.join(folder, '.git'), format === 'sha256'), changed);
    expect(ours).toBe(repos.git(folder, 'write-tree'));
  });

  it.each(['work', 'work\n', 'work\n\nand why\n', '\n\n  first\nsecond \n \nbody', ''])(
    'a commit with the message %j is what git would make of it',
    async (message) => {
      await using repos = await testRepositories();
      const folder = repositoryOf(repos, format);
      const objects = looseObjects(path.join(folder, '.git'), format === 'sha256');
      const tree = objects.write('tree', Buffer.alloc(0));
      const at = new Date(1_700_000_000_000);
      const author = { name: ' Clone, <Engineer>. ', email: 'clone@example.org' };
      const parent = objects.write(
        'commit',
        commitText({ tree, parent: tree, message: 'x', author }, at) ?? Buffer.alloc(0),
      );
      const text = commitText({ tree, parent, message, author }, at);
      const sha = objects.write('commit', text ?? Buffer.alloc(0));
      const show = (format: string): string => repos.git(folder, 'log', '-1', '--no-walk', format, sha);
      expect(show('--format=%an <%ae>|%cn|%at')).toBe(
        'Clone, Engineer <clone@example.org>|Clone, Engineer|1700000000',
      );
      expect(show('--format=%P|%T')).toBe(`${parent}|${tree}`);
      expect(`[${subjectOf(message)}]`).toBe(show('--format=[%s]'));
      expect(repos.git(folder, 'cat-file', '-p', sha).split('\n\n').slice(1).join('\n\n').trim()).toBe(
        wholeLines(message).trim(),
      );
    },
  );
});

describe('two trees', () => {
  const treeOf = (repos: TestRepositories): string => {
    repos.git(repos.user, 'add', '-A');
    return repos.git(repos.user, 'write-tree');
  };

  it('differ in the files that git names, whatever became a folder or a file', async () => {
    await using repos = await testRepositories();
    const at = (name: string): string => path.join(repos.user, name);
    for (const name of ['same/a', 'was-folder/a', 'was-folder/b', 'was-file', 'ä/ö'])
      repos.write(at(name), '1\n');
    const from = treeOf(repos);
    rmSync(at('was-folder'), { recursive: true });
    rmSync(at('was-file'));
    for (const name of ['was-folder', 'was-file/c/d', 'ä/ö', 'new']) repos.write(at(name), '2\n');
    chmodSync(at('same/a'), 0o755);
    const to = treeOf(repos);
    const objects = looseObjects(at('.git'), false);
    const ours = compareTrees(objects, from, to)?.map(
      ({ kind, id, path: name }) =>
        `${kind.charAt(0).toUpperCase()} ${id ?? '0'.repeat(40)} ${Buffer.from(name, 'latin1').toString()}`,
    );
    const theirs = repos
      .git(repos.user, '-c', 'core.quotePath=false', 'diff-tree', '-r', '--no-abbrev', from, to)
      .split('\n')
      .map((line) => line.split(/[ \t]/))
      .map(([, , , id = '', letter = '', name = '']) => `${letter.replace('M', 'C')} ${id} ${name}`);
    expect(ours?.toSorted()).toEqual(theirs.toSorted());
    expect(compareTrees(objects, from, from)).toEqual([]);
  });

  it('are for git to compare when they are packed', async () => {
    await using repos = await testRepositories();
    const from = repos.git(repos.user, 'rev-parse', 'HEAD^{tree}');
    repos.git(repos.user, 'gc', '-q');
    repos.write(path.join(repos.user, 'n'), 'x');
    expect(
      compareTrees(looseObjects(path.join(repos.user, '.git'), false), from, treeOf(repos)),
    ).toBeUndefined();
  });
});

describe('an object', () => {
  it('is read as it was written, and only as what it is', async () => {
    await using repos = await testRepositories();
    const objects = looseObjects(path.join(repos.user, '.git'), false);
    const head = repos.git(repos.user, 'rev-parse', 'HEAD');
    const tree = repos.git(repos.user, 'rev-parse', 'HEAD^{tree}');
    expect(objects.read('commit', head)?.toString()).toContain(`tree ${tree}\n`);
    expect(objects.read('tree', head)).toBeUndefined();
    expect(objects.read('commit', '0'.repeat(40))).toBeUndefined();
    repos.git(repos.user, 'gc', '-q');
    expect(objects.read('commit', head)).toBeUndefined();
  });

  it('that is there already stays as it is', async () => {
    await using repos = await testRepositories();
    const objects = looseObjects(path.join(repos.user, '.git'), false);
    const id = objects.write('tree', Buffer.alloc(0));
    const before = readFileSync(objects.fileOf(id));
    expect(objects.write('tree', Buffer.alloc(0))).toBe(id);
    expect(readFileSync(objects.fileOf(id))).toEqual(before);
    expect(existsSync(objects.fileOf(id))).toBe(true);
  });
});

describe('a tree is for git to write', () => {
  it.each<[what: string, prepare: (repos: TestRepositories) => void]>([
    [
      'when the index is in conflict',
      (repos) => {
        repos.git(repos.user, 'checkout', '-q', '-b', 'side');
        repos.commitAs(repos.user, 'f', 'side\n');
        repos.git(repos.user, 'checkout', '-q', 'main');
        repos.commitAs(repos.user, 'f', 'main\n');
        expect(() => repos.git(repos.user, 'merge', 'side')).toThrow();
      },
    ],
    [
      'when something is promised only',
      (repos) => {
        repos.write(path.join(repos.user, 'later'), 'x');
        repos.git(repos.user, 'add', '--intent-to-add', 'later');
      },
    ],
    ['when the index is split', (repos) => repos.git(repos.user, 'update-index', '--split-index')],
  ])('%s', async (_what, prepare) => {
    await using repos = await testRepositories();
    prepare(repos);
    const index = readWholeIndex(path.join(repos.user, '.git/index'));
    expect(index).toBeDefined();
    expect(index && writeTrees(looseObjects(path.join(repos.user, '.git'), false), index)).toBeUndefined();
  });
});

describe('a commit is for git to refuse', () => {
  const commit = { tree: 'a'.repeat(40), parent: 'b'.repeat(40) };
  it.each([
    ['with a NUL in its message', { ...commit, message: 'a\0b', author: { name: 'A', email: 'a@b' } }],
    ['by nobody', { ...commit, message: 'a', author: { name: ' <>., ', email: 'a@b' } }],
  ])('%s', (_what, order) => {
    expect(commitText(order, new Date())).toBeUndefined();
  });

  it('but a strange name is made harmless', () => {
    expect(withoutCrud('"A\nB" <x>;')).toBe('AB" x');
  });
});
