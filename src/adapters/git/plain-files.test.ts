import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPlain, writePlain } from './plain-files.ts';
import { must, testRepositories } from './test-repositories.ts';

let folder = '';
const at = (file: string): string => path.join(folder, file);
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'clone-plain-'));
  writeFileSync(at('outside'), 'theirs');
  mkdirSync(at('w'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a plain file', () => {
  it('is read as it lies there', async () => {
    writeFileSync(at('w/M.md'), Buffer.from([0xff, 0x0a]));
    const read = await readPlain(at('w'), 'M.md', 100);
    expect(read).toMatchObject({ kind: 'file', bytes: Buffer.from([0xff, 0x0a]) });
    expect(await readPlain(at('w'), 'none.md', 100)).toEqual({ kind: 'none' });
    expect(await readPlain(at('w'), 'none/none.md', 100)).toEqual({ kind: 'none' });
  });

  it.each<[what: string, make: () => void, why: string]>([
    [
      'a link',
      () => {
        symlinkSync(at('outside'), at('w/M.md'));
      },
      'it is a link',
    ],
    [
      'a folder',
      () => {
        mkdirSync(at('w/M.md'));
      },
      'it is a folder',
    ],
    [
      'too large',
      () => {
        writeFileSync(at('w/M.md'), 'x'.repeat(101));
      },
      'it is larger than 100 bytes',
    ],
  ])('is left alone when it is %s', async (_what, make, why) => {
    make();
    expect(await readPlain(at('w'), 'M.md', 100)).toEqual({ kind: 'unusable', why });
  });

  it('takes the place of a link, and never writes through one', async () => {
    symlinkSync(at('outside'), at('w/M.md'));
    expect(await writePlain(at('w'), 'M.md', 'ours')).toBe(true);
    expect(lstatSync(at('w/M.md')).isFile()).toBe(true);
    linkSync(at('outside'), at('w/H.md'));
    expect(await writePlain(at('w'), 'H.md', 'ours')).toBe(true);
    expect(readFileSync(at('outside'), 'utf8')).toBe('theirs');
    expect(readFileSync(at('w/H.md'), 'utf8')).toBe('ours');
  });

  it('is not written into a folder that is a link, nor over a folder', async () => {
    symlinkSync(folder, at('w/sub'));
    expect(await writePlain(at('w'), 'sub/M.md', 'ours')).toBe(false);
    expect(await readPlain(at('w'), 'sub/outside', 100)).toEqual({
      kind: 'unusable',
      why: 'its folder is a link',
    });
    mkdirSync(at('w/M.md'));
    expect(await writePlain(at('w'), 'M.md', 'ours')).toBe(false);
  });

  it('is made with the folders above it, and removed', async () => {
    expect(await writePlain(at('w'), 'a/b/M.md', 'ours')).toBe(true);
    expect(readFileSync(at('w/a/b/M.md'), 'utf8')).toBe('ours');
    expect(await writePlain(at('w'), 'a/b/M.md', undefined)).toBe(true);
    expect(await readPlain(at('w'), 'a/b/M.md', 100)).toEqual({ kind: 'none' });
    expect(await writePlain(at('w'), 'gone/M.md', undefined)).toBe(true);
  });

  it.each(['../outside', '/etc/passwd', '.git/config', 'a//b'])('is never %s', async (file) => {
    await expect(readPlain(at('w'), file, 100)).rejects.toThrow('not a path');
  });
});

describe('a snapshot with files of ours', () => {
  it.each<[what: string, at: 'base' | 'ours']>([
    ['a commit of ours, whose trees we know', 'ours'],
    ['a commit that was fetched', 'base'],
  ])('is %s and these files, whatever else lies there by now', async (_what, at) => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    const than = at === 'base' ? base : await repos.deliver(workspace, base, { 'work.txt': '1' });
    const files = new Map([
      ['new.md', 'x'],
      ['README.md', 'other'],
    ]);
    const made = must(await workspace.snapshotWith(than, files));
    expect(made).toMatchObject({ changed: true, missing: [] });
    expect(must(await workspace.snapshot(than)).tree).toBe(made.tree);
    expect(must(await workspace.snapshotWith(than, new Map()))).toMatchObject({ missing: [] });
  });

  it('says which of them cannot be in a commit', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    const than = await repos.deliver(workspace, base, { '.gitignore': 'secret.md\n', 'a/b': '1' });
    const files = new Map([
      ['secret.md', 'x'],
      ['a', 'there is a folder'],
      ['new.md', 'x'],
    ]);
    expect(must(await workspace.snapshotWith(than, files)).missing).toEqual(['secret.md', 'a']);
  });

  it('leaves out what was copied in from the checkout, as a person told us to', async () => {
    await using repos = await testRepositories();
    const { workspace, base } = await repos.open();
    repos.write(path.join(workspace.folder, '.env'), 'x');
    must(await workspace.setAside());
    const than = await repos.deliver(workspace, base, { 'work.txt': '1' });
    expect(must(await workspace.snapshotWith(than, new Map([['.env', 'y']]))).missing).toEqual(['.env']);
  });
});
