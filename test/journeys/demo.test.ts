import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'demo journey '));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** As a person starts it: nobody's token, nobody's home. */
function demo(...args: readonly string[]): Promise<Ended> {
  const bin = path.join(root, 'node_modules/.bin');
  const env = { PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`, HOME: folder, LANG: 'C.UTF-8' };
  return new Promise((resolve) => {
    const options = { cwd: folder, env, timeout: 120_000, maxBuffer: 10_000_000 };
    const child = execFile(process.execPath, [path.join(root, 'src/main.ts'), 'demo', ...args], options);
    const said = { out: '', err: '' };
    child.stdout?.on('data', (text: string) => (said.out += text));
    child.stderr?.on('data', (text: string) => (said.err += text));
    child.on('close', (code) => {
      resolve({ exitCode: code ?? -1, ...said });
    });
  });
}

describe('clone demo', () => {
  it('shows a feature, a repair, a red CI that is fixed, a repository left alone, and an idea, and leaves its files', async () => {
    const { exitCode, out, err } = await demo('--dir', 'sand box');
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    for (const line of [
      /greeting-cards: CI of \w+: green/,
      /price-list: repair turn begins/,
      /price-list: CI of \w+: green/,
      /train-times: CI is red on \w+: ci\.yml \/ test/,
      /train-times: CI of \w+: fixed: passed: CI/,
      /quiet-notes: nothing to do/,
      /shopping-list: asked for "sort-the-list-by-shelf": done/,
      /idea voice-notes is ACTIVE/,
      /run \S+ ended: cycles done \(exit 0\)/,
      /The files stay: rm -r '.*sand box' removes them/,
    ])
      expect(out).toMatch(line);

    const latest = path.join(folder, 'sand box/home/logs/latest');
    const status = JSON.parse(await readFile(path.join(latest, 'status.json'), 'utf8')) as object;
    expect(status).toMatchObject({ verdict: { state: 'idle' }, sessions: { landed: 5, no_work: 2 } });
    const files = [
      'events.jsonl',
      'run.log',
      'sessions',
      'status.html',
      'status.json',
      'status.md',
      'workers',
    ];
    expect((await readdir(latest)).toSorted()).toEqual(files);
  }, 150_000);

  it('does not build into a folder in which something lies', async () => {
    await writeFile(path.join(folder, 'mine'), '');
    expect(await demo('--dir', '.')).toEqual({
      exitCode: 2,
      out: '',
      err: 'error: . is not an empty folder\nhint: name a folder that does not exist yet, or leave --dir out\n',
    });
    expect(await readdir(folder)).toEqual(['mine']);
  });
});
