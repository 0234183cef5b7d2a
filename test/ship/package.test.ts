import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildPackage } from '../../scripts/build.ts';
import { firstSteps } from './first-steps.ts';
import { type Ended, readManifest, root, start } from './shipped.ts';

let folder: string;
let home: string;
let env: Readonly<Record<string, string>>;
let packed: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'clone-package-'));
  home = path.join(folder, 'home');
  await mkdir(home);
  env = { PATH: `${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, HOME: folder };
  await stage(path.join(folder, 'staged'));
  const tarball = await pack(path.join(folder, 'staged'));
  await npm('install', '--global', '--prefix', path.join(folder, 'installed'), '--offline', tarball);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the package for npm', () => {
  firstSteps(() => ({ home, clone: (...args) => start(installed('bin/clone'), args, { cwd: home, env }) }));

  it('installs without the network, since it needs no other package', async () => {
    const { name } = await readManifest();
    const found = await readdir(installed('lib/node_modules'));
    expect(found.filter((entry) => !entry.startsWith('.'))).toEqual([name]);
    expect(await readdir(installed(`lib/node_modules/${name}`))).not.toContain('node_modules');
  });

  it('keeps compiled code in the folder of the user, not where others can write', async () => {
    await start(installed('bin/clone'), ['status', '--home', home], { cwd: home, env });
    expect(await readdir(path.join(folder, '.cache/clone/compiled'))).not.toEqual([]);
  });

  it('holds the program, the prompts and the papers, and nothing else', async () => {
    const { files } = await readManifest();
    const tops = new Set(packed.map((file) => file.split('/')[0]));
    tops.delete('package.json');
    expect(files).toEqual(expect.arrayContaining([...tops]));
    expect(packed).toEqual(expect.arrayContaining(['dist/main.js', 'dist/LICENCES.txt', 'prompts/task.md']));
  });
});

function installed(file: string): string {
  return path.join(folder, 'installed', file);
}

/** A copy of what is published, so that no test writes into the checkout. */
async function stage(to: string): Promise<void> {
  const { files } = await readManifest();
  const present = await readdir(root);
  for (const name of ['package.json', ...files])
    if (name !== 'dist' && present.includes(name))
      await cp(path.join(root, name), path.join(to, name), { recursive: true });
  await buildPackage(path.join(to, 'dist'));
}

async function pack(from: string): Promise<string> {
  const { stdout } = await npm('pack', from, '--ignore-scripts', '--json', '--pack-destination', folder);
  const [made] = JSON.parse(stdout) as readonly Packed[];
  packed = made!.files.map((file) => file.path);
  return path.join(folder, made!.filename);
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

async function npm(...args: readonly string[]): Promise<Ended> {
  const ended = await start('npm', args, { cwd: folder, env });
  if (ended.exitCode !== 0) throw new Error(`npm ${args.join(' ')}: ${ended.stderr}`);
  return ended;
}
