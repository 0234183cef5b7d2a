import { readdir } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { type Ended, readManifest } from './shipped.ts';

/** What a person tries first with a program just installed. `clone` runs it in `home`, an empty folder. */
export function firstSteps(
  shipped: () => { home: string; clone: (...args: string[]) => Promise<Ended> },
): void {
  it('tells its version', async () => {
    const { version } = await readManifest();
    expect(await shipped().clone('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('tells what it can do', async () => {
    const { exitCode, stdout, stderr } = await shipped().clone('--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Usage: clone <command>');
  });

  it('makes a home, whose status it then tells', async () => {
    const { home, clone } = shipped();
    expect(await clone('init')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readdir(home)).toEqual(expect.arrayContaining(['clone.yaml', 'ideas.yaml', 'repos.yaml']));

    const { exitCode, stdout, stderr } = await clone('status', '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ schema_version: 1, repos: [] });
  });
}
