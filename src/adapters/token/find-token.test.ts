import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findToken } from './find-token.ts';

const apiUrl = 'https://api.github.com';
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'find-token-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function tokenFile(text: string, mode = 0o600): Promise<string> {
  const file = path.join(folder, 'token');
  await writeFile(file, text, { mode });
  await chmod(file, mode);
  return file;
}

/** A `gh` that writes down how it was called, and does what the script says. */
async function fakeGh(script: string): Promise<{ PATH: string }> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  const call = path.join(folder, 'call');
  await writeFile(path.join(bin, 'gh'), `#!/bin/sh\necho "$@" > '${call}'\n${script}\n`, { mode: 0o755 });
  return { PATH: bin };
}

describe('the token', () => {
  it.each<[what: string, env: Record<string, string>, held: object]>([
    ['GITHUB_TOKEN', { GITHUB_TOKEN: 'one', GH_TOKEN: 'two' }, { token: 'one', from: 'GITHUB_TOKEN' }],
    ['GH_TOKEN', { GITHUB_TOKEN: '', GH_TOKEN: ' two\n' }, { token: 'two', from: 'GH_TOKEN' }],
  ])('is taken from %s before the file', async (_what, env, held) => {
    expect(await findToken({ env, file: await tokenFile('three'), apiUrl })).toEqual({ held, warnings: [] });
  });

  it('is taken from the file', async () => {
    const file = await tokenFile('three\n');
    expect(await findToken({ env: {}, file, apiUrl })).toEqual({
      held: { token: 'three', from: file },
      warnings: [],
    });
  });

  it('in a file that others can read comes with a warning', async () => {
    const file = await tokenFile('three', 0o644);
    const { held, warnings } = await findToken({ env: {}, file, apiUrl });
    expect(held?.token).toBe('three');
    expect(warnings).toEqual([`${file} can be read by others: chmod 600 ${file}`]);
  });

  it('is looked for elsewhere when the file is not there', async () => {
    const file = path.join(folder, 'none');
    expect(await findToken({ env: {}, file, apiUrl })).toEqual({
      held: undefined,
      warnings: [`github_token_file ${file} cannot be read: ENOENT`],
    });
  });

  it('is not what holds spaces, and the warning does not repeat it', async () => {
    const file = await tokenFile('my token\nis this');
    const { held, warnings } = await findToken({ env: {}, file, apiUrl });
    expect(held).toBeUndefined();
    expect(warnings).toEqual([`the token in ${file} is not used: it holds spaces or line breaks`]);
  });
});

describe('gh', () => {
  it.each([
    ['https://api.github.com', 'github.com'],
    ['https://ghe.example.org/api/v3', 'ghe.example.org'],
    ['https://api.octo.ghe.com', 'octo.ghe.com'],
  ])('is asked for the token of %s alone', async (url, host) => {
    const env = await fakeGh('echo four');
    expect((await findToken({ env, file: '', apiUrl: url })).held).toEqual({
      token: 'four',
      from: 'gh auth token',
    });
    expect(await readFile(path.join(folder, 'call'), 'utf8')).toBe(`auth token --hostname ${host}\n`);
  });

  it.each<[what: string, script: string]>([
    ['has nobody logged in', 'echo "not logged in" >&2; exit 1'],
    ['says nothing', 'exit 0'],
  ])('that %s leaves us without a token', async (_what, script) => {
    const env = await fakeGh(script);
    expect(await findToken({ env, file: '', apiUrl })).toEqual({ held: undefined, warnings: [] });
  });

  it('is not needed', async () => {
    expect(await findToken({ env: { PATH: folder }, file: '', apiUrl })).toEqual({
      held: undefined,
      warnings: [],
    });
    expect(await findToken({ env: {}, file: '', apiUrl })).toEqual({ held: undefined, warnings: [] });
    expect(await findToken({ env: { PATH: folder }, file: '', apiUrl: 'no address' })).toEqual({
      held: undefined,
      warnings: [],
    });
  });
});
