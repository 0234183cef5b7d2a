import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunGit } from './run-git.ts';
import { testRepositories } from './test-repositories.ts';

describe('running git', () => {
  it('sees none of our secrets and none of the settings of the machine', async () => {
    await using repos = await testRepositories();
    const bin = path.join(repos.folder, 'bin');
    repos.write(path.join(bin, 'git'), '#!/bin/sh\n/usr/bin/env\n');
    chmodSync(path.join(bin, 'git'), 0o755);
    const run = createRunGit({
      PATH: bin,
      HOME: repos.folder,
      GITHUB_TOKEN: 'secret',
      GIT_DIR: '/elsewhere',
      GIT_SSH_COMMAND: 'evil',
      GIT_EXTERNAL_DIFF: 'evil',
      LD_PRELOAD: '/evil.so',
    });
    const names = (await run([], { cwd: repos.folder })).stdout
      .split('\n')
      .map((line) => line.split('=')[0] ?? '')
      .filter((name) => !/^(?:GIT_CONFIG_(?:KEY|VALUE)_\d+|PWD|SHLVL|_|)$/.test(name));
    expect(names.sort()).toEqual([
      'CLONE_MARKER',
      'GIT_ALLOW_PROTOCOL',
      'GIT_ATTR_NOSYSTEM',
      'GIT_CONFIG_COUNT',
      'GIT_CONFIG_GLOBAL',
      'GIT_CONFIG_NOSYSTEM',
      'GIT_NO_REPLACE_OBJECTS',
      'GIT_OPTIONAL_LOCKS',
      'GIT_TERMINAL_PROMPT',
      'HOME',
      'LC_ALL',
      'PATH',
    ]);
  });

  it('answers a refusal with the words, and a cut with what fitted', async () => {
    await using repos = await testRepositories();
    const run = createRunGit(repos.environment);
    const refused = await run(['rev-parse', '--verify', 'nothing'], { gitDir: repos.remote });
    expect(refused).toMatchObject({ ok: false, cut: false });
    expect(refused.stderr).toContain('fatal');
    const cut = await run(['cat-file', 'blob', 'main:src/code.txt'], { gitDir: repos.remote, maxBytes: 5 });
    expect(cut).toMatchObject({ ok: true, cut: true, stdout: 'one\nt' });
  });

  it('ends one that hangs by SIGTERM, so that it can remove its locks', async () => {
    await using repos = await testRepositories();
    const bin = path.join(repos.folder, 'bin');
    const ended = path.join(repos.folder, 'ended');
    mkdirSync(bin);
    repos.write(
      path.join(bin, 'git'),
      `#!/bin/sh\ntrap 'echo > ${ended}; exit 1' TERM\nwhile :; do sleep 0.02; done\n`,
    );
    chmodSync(path.join(bin, 'git'), 0o755);
    const run = createRunGit({ PATH: `${bin}:${repos.environment['PATH'] ?? ''}` });
    const out = await run([], { cwd: repos.folder, timeoutMs: 300 });
    expect(out.ok).toBe(false);
    expect(out.stderr).toContain('timed out');
    expect(existsSync(ended)).toBe(true);
  });

  it('is a bug when there is no git', async () => {
    await expect(createRunGit({ PATH: '/nowhere' })([], {})).rejects.toThrow('could not be started');
  });
});
