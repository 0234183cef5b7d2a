import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { humanPushes, mirrorGit, quickRun, type Seen, seenIn, turnsOf, works } from './ci-support.ts';
import {
  checkoutOf,
  eventsOf,
  expectClean,
  expectRun,
  remoteGit,
  remoteSubjects,
  repoFiles,
} from './support.ts';

describe('the repository on this machine', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let seen: Seen;
  const alone = ['alone', 'alone-elsewhere', 'alone-dirty'];
  const pushed = ['clean', 'dirty', 'untracked', 'in-the-way', 'other-branch', 'ahead', 'detached', 'tree'];

  const edit = (repo: string, file: string, text: string): Promise<void> =>
    writeFile(path.join(sandbox.checkout(repo), file), text);
  const git = (repo: string, ...args: string[]): Promise<string> =>
    sandbox.git(sandbox.checkout(repo), ...args);

  beforeAll(async () => {
    sandbox = await startSandbox({
      options: quickRun,
      repos: [
        ...alone.map((name) => ({ name, files: repoFiles(), remote: false })),
        ...pushed.map((name) => ({ name, files: repoFiles() })),
        { name: 'old', files: repoFiles(), branch: 'master', entry: { branch: undefined } },
        { name: 'twice', files: repoFiles() },
      ],
      scenarios: [...alone, ...pushed, 'old', 'twice', 'twice-linked'].map((name) =>
        works(name, { 'ours.txt': 'ours\n' }),
      ),
    });
    await git('alone-elsewhere', 'checkout', '--quiet', '-b', 'wip');
    await edit('alone-dirty', 'start.txt', 'half an edit\n');
    await edit('dirty', 'start.txt', 'half an edit\n');
    await edit('untracked', 'notes.md', 'mine\n');
    await edit('in-the-way', 'ours.txt', 'mine\n');
    await git('other-branch', 'checkout', '--quiet', '-b', 'wip');
    await edit('ahead', 'mine.txt', 'mine\n');
    await git('ahead', 'add', 'mine.txt');
    await git('ahead', 'commit', '--quiet', '--message', 'Not pushed yet');
    await git('detached', 'checkout', '--quiet', '--detach');
    await git('old', 'checkout', '--quiet', '-b', 'wip');
    await edit('old', 'secret.txt', 'not yours\n');
    await git('old', 'add', 'secret.txt');
    await git('old', 'commit', '--quiet', '--message', 'Private work');
    await edit('old', 'start.txt', 'half an edit\n');
    await git('tree', 'worktree', 'add', '--quiet', '-b', 'side', path.join(sandbox.code, 'tree-linked'));
    await symlink(sandbox.checkout('twice'), path.join(sandbox.code, 'twice-linked'));
    const file = path.join(sandbox.home, 'repos.yaml');
    const portfolio = parse(await readFile(file, 'utf8')) as { repos: Record<string, unknown>[] };
    const repos = portfolio.repos.map((entry) =>
      entry['name'] === 'tree' ? { ...entry, path: path.join(sandbox.code, 'tree-linked') } : entry,
    );
    const twin = { name: 'twice-linked', path: path.join(sandbox.code, 'twice-linked'), branch: 'main' };
    await writeFile(file, stringify({ ...portfolio, repos: [...repos, twin] }));
    run = await sandbox.clone(['run']);
    seen = seenIn(sandbox);
  }, 120_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('makes the run end with 4, without a bug showing and with nothing half-done left', async () => {
    expectRun(run, 4);
    await expectClean(sandbox);
  });

  describe('without a remote', () => {
    it('is fast-forwarded when it is clean and on the branch', async () => {
      const show = await seen.show('alone');
      expect([show.state, show.ci.state]).toEqual(['cleaned', 'not_watched']);
      expect(await checkoutOf(sandbox, 'alone')).toEqual({
        branch: 'main',
        head: show.landed_sha,
        status: '',
      });
    });

    it('gets its branch moved when that is not checked out', async () => {
      const show = await seen.show('alone-elsewhere');
      expect(show.state).toBe('cleaned');
      expect(await git('alone-elsewhere', 'rev-parse', 'main')).toBe(show.landed_sha);
      expect(await checkoutOf(sandbox, 'alone-elsewhere')).toMatchObject({ branch: 'wip', status: '' });
      expect(await git('alone-elsewhere', 'log', '--format=%s', 'wip')).toBe('First commit');
    });

    it('keeps an edit of its owner, and is left a branch for a person to take', async () => {
      const show = await seen.show('alone-dirty');
      expect([show.state, show.blocked_by]).toEqual(['blocked', 'human']);
      expect(show.why).toMatch(/not committed/);
      expect(await git('alone-dirty', 'log', '--format=%s', `clone/${show.session}`)).toBe(
        'Work on alone-dirty\nFirst commit',
      );
      expect(await git('alone-dirty', 'log', '--format=%s', 'main')).toBe('First commit');
      expect(await git('alone-dirty', 'status', '--porcelain')).toBe('M start.txt');
    });
  });

  describe('with a remote', () => {
    it.each([
      ['is fast-forwarded when it is clean', 'clean', /fast-forwarded/, ''],
      ['is fast-forwarded beside files that git does not know', 'untracked', /fast-forwarded/, '?? notes.md'],
    ])('%s', async (_what, repo, why, status) => {
      const show = await seen.show(repo);
      expect(show.checkout).toEqual({ moved: true, why: expect.stringMatching(why) as string });
      expect(await checkoutOf(sandbox, repo)).toEqual({ branch: 'main', head: show.landed_sha, status });
    });

    it.each([
      ['has an edit that is not committed', 'dirty', /not committed/, 'main', 'M start.txt', 'First commit'],
      ['has a file where ours would come', 'in-the-way', /ours\.txt/, 'main', '?? ours.txt', 'First commit'],
      ['is on another branch', 'other-branch', /on wip/, 'wip', '', 'First commit'],
      ['has a commit of its own', 'ahead', /commits of its own/, 'main', '', 'Not pushed yet\nFirst commit'],
    ])('is left alone when it %s, and that is said', async (_what, repo, why, branch, status, log) => {
      const show = await seen.show(repo);
      expect([show.state, show.checkout?.moved]).toEqual(['cleaned', false]);
      expect(show.checkout?.why).toMatch(why);
      expect(await remoteSubjects(sandbox, repo)).toEqual([`Work on ${repo}`, 'First commit']);
      expect(await checkoutOf(sandbox, repo)).toMatchObject({ branch, status });
      expect(await git(repo, 'log', '--format=%s')).toBe(log);
      expect((await sandbox.clone(['show', repo])).stdout).toMatch(why);
    });

    it('is left alone when it is on no branch', async () => {
      const show = await seen.show('detached');
      expect(show.checkout).toEqual({ moved: false, why: expect.stringMatching(/no branch/) as string });
      expect(await git('detached', 'log', '--format=%s', 'HEAD')).toBe('First commit');
      expect(await remoteSubjects(sandbox, 'detached')).toEqual(['Work on detached', 'First commit']);
    });

    it('lands on its own default branch, whatever is checked out and half done', async () => {
      const show = await seen.show('old');
      expect([show.state, show.target_branch]).toEqual(['cleaned', 'master']);
      expect(await remoteSubjects(sandbox, 'old', 'master')).toEqual(['Work on old', 'First commit']);
      expect(await remoteGit(sandbox, 'old', 'for-each-ref', '--format=%(refname)')).toBe(
        'refs/heads/master',
      );
      expect(await git('old', 'branch', '--format=%(refname:short)')).toBe('master\nwip');
      expect(await git('old', 'status', '--porcelain', '--branch')).toBe('## wip\n M start.txt');
      const all = await mirrorGit(sandbox, show, 'log', '--all', '--format=%s');
      expect(all).not.toContain('Private work');
    });

    it('may be a linked work tree', async () => {
      const show = await seen.show('tree');
      expect(show.state).toBe('cleaned');
      expect(await remoteSubjects(sandbox, 'tree')).toEqual(['Work on tree', 'First commit']);
      const linked = path.join(sandbox.code, 'tree-linked');
      expect(await sandbox.git(linked, 'status', '--porcelain', '--branch')).toBe('## side');
    });
  });

  it('is visited once when two paths lead to it', async () => {
    expect(turnsOf(sandbox, 'twice') + turnsOf(sandbox, 'twice-linked')).toBe(1);
    expect(await remoteGit(sandbox, 'twice', 'rev-list', '--count', 'HEAD')).toBe('2');
    const skipped = (await eventsOf(sandbox)).find(({ type }) => type === 'repos-skipped');
    expect(JSON.stringify(skipped)).toMatch(/the same repository as twice/);
  });

  it('is not touched when there is nothing of ours to bring', async () => {
    await humanPushes(sandbox, 'clean', { 'theirs.txt': 'theirs\n' });
    const before = await checkoutOf(sandbox, 'clean');
    await sandbox.clone(['run', '--dry-run']);
    expect(await checkoutOf(sandbox, 'clean')).toEqual(before);
  });
});
