import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'main-'));
});
afterEach(() => rm(folder, { recursive: true }));

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
function clone(...args: readonly string[]): Promise<{ exitCode: unknown; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], HOME: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: folder, env }, (error, out, err) => {
      resolve({ exitCode: error?.code ?? 0, out, err });
    });
  });
}

it('answers --version', async () => {
  expect(await clone('--version')).toEqual({
    exitCode: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    err: '',
  });
});

it('makes a home and reads it, with exit codes that tell', async () => {
  expect(await clone('init')).toMatchObject({ exitCode: 0, err: '' });
  expect(await clone('repos', 'list')).toEqual({
    exitCode: 0,
    out: 'the portfolio is empty; clone discover ROOT fills it\n',
    err: '',
  });
  expect(await clone('confg')).toMatchObject({
    exitCode: 2,
    out: '',
    err: expect.stringContaining('did you mean config?') as string,
  });
});

it('is quiet when nobody reads its answer to the end', async () => {
  await clone('init');
  const child = spawn(process.execPath, [main, 'config', 'schema'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, err]).toEqual([0, '']);
});
