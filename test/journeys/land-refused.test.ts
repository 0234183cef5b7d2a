import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { mirrorGit, pushesTo, quickRun, turnsOf, workflow, works } from './ci-support.ts';
import {
  checkoutOf,
  expectClean,
  expectRun,
  remoteGit,
  remoteSubjects,
  repoFiles,
  showJson,
  statusJson,
} from './support.ts';

describe('when the remote says no', () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    const names = [
      'protected',
      'fine',
      'held',
      'unknown-token',
      'read-only',
      'unseen',
      'no-scope',
      'no-token',
    ];
    sandbox = await startSandbox({
      options: quickRun,
      repos: [
        ...names.map((name) => ({
          name,
          files: repoFiles(),
          ...(name === 'protected' ? { protectedBranches: ['main'] } : {}),
          ...(name === 'held' ? { entry: { land: 'hold' } } : {}),
        })),
        { name: 'elsewhere', files: repoFiles(), remote: false },
      ],
      scenarios: [
        ...[...names, 'elsewhere']
          .filter((name) => name !== 'no-scope')
          .map((name) => works(name, { 'ours.txt': 'ours\n' })),
        works('no-scope', { '.github/workflows/new.yml': workflow({ Test: 'true' }) }),
      ],
    });
  });

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  const only = (...names: string[]): string[] => ['run', ...names.flatMap((name) => ['--repo', name])];

  describe('about one repository of three', () => {
    let run: CloneRun;
    let before: Awaited<ReturnType<typeof checkoutOf>>;

    beforeAll(async () => {
      before = await checkoutOf(sandbox, 'protected');
      run = await sandbox.clone(only('protected', 'fine', 'held'));
    }, 60_000);

    it('ends with 4, without a bug showing and with nothing half-done left', async () => {
      expectRun(run, 4);
      await expectClean(sandbox);
    });

    it('is blocked by access on a protected branch, in the words of the remote, with the work kept', async () => {
      const show = await showJson(sandbox, 'protected');
      expect([show.state, show.blocked_by]).toEqual(['blocked', 'access']);
      expect(show.why).toMatch(/GH006.*[Pp]rotected branch/s);
      expect(await remoteSubjects(sandbox, 'protected')).toEqual(['First commit']);
      expect(await remoteGit(sandbox, 'protected', 'for-each-ref', '--format=%(refname)')).toBe(
        'refs/heads/main',
      );
      const kept = show.salvage.find(({ ref }) => ref.endsWith('/unlanded'));
      expect(await mirrorGit(sandbox, show, 'show', `${kept?.ref ?? 'no ref'}:ours.txt`)).toBe('ours');
      expect(await checkoutOf(sandbox, 'protected')).toEqual(before);
      expect(pushesTo(sandbox, 'protected')).toBe(1);
    });

    it('goes on with the others', async () => {
      expect((await showJson(sandbox, 'fine')).state).toBe('cleaned');
      expect(await remoteSubjects(sandbox, 'fine')).toEqual(['Work on fine', 'First commit']);
    });

    it('pushes nothing of what a person wants to see first', async () => {
      const show = await showJson(sandbox, 'held');
      expect([show.state, show.blocked_by]).toEqual(['blocked', 'human']);
      expect(pushesTo(sandbox, 'held')).toBe(0);
      const ref = `refs/clone/accepted/${show.session}`;
      expect(await mirrorGit(sandbox, show, 'log', '--format=%s', ref)).toBe('Work on held\nFirst commit');
      const { needs_you: needs } = await statusJson(sandbox);
      expect(needs.find(({ repo }) => repo === 'held')).toMatchObject({
        session: show.session,
        what: 'human',
        hint: expect.stringContaining('review') as string,
      });
    });

    it('says in the status who needs a person', async () => {
      const { needs_you: needs, verdict } = await statusJson(sandbox);
      expect(needs.map(({ repo, what }) => [repo, what]).sort()).toEqual([
        ['held', 'human'],
        ['protected', 'access'],
      ]);
      expect(verdict.state).not.toBe('ok');
    });
  });

  describe('again and again', () => {
    it('is tried by every run, and the repository is not visited below its own work', async () => {
      const turns = turnsOf(sandbox, 'protected');
      const pushes = pushesTo(sandbox, 'protected');
      const { session } = await showJson(sandbox, 'protected');
      // As a run leaves it that dies while it lands.
      await mkdir(path.join(sandbox.home, '.clone/workspaces', `${session}-landing`));
      const run = await sandbox.clone(only('protected'));
      expectRun(run, 4);
      expect(run.stdout).toContain(`the work of ${session} waits to land`);
      expect(turnsOf(sandbox, 'protected')).toBe(turns);
      expect(pushesTo(sandbox, 'protected')).toBeGreaterThan(pushes);
      await expectClean(sandbox);
    }, 60_000);

    it('waits for a person as soon as the entry says `land: hold`', async () => {
      const file = path.join(sandbox.home, 'repos.yaml');
      const entries = await readFile(file, 'utf8');
      await writeFile(file, entries.replace('- name: protected\n', '- name: protected\n    land: hold\n'));
      const { session } = await showJson(sandbox, 'protected');
      // Once when that is found out, and in every run until a person decides.
      for (let tries = 0; tries < 2; tries += 1) {
        const run = await sandbox.clone(only('protected'));
        expectRun(run, 4);
        expect(run.stdout).toContain(`waits for you: clone review ${session}`);
      }
      expect((await sandbox.clone(['review'])).stdout).toContain(session);
    }, 60_000);
  });

  describe('to the token', () => {
    it('asks no agent when the token is not known', async () => {
      const run = await sandbox.clone(only('unknown-token'), { env: { GITHUB_TOKEN: 'ghp_nobody' } });
      expectRun(run, 4);
      const show = await showJson(sandbox, 'unknown-token');
      expect([show.state, show.blocked_by]).toEqual(['blocked', 'access']);
      expect(turnsOf(sandbox, 'unknown-token')).toBe(0);
      expect(`${run.stdout}${run.stderr}${JSON.stringify(show)}`).not.toContain('ghp_nobody');
    });

    it('ends with 4 in every run with such a token, also while the repository has its rest', async () => {
      for (let tries = 0; tries < 3; tries += 1) {
        const run = await sandbox.clone(only('unknown-token'), { env: { GITHUB_TOKEN: 'ghp_nobody' } });
        expectRun(run, 4);
        expect(run.stdout).toContain('the forge does not accept the token: 401');
      }
    }, 60_000);

    it('is blocked by access when the token may read and not write', async () => {
      const { token } = sandbox.github.addUser({ login: 'reader' });
      sandbox.github.repo('alice/read-only').private = false;
      const run = await sandbox.clone(only('read-only'), { env: { GITHUB_TOKEN: token } });
      expectRun(run, 4);
      const show = await showJson(sandbox, 'read-only');
      expect([show.state, show.blocked_by]).toEqual(['blocked', 'access']);
      expect(show.why).toMatch(/the remote refused the push/);
      expect(show.salvage.map(({ ref }) => ref)).toContain(`refs/clone/salvage/${show.session}/unlanded`);
      expect(await remoteSubjects(sandbox, 'read-only')).toEqual(['First commit']);
    });

    it('is blocked by access when the token does not even see the repository', async () => {
      const { token } = sandbox.github.addUser({ login: 'stranger' });
      const run = await sandbox.clone(only('unseen'), { env: { GITHUB_TOKEN: token } });
      expectRun(run, 4);
      const show = await showJson(sandbox, 'unseen');
      expect([show.state, show.blocked_by]).toEqual(['blocked', 'access']);
      expect(turnsOf(sandbox, 'unseen')).toBe(0);
    });

    it('is blocked by access, in GitHub’s words, when a workflow file needs a scope', async () => {
      const token = sandbox.github.addToken({ login: 'alice', scopes: ['repo'] });
      const run = await sandbox.clone(only('no-scope'), { env: { GITHUB_TOKEN: token } });
      expectRun(run, 4);
      const show = await showJson(sandbox, 'no-scope');
      expect([show.state, show.blocked_by]).toEqual(['blocked', 'access']);
      expect(show.why).toMatch(/refusing to allow .*`workflow` scope/);
      expect(await remoteSubjects(sandbox, 'no-scope')).toEqual(['First commit']);
    });
  });

  describe('to nobody, since there is no token', () => {
    it('lands with the user’s own credentials, and says that CI is not watched', async () => {
      const url = new URL(sandbox.github.url);
      url.username = 'alice';
      url.password = sandbox.token;
      await writeFile(path.join(sandbox.folder, '.git-credentials'), `${url.href}\n`);
      await writeFile(path.join(sandbox.folder, '.gitconfig'), '[credential]\n\thelper = store\n');
      const run = await sandbox.clone(only('no-token'), { env: { GITHUB_TOKEN: '' } });
      expectRun(run, 0);
      const show = await showJson(sandbox, 'no-token');
      expect([show.state, show.ci.state]).toEqual(['cleaned', 'not_watched']);
      expect((await sandbox.clone(['show', 'no-token'])).stdout).toMatch(/not.watched/);
      const { repos } = await statusJson(sandbox);
      expect(repos.find(({ name }) => name === 'no-token')?.ci).toBe('not_watched');
      expect(await remoteSubjects(sandbox, 'no-token')).toEqual(['Work on no-token', 'First commit']);
    });

    it('lands on a remote that is a folder, too', async () => {
      const bare = path.join(sandbox.folder, 'bare.git');
      await mkdir(bare);
      await sandbox.git(bare, 'init', '--quiet', '--bare', '--initial-branch', 'main');
      const checkout = sandbox.checkout('elsewhere');
      await sandbox.git(checkout, 'remote', 'add', 'origin', bare);
      await sandbox.git(checkout, 'push', '--quiet', '-u', 'origin', 'main');
      expectRun(await sandbox.clone(only('elsewhere'), { env: { GITHUB_TOKEN: '' } }), 0);
      const show = await showJson(sandbox, 'elsewhere');
      expect([show.state, show.ci.state]).toEqual(['cleaned', 'not_watched']);
      expect(await sandbox.git(bare, 'log', '--format=%s', 'main')).toBe('Work on elsewhere\nFirst commit');
    });
  });
});
