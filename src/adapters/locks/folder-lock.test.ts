import { mkdirSync, rmdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockByFolder } from './folder-lock.ts';

async function place() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'clone-folder-lock-'));
  return {
    lock: path.join(folder, 'x.lock'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

describe('a lock that is a folder', () => {
  it('is had by one, until it is given back', async () => {
    await using here = await place();
    const first = lockByFolder(here.lock);
    expect(first?.isOurs()).toBe(true);
    expect(lockByFolder(here.lock)).toBeUndefined();
    first?.release();
    const second = lockByFolder(here.lock);
    expect(second?.isOurs()).toBe(true);
    second?.release();
  });

  it('is lost when somebody takes it away, and the one made after it is left alone', async () => {
    await using here = await place();
    const lost = lockByFolder(here.lock, 5);
    const told = new Promise<void>((resolve) => {
      lost?.lost.addEventListener('abort', () => {
        resolve();
      });
    });
    // Another folder in between, so that the file system does not hand out the same number again.
    mkdirSync(`${here.lock}.other`);
    rmdirSync(here.lock);
    await told;
    mkdirSync(here.lock);
    expect(lost?.isOurs()).toBe(false);
    lost?.release();
    expect(lockByFolder(here.lock)).toBeUndefined();
  });
});
