import { chmodSync, existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitMirrors } from './git-mirrors.ts';
import type { TestRepositories } from './test-repositories.ts';
import { must, mustFail, ours, testRepositories } from './test-repositories.ts';

const token = 'ghp_0123456789abcdefghijABCDEFGHIJ';

/** A remote that answers everything with one status, and remembers what it was asked with. */
async function deafRemote(status: number, words: string) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response
      .writeHead(status, { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="x"' })
      .end(words);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    url: `http://127.0.0.1:${port}/me/app.git`,
    credentials: (): (string | undefined)[] =>
      asked.map((request) => request.headers.authorization?.replace('Basic ', '')),
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Git as it is, except that it writes down its arguments and environment first. */
function watchedGit(repos: TestRepositories): { PATH: string; starts: () => string } {
  const bin = path.join(repos.folder, 'bin');
  const log = path.join(repos.folder, 'starts');
  const real = path.join(repos.git(repos.folder, '--exec-path'), 'git');
  repos.write(path.join(bin, 'git'), `#!/bin/sh\necho "$@" >> ${log}\nexec ${real} "$@"\n`);
  chmodSync(path.join(bin, 'git'), 0o755);
  return { PATH: `${bin}:${repos.environment['PATH'] ?? ''}`, starts: () => repos.read(log) };
}

describe('a remote behind a login', () => {
  it.each<[given: string, tokenFor: string | undefined, user: string, sent: string]>([
    ['the token we hold', token, '', `x-access-token:${token}`],
    ['the password in the URL, when we hold none', undefined, 'me:pass-in-the-url@', 'me:pass-in-the-url'],
    ['the token we hold rather than that in the URL', token, 'me:old-password@', `x-access-token:${token}`],
  ])('gets %s as a header, and it is nowhere else', async (_given, held, user, sent) => {
    await using repos = await testRepositories();
    await using remote = await deafRemote(403, `denied, you sent ${Buffer.from(sent).toString('base64')}`);
    repos.git(repos.user, 'remote', 'set-url', 'origin', remote.url.replace('://', `://${user}`));
    const git = watchedGit(repos);
    const seen: string[] = [];
    const tokenFor = (url: string): string | undefined => {
      seen.push(url);
      return held;
    };
    const environment = { ...repos.environment, PATH: git.PATH };
    const mirrors = gitMirrors({ folder: repos.home, environment, tokenFor, author: ours });
    const identity = await repos.identify();
    const failure = mustFail(await mirrors.sync(identity));
    expect(failure.kind).toBe('access');
    expect(remote.credentials()).toContain(Buffer.from(sent).toString('base64'));
    expect(new Set(seen)).toEqual(new Set([remote.url]));
    for (const secret of [token, 'pass-in-the-url', 'old-password', Buffer.from(sent).toString('base64')]) {
      expect(JSON.stringify({ failure, identity })).not.toContain(secret);
      expect(git.starts()).not.toContain(secret);
    }
    const config = path.join(repos.home, 'mirrors', `${identity.key}.git/config`);
    expect(repos.read(config)).not.toContain(sent);
  });

  it('is never sent the token of another remote', async () => {
    await using repos = await testRepositories();
    await using remote = await deafRemote(403, 'no');
    repos.git(repos.user, 'remote', 'set-url', 'origin', remote.url);
    const tokenFor = (url: string): string | undefined => (url.includes('github.com') ? token : undefined);
    const mirrors = gitMirrors({
      folder: repos.home,
      environment: repos.environment,
      tokenFor,
      author: ours,
    });
    mustFail(await mirrors.sync(await repos.identify()));
    expect(remote.asked.length).toBeGreaterThan(0);
    expect(remote.credentials().filter(Boolean)).toEqual([]);
  });

  it("asks the user's credential helper where we hold nothing, and takes over nothing else of theirs", async () => {
    await using repos = await testRepositories();
    await using remote = await deafRemote(401, 'who are you?');
    const sprung = path.join(repos.folder, 'sprung');
    const helper = path.join(repos.folder, 'helper.sh');
    repos.write(helper, '#!/bin/sh\necho username=me\necho password=from-the-helper\n');
    chmodSync(helper, 0o755);
    repos.git(repos.folder, 'config', '--global', 'credential.helper', helper);
    repos.git(repos.folder, 'config', '--global', 'core.sshCommand', `touch ${sprung};`);
    repos.git(repos.folder, 'config', '--global', 'url.http://127.0.0.1:1/.insteadOf', remote.url);
    repos.git(repos.user, 'remote', 'set-url', 'origin', remote.url);
    expect(mustFail(await repos.mirrors.sync(await repos.identify())).kind).toBe('access');
    expect(remote.credentials()).toContain(Buffer.from('me:from-the-helper').toString('base64'));
    expect(existsSync(sprung)).toBe(false);
  });

  it.each<[held: string | undefined, words: string]>([
    [token, 'does not accept the login that we have'],
    [undefined, 'wants a login, and we have none'],
  ])('that lets nobody in is told as such: %#', async (held, words) => {
    await using repos = await testRepositories();
    await using remote = await deafRemote(401, 'no');
    repos.git(repos.user, 'remote', 'set-url', 'origin', remote.url);
    const { environment } = repos;
    const mirrors = gitMirrors({ folder: repos.home, environment, tokenFor: () => held, author: ours });
    const failure = mustFail(await mirrors.sync(await repos.identify()));
    expect(failure).toEqual({ kind: 'access', message: `${new URL(remote.url).origin} ${words}` });
  });

  it.each<[status: number, kind: string]>([
    [401, 'access'],
    [403, 'access'],
    [404, 'access'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('that answers %i is a failure of kind %s', async (status, kind) => {
    await using repos = await testRepositories();
    await using remote = await deafRemote(status, 'words');
    repos.git(repos.user, 'remote', 'set-url', 'origin', remote.url);
    expect(mustFail(await repos.mirrors.sync(await repos.identify())).kind).toBe(kind);
  });
});

describe('a remote across the network', () => {
  it('is not asked again for what the user has fetched already', async () => {
    await using repos = await testRepositories();
    await using remote = await deafRemote(503, 'down');
    repos.git(repos.user, 'remote', 'set-url', 'origin', remote.url);
    const identity = await repos.identify();
    mustFail(await repos.mirrors.sync(identity));
    const tip = repos.git(repos.user, 'rev-parse', 'main');
    const mirror = await repos.mirrors.existing(identity, tip);
    expect(must(await mirror!.openWorkspace('s1', tip)).base).toBe(tip);
  });

  it('is unreachable when nobody listens', async () => {
    await using repos = await testRepositories();
    repos.git(repos.user, 'remote', 'set-url', 'origin', 'http://127.0.0.1:9/me/app.git');
    expect(mustFail(await repos.mirrors.sync(await repos.identify())).kind).toBe('unreachable');
  });

  it('is not a command', async () => {
    await using repos = await testRepositories();
    const sprung = path.join(repos.folder, 'sprung');
    for (const url of [
      `ext::sh -c "touch ${sprung}"`,
      `--upload-pack=touch ${sprung}`,
      '-oProxyCommand=x:y',
    ]) {
      repos.git(repos.user, 'config', 'remote.origin.url', url);
      expect((await repos.mirrors.sync(await repos.identify())).ok).toBe(false);
    }
    expect(existsSync(sprung)).toBe(false);
  });

  it("goes over ssh with the user's agent, in batch mode", async () => {
    await using repos = await testRepositories({ environment: { SSH_AUTH_SOCK: '/agent/socket' } });
    const ssh = path.join(repos.folder, 'ssh.sh');
    const log = path.join(repos.folder, 'ssh.log');
    repos.write(
      ssh,
      `#!/bin/sh\necho "$SSH_AUTH_SOCK $HOME $@" > ${log}\necho 'Permission denied (publickey).' >&2; exit 255\n`,
    );
    chmodSync(ssh, 0o755);
    repos.git(repos.folder, 'config', '--global', 'core.sshCommand', ssh);
    repos.git(repos.user, 'remote', 'set-url', 'origin', 'git@127.0.0.1:me/app.git');
    expect(mustFail(await repos.mirrors.sync(await repos.identify())).kind).toBe('access');
    expect(repos.read(log)).toContain(`/agent/socket ${repos.folder} `);
    expect(repos.read(log)).toContain('BatchMode=yes');
  });
});
