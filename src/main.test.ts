import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

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

describe('a broken clone.yaml', () => {
  beforeEach(async () => {
    await clone('init');
    await writeFile(path.join(folder, 'clone.yaml'), 'sleep_seconds: 5\nland: pus\n');
  });

  it.each([
    ['status', 0],
    ['standup', 0],
    ['commits', 0],
    // They work; there is nothing yet to show.
    ['logs', 2],
    ['show x', 2],
  ])('does not stand in the way of %s, and is said', async (command, exitCode) => {
    const said = await clone(...command.split(' '));
    expect(said.exitCode).toBe(exitCode);
    expect(said.err).toMatch(/^warning: \S+clone\.yaml:2:7: land must be one of/);
    expect(said.err).not.toContain('error: /');
  });

  it('needs you, says the status as JSON', async () => {
    const { exitCode, out, err } = await clone('status', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(err)).toMatchObject({ code: 'file-unreadable', warning: true });
    expect(JSON.parse(out)).toMatchObject({
      needs_you: [{ what: 'configuration', why: expect.stringContaining('clone.yaml:2:7') as string }],
    });
  });

  it.each(['run', 'discover .', 'repos list', 'config show'])('refuses %s', async (command) => {
    const said = await clone(...command.split(' '));
    expect(said).toMatchObject({ exitCode: 2, out: '' });
    expect(said.err).toMatch(/^error: \S+clone\.yaml:2:7: land must be one of/);
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
