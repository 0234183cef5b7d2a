import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe } from 'vitest';

import { buildBinary } from '../../scripts/build-binary.ts';
import { firstSteps } from './first-steps.ts';
import { start } from './shipped.ts';

let folder: string;
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'clone-binary-test-'));
  home = path.join(folder, 'home');
  await mkdir(home);
  await mkdir(path.join(folder, 'bin'));
  const git = execFileSync('/bin/sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  await symlink(git, path.join(folder, 'bin/git'));
  await buildBinary(path.join(folder, 'dist-bin'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the one executable, on a machine that has git and no Node', () => {
  firstSteps(() => ({
    home,
    clone: (...args) =>
      start(path.join(folder, 'dist-bin/clone'), args, {
        cwd: home,
        env: { PATH: path.join(folder, 'bin'), HOME: folder },
      }),
  }));
});
