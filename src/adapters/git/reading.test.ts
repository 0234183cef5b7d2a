import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './config-file.ts';
import { explainRemote } from './explain.ts';
import { readIndex } from './index-file.ts';
import { isSafeRef } from './ref-files.ts';
import { parseRemote } from './remote-url.ts';
import { testRepositories } from './test-repositories.ts';

describe('a configuration file', () => {
  it('is read as git reads it', async () => {
    await using repos = await testRepositories();
    const text = [
      '; a comment',
      '[Core] Bare = false # said so',
      '[remote "Ori\\"gin"]',
      '\turl = "https://example.org/a b;c" ; quoted',
      '\tfetch = +refs/heads/*:refs/remotes/origin/*   ',
      '\tfetch = second',
      '\tlong = one \\',
      'two',
      '\tescaped = a\\tb\\\\c\\"d',
      '\tflag',
      '[a.b] c = d',
      '',
    ].join('\n');
    const file = path.join(repos.folder, 'config');
    repos.write(file, text);
    const expected = new Map<string, string[]>();
    for (const entry of repos.git(repos.folder, 'config', '-z', '--file', file, '--list').split('\0')) {
      const [key = '', value = 'true'] = entry.split('\n');
      if (key !== '') expected.set(key, [...(expected.get(key) ?? []), value]);
    }
    expect(parseConfig(text)).toEqual(expected);
    expect(expected.size).toBe(7);
  });
});

describe('an index', () => {
  it('tells its tree and its submodules without git', async () => {
    await using repos = await testRepositories();
    const sha = repos.git(repos.user, 'rev-parse', 'HEAD');
    for (let n = 0; n < 20; n += 1)
      repos.write(path.join(repos.user, 'd'.repeat(n + 1), 'f'.repeat(n + 1)), 'x');
    repos.git(repos.user, 'add', '-A');
    repos.git(repos.user, 'update-index', '--add', '--cacheinfo', `160000,${sha},lib/ä`);
    const file = path.join(repos.user, '.git/index');
    expect(readIndex(file)).toEqual({ gitlinks: ['lib/ä'], files: [], tree: undefined });
    const tree = repos.git(repos.user, 'write-tree');
    expect(readIndex(file, 20, ['d/f', 'lib/ä', 'no'])).toEqual({
      gitlinks: ['lib/ä'],
      files: ['d/f'],
      tree,
    });
    expect(readIndex(path.join(repos.user, 'nothing'))).toEqual({
      gitlinks: [],
      files: [],
      tree: undefined,
    });
  });
});

describe('the URL of a remote', () => {
  it.each<[raw: string, transport: string, shown: string, url: string, secret: string | undefined]>([
    [
      'https://github.com/o/r.git',
      'http',
      'https://github.com/o/r.git',
      'https://github.com/o/r.git',
      undefined,
    ],
    ['https://u:p%40ss@h/o/r', 'http', 'https://h/o/r', 'https://h/o/r', 'u:p@ss'],
    ['https://ghp_abc@h/o/r', 'http', 'https://h/o/r', 'https://h/o/r', 'ghp_abc:'],
    ['https://me@h/o/r', 'http', 'https://h/o/r', 'https://me@h/o/r', undefined],
    ['git@github.com:o/r.git', 'ssh', 'github.com:o/r.git', 'git@github.com:o/r.git', undefined],
    ['ssh://git@h:22/o/r', 'ssh', 'ssh://h:22/o/r', 'ssh://git@h:22/o/r', undefined],
    ['../r.git', 'local', '/w/r.git', '/w/r.git', undefined],
    ['/srv/r.git', 'local', '/srv/r.git', '/srv/r.git', undefined],
    ['file:///srv/r.git', 'local', 'file:///srv/r.git', 'file:///srv/r.git', undefined],
    ['ext::sh -c x', 'other', 'ext::sh -c x', 'ext::sh -c x', undefined],
  ])('%s is understood', (raw, transport, shown, url, secret) => {
    expect(parseRemote(raw, '/w/repo')).toEqual({ transport, shown, url, secret });
  });
});

describe('what git says about a remote', () => {
  it.each<[said: string, kind: string]>([
    ["fatal: couldn't find remote ref refs/heads/x", 'no-such-branch'],
    ['remote: Invalid username or password.\nfatal: Authentication failed for ...', 'access'],
    ['fatal: unable to access ...: The requested URL returned error: 403', 'access'],
    ['fatal: could not read Username for ...: terminal prompts disabled', 'access'],
    ['git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'access'],
    ['ERROR: Repository not found.\nfatal: Could not read from remote repository.', 'access'],
    [
      'refusing to allow a PAT to create or update workflow `.github/x.yml` without `workflow` scope',
      'access',
    ],
    ['! [remote rejected] main -> main (protected branch hook declined)', 'access'],
    ['fatal: unable to access ...: Could not resolve host: github.com', 'unreachable'],
    ['fatal: unable to access ...: The requested URL returned error: 502', 'unreachable'],
    ['ssh: connect to host h port 22: Connection refused', 'unreachable'],
    ['fatal: the remote end hung up unexpectedly', 'unreachable'],
    ["fatal: '/srv/r.git' does not appear to be a git repository", 'unreachable'],
    ['error: unable to write file: No space left on device', 'git'],
  ])('%s', (said, kind) => {
    expect(explainRemote(said).kind).toBe(kind);
  });
});

describe('a ref that we would write', () => {
  it.each<[name: string, safe: boolean]>([
    ['refs/clone/sessions/s1', true],
    ['refs/heads/feature/ä-1', true],
    ['refs/heads/../main', false],
    ['refs/heads/.x', false],
    ['refs/heads/x.lock', false],
    ['refs/heads/x.', false],
    ['refs/heads//x', false],
    ['refs/heads/a b', false],
    ['refs/heads/a\nb', false],
    ['refs/heads/a@{1}', false],
    ['HEAD', false],
  ])('%s: %s', (name, safe) => {
    expect(isSafeRef(name)).toBe(safe);
  });
});
