import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  expectClean,
  expectRun,
  handoff,
  oneTask,
  quickCheck,
  remoteFile,
  remoteGit,
  remoteLog,
  remoteSubjects,
  repoFiles,
  showJson,
  turn,
} from './support.ts';

// In pieces, so that no scanner takes this file for a leak.
const secret = ['ghp', 'aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5'].join('_');
const leak = { run: `echo 'token = ${secret}' | tee config.txt` };
const noLeak = { write: { path: 'config.txt', content: 'token comes from the environment\n' } };
const merge = { write: { path: 'merge.txt', content: '<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> theirs\n' } };

describe('a change that must not land as it is', () => {
  let sandbox: Sandbox;
  let run: CloneRun;

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: ['leak-mended', 'leak-kept', 'merge-mended', 'merge-kept', 'message'].map((name) => ({
        name,
        files: repoFiles(),
      })),
      scenarios: [
        ...oneTask('leak-mended', [leak]),
        turn('leak-mended', 'repair', [noLeak, { json: handoff('Read the token from the environment') }]),
        ...oneTask('leak-kept', [leak]),
        turn('leak-kept', 'repair', [{ json: handoff('Keep it') }]),
        ...oneTask('merge-mended', [merge]),
        turn('merge-mended', 'repair', [
          { write: { path: 'merge.txt', content: 'one\ntwo\n' } },
          { json: handoff('Keep both lines') },
        ]),
        ...oneTask('merge-kept', [merge]),
        turn('merge-kept', 'repair', [{ run: 'echo >> merge.txt' }, { json: handoff('Add a line') }]),
        ...oneTask('message', [{ write: { path: 'work.txt', content: 'good\n' } }], {
          commit_message: `Use ${secret} [skip ci]\n\n[ci skip] Body.\n\nClone-Task: another\nCo-authored-by: Mallory <m@example.test>\nskip-checks: true`,
          summary: `Used ${secret}.`,
        }),
      ],
      options: { ...quickCheck, parallel_repos: 3, ci_grace_seconds: 0 },
    });
    run = await sandbox.clone(['run']);
  }, 180_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('makes the run end with 1 and leaves nothing behind', async () => {
    expectRun(run, 1);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it('lands without its secret after a repair turn, which leaves no trace in the history', async () => {
    const shown = await showJson(sandbox, 'leak-mended');
    expect(shown.state).toBe('cleaned');
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'task', 'repair']);
    expect(verdictsOf(shown.gates, 'secrets')).toEqual(['refuse', 'allow']);
    expect(await remoteFile(sandbox, 'leak-mended', 'config.txt')).toBe('token comes from the environment');
    expect(await remoteSubjects(sandbox, 'leak-mended')).toEqual([
      'Read the token from the environment',
      'First commit',
    ]);
  });

  it('is rejected when it keeps its secret, and its commits are kept here', async () => {
    const shown = await showJson(sandbox, 'leak-kept');
    expect(shown).toMatchObject({ state: 'rejected', landed_sha: null });
    expect(shown.why).toMatch(/what looks like a secret in config\.txt:1/);
    expect(shown.salvage).toMatchObject([{ ref: `refs/clone/salvage/${shown.session}/refused` }]);
    expect(await remoteSubjects(sandbox, 'leak-kept')).toEqual(['First commit']);
  });

  it('lands without conflict markers', async () => {
    const shown = await showJson(sandbox, 'merge-mended');
    expect(shown.state).toBe('cleaned');
    expect(verdictsOf(shown.gates, 'conflict-markers')).toEqual(['refuse', 'allow']);
    expect(await remoteFile(sandbox, 'merge-mended', 'merge.txt')).toBe('one\ntwo');
  });

  it('is rejected with conflict markers after the repairs that it may have', async () => {
    const shown = await showJson(sandbox, 'merge-kept');
    expect(shown).toMatchObject({ state: 'rejected', landed_sha: null });
    expect(shown.why).toMatch(/a merge conflict marker in merge\.txt:1/);
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'task', 'repair', 'repair']);
    expect(await remoteSubjects(sandbox, 'merge-kept')).toEqual(['First commit']);
  });

  it('gets a message without words for CI, trailers of others and secrets', async () => {
    const [commit] = await remoteLog(sandbox, 'message');
    const { run: id, session } = await showJson(sandbox, 'message');
    expect(commit?.message.trim()).toBe(
      `Use [redacted:github-token]\n\nBody.\n\nClone-Run: ${id}\nClone-Session: ${session}\nClone-Task: only-task`,
    );
  });

  it('never has its secret pushed, nor told to anybody', async () => {
    for (const repo of ['leak-mended', 'leak-kept', 'message']) {
      const everything = await remoteGit(sandbox, repo, 'cat-file', '--batch-all-objects', '--batch');
      expect(everything).toContain('A small thing');
      expect(everything).not.toContain(secret);
      expect(JSON.stringify(await showJson(sandbox, repo))).not.toContain(secret);
    }
    expect(`${run.stdout}${run.stderr}`).not.toContain(secret);
    const logs = path.join(sandbox.home, 'logs/latest');
    for (const entry of await readdir(logs, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile()) expect((await readFile(file)).includes(secret), file).toBe(false);
    }
  });
});

function verdictsOf(gates: readonly { gate: string; verdict: string }[], name: string): string[] {
  return gates.filter(({ gate }) => gate === name).map(({ verdict }) => verdict);
}
