import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { findCodex } from './find-codex.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clone-codex-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function program(name: string): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '#!/bin/sh\n');
  await chmod(file, 0o755);
  return file;
}

/** As npm installs it: a link to a script, and the program in the package of this platform. */
async function installedByNpm(): Promise<{ bin: string; native: string }> {
  const modules = path.join(folder, 'lib/node_modules');
  const script = await program('lib/node_modules/@openai/codex/bin/codex.js');
  const platform = `codex-${process.platform}-${process.arch}`;
  const native = await program(`lib/node_modules/@openai/${platform}/vendor/some-triple/bin/codex`);
  await writeFile(path.join(modules, '@openai', platform, 'package.json'), '{}');
  await mkdir(path.join(folder, 'bin'));
  await symlink(script, path.join(folder, 'bin/codex'));
  return { bin: path.join(folder, 'bin'), native };
}

it('takes the program it is given', async () => {
  const file = await program('my-codex');
  expect(await findCodex(file, '/nowhere')).toBe(file);
});

it('takes nothing else when the program it is given is not there', async () => {
  expect(await findCodex(path.join(folder, 'gone'), process.env['PATH'])).toBeUndefined();
});

it('looks on the search path', async () => {
  const file = await program('bin/codex');
  expect(await findCodex('', `/nowhere:${path.dirname(file)}`)).toBe(file);
});

it('follows the script that npm installs to the program behind it', async () => {
  const { bin, native } = await installedByNpm();
  expect(await findCodex('', bin)).toBe(native);
  expect(await findCodex(path.join(bin, 'codex'), '')).toBe(native);
});

it('takes the script where there is no program behind it', async () => {
  const script = await program('elsewhere/codex.js');
  expect(await findCodex(script, '')).toBe(script);
});

it('finds the one installed beside us', async () => {
  expect(await findCodex('', '/nowhere')).toMatch(/\/vendor\/[^/]+\/bin\/codex$/);
});
