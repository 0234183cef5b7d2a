import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import type { HomeFiles } from '../../ports/home-files.ts';
import { homeFiles } from './home-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'home-')));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...parts: readonly string[]): string => path.join(folder, ...parts);
function files(cwd: string, env: Record<string, string> = {}): HomeFiles {
  return homeFiles({ cwd, env, userFolder: at('user') });
}

it('finds the home by the first rule that holds', async () => {
  await mkdir(at('home/deep/er'), { recursive: true });
  await mkdir(at('other'));
  await writeFile(at('home/repos.yaml'), '');
  const inside = files(at('home/deep/er'));
  expect(await inside.find(at('other'))).toEqual({ folder: at('other'), by: '--home', exists: true });
  expect(await files(at('home'), { CLONE_HOME: at('gone') }).find(undefined)).toEqual({
    folder: at('gone'),
    by: 'CLONE_HOME',
    exists: false,
  });
  expect(await inside.find(undefined)).toEqual({
    folder: at('home'),
    by: 'clone.yaml or repos.yaml',
    exists: true,
  });
  expect(await files(at('other')).find(undefined)).toEqual({
    folder: at('user/.clone'),
    by: '~/.clone',
    exists: false,
  });
});

it('takes the nearest of two homes', async () => {
  await mkdir(at('outer/inner'), { recursive: true });
  await writeFile(at('outer/repos.yaml'), '');
  await writeFile(at('outer/inner/clone.yaml'), '');
  expect((await files(at('outer/inner')).find(undefined)).folder).toBe(at('outer/inner'));
});

it.each<[written: string, whole: string]>([
  ['~', 'user'],
  ['~/code', 'user/code'],
  ['code', 'here/code'],
  ['../code', 'code'],
  ['~me', 'here/~me'],
])('resolves %s', (written, whole) => {
  expect(files(at('here')).resolve(written)).toBe(at(whole));
});

it('makes a new file, and never writes over one', async () => {
  const { writeNew } = files(folder);
  expect(await writeNew(at('new/a.yaml'), 'one')).toEqual({ ok: true, value: true });
  expect(await writeNew(at('new/a.yaml'), 'two')).toEqual({ ok: true, value: false });
  expect(await readFile(at('new/a.yaml'), 'utf8')).toBe('one');
  expect(await writeNew(at('new/a.yaml/b.yaml'), 'x')).toMatchObject({ ok: false });
});

it.each<[what: string, make: () => Promise<unknown>, file: string, why: string]>([
  [
    'a file',
    () => writeFile(at('x'), ''),
    'x/a.yaml',
    'a part of the path is there already and is no folder',
  ],
  [
    'a part that is a file',
    () => writeFile(at('x'), ''),
    'x/y/a.yaml',
    'a part of the path is there already and is no folder',
  ],
  [
    'a link that leads nowhere',
    () => symlink(at('gone'), at('x')),
    'x/a.yaml',
    'a part of the path is there already and is no folder',
  ],
  [
    'a link that leads to itself',
    () => symlink('x', at('x')),
    'x/a.yaml',
    'a part of the path is there already and is no folder',
  ],
  ['a name without end', () => Promise.resolve(), `${'x'.repeat(300)}/a.yaml`, 'a name in it is too long'],
])('says why there can be no folder at %s', async (_what, make, file, why) => {
  await make();
  expect(await files(folder).writeNew(at(file), 'x')).toEqual({ ok: false, failure: why });
});

it('makes all the folders above', async () => {
  expect(await files(folder).writeNew(at('a/b/c/d.yaml'), 'x')).toEqual({ ok: true, value: true });
});

it('tells a missing file from one that cannot be read', async () => {
  const { readText } = files(folder);
  expect(await readText(at('none'))).toEqual({ ok: true, value: undefined });
  expect(await readText(folder)).toMatchObject({
    ok: false,
    failure: { message: 'is a folder, not a file' },
  });
});

it.each<[what: string, make: (file: string) => Promise<unknown>, read: object]>([
  ['a plain file', (file) => writeFile(file, 'land: hold'), { is: 'text', text: 'land: hold' }],
  ['nothing', () => Promise.resolve(), { is: 'missing' }],
  [
    'a link out of the repository',
    (file) => symlink(at('secret'), file),
    { is: 'refused', why: 'it is a link' },
  ],
  ['a folder', (file) => mkdir(file), { is: 'refused', why: 'it is not a plain file' }],
  [
    'a file that is too large',
    (file) => writeFile(file, 'x'.repeat(101)),
    { is: 'refused', why: 'it is larger than 100 bytes' },
  ],
  [
    'a pipe without a writer',
    (file) => Promise.resolve(execFileSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', file])),
    { is: 'refused', why: 'it is not a plain file' },
  ],
])('reads a stranger’s file with care: %s', async (_what, make, read) => {
  await writeFile(at('secret'), 'token');
  await mkdir(at('repo'));
  await make(at('repo/.clone.yaml'));
  expect(await files(folder).readGuarded(at('repo'), '.clone.yaml', 100)).toEqual(read);
});
