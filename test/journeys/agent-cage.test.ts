import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  checkoutOf,
  expectClean,
  expectRun,
  oneTask,
  quickCheck,
  remoteFile,
  repoFiles,
  showJson,
} from './support.ts';

const work = { write: { path: 'work.txt', content: 'good\n' } };

describe('what an agent can reach', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let commandLines: readonly string[] = [];

  beforeAll(async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'clone-cage-'));
    const forbidden = ['canary', 'home/clone.yaml', 'home/.clone/state.db', 'code/caged/README.md'];
    sandbox = await startSandbox({
      folder,
      repos: [
        { name: 'caged', files: repoFiles() },
        { name: 'curious', files: repoFiles() },
        { name: 'free', files: repoFiles(), entry: { sandbox: 'danger-full-access' } },
      ],
      scenarios: [
        ...oneTask('caged', [
          { run: forbidden.map((file) => `echo pwned >> ${folder}/${file}`).join('; ') },
          { run: 'echo mine > "$TMPDIR/note" && cat "$TMPDIR/note"' },
          work,
        ]),
        ...['curious', 'free'].flatMap((repo) =>
          oneTask(repo, [{ run: 'env; tr "\\0" "\\n" < /proc/$PPID/environ; cat .git/config' }, work]),
        ),
      ],
      options: { ...quickCheck, parallel_repos: 3, ci_grace_seconds: 0 },
    });
    const over = new AbortController();
    const watching = watchCommandLines(over.signal);
    run = await sandbox.clone(['run']);
    over.abort();
    commandLines = await watching;
  }, 180_000);
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
    await rm(sandbox.folder, { recursive: true, force: true });
  });

  it('is enough to work', async () => {
    expectRun(run, 0);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
    for (const repo of ['caged', 'curious', 'free'])
      expect(await remoteFile(sandbox, repo, 'work.txt')).toBe('good');
  });

  it('does not include writing to anything but its workspace and a temporary folder of its own', async () => {
    expect(toldToModel(sandbox, 'caged')).toMatch(/Read-only file system|Permission denied/);
    expect(toldToModel(sandbox, 'caged')).toContain('\\nmine');
    expect(await readdir(sandbox.folder)).not.toContain('canary');
    expect(await filesWith(path.join(sandbox.home, 'clone.yaml'), 'pwned')).toEqual([]);
    expect(await checkoutOf(sandbox, 'caged')).toMatchObject({ branch: 'main', status: '' });
    expect(await remoteFile(sandbox, 'caged', 'README.md')).not.toContain('pwned');
    expect(await showJson(sandbox, 'caged')).toMatchObject({ state: 'cleaned' });
  });

  it.each(['curious', 'free'])('does not include a token of ours: %s', (repo) => {
    const told = toldToModel(sandbox, repo);
    expect(told).toContain('CLONE_MARKER=');
    expect(told).not.toMatch(/GITHUB_TOKEN|GH_TOKEN/);
    expect(told).not.toContain(sandbox.token);
  });

  it('leaves our token in no file, no output and no request to a model', async () => {
    for (const place of ['home', 'code', 'codex'])
      expect(await filesWith(path.join(sandbox.folder, place), sandbox.token), place).toEqual([]);
    expect(`${run.stdout}${run.stderr}`).not.toContain(sandbox.token);
    for (const { body } of sandbox.model.requests) expect(JSON.stringify(body)).not.toContain(sandbox.token);
  });

  it('is said in private (A8): no list of processes has a prompt or a token', () => {
    expect(commandLines.some((line) => / exec --json .* -$/.test(line.trim()))).toBe(true);
    expect(commandLines.some((line) => line.includes('git'))).toBe(true);
    expect(commandLines.filter((line) => line.includes(sandbox.token))).toEqual([]);
    expect(commandLines.filter((line) => line.includes('Do this task now, completely'))).toEqual([]);
  });
});

function toldToModel(sandbox: Sandbox, repo: string): string {
  const requests = sandbox.model.requests.filter((request) => request.repo === repo);
  return requests.map(({ body }) => JSON.stringify(body)).join('\n');
}

/** The command lines that the processes of this machine have until `over`. */
async function watchCommandLines(over: AbortSignal): Promise<readonly string[]> {
  const lines = new Set<string>();
  while (!over.aborted) {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)))
      lines.add((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '));
    await sleep(20);
  }
  return [...lines];
}

/** The files at or below a place that hold a text. */
async function filesWith(place: string, text: string): Promise<string[]> {
  const found: string[] = [];
  const below = (await stat(place)).isDirectory() ? await readdir(place, { recursive: true }) : [''];
  for (const name of below) {
    const file = path.join(place, name);
    const about = await stat(file).catch(() => undefined);
    if (about?.isFile() && (await readFile(file)).includes(text)) found.push(file);
  }
  return found;
}
