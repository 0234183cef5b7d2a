import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../domain/result.ts';
import type { Lease, LeaseHeld, Leases } from '../../ports/leases.ts';
import type { Fences } from './file-leases.ts';
import { fileLeases } from './file-leases.ts';
import { markOfThisProcess } from './living-process.ts';

const key = 'app-0123456789ab';

async function room() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'clone-locks-test-'));
  const children: ChildProcess[] = [];
  return {
    folder,
    leases: fileLeases({ folder, fences: counting() }),
    /** Another process that takes the lease, says so, and holds it until it is killed. */
    async holder(): Promise<ChildProcess> {
      const child = spawn(process.execPath, [holderScript, folder, key], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      children.push(child);
      await once(child.stdout, 'data');
      return child;
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const holderScript = fileURLToPath(new URL('./hold-lease.ts', import.meta.url));

function counting(): Fences {
  const fences = new Map<string, number>();
  return {
    next(of) {
      fences.set(of, (fences.get(of) ?? 0) + 1);
      return Promise.resolve(fences.get(of) ?? 0);
    },
    highest: (of) => Promise.resolve(fences.get(of) ?? 0),
  };
}

function got(taken: Result<Lease, LeaseHeld>): Lease {
  if (!taken.ok) throw new Error(`held by ${taken.failure.holder}`);
  return taken.value;
}

async function tryIt(leases: Leases): Promise<string> {
  const taken = await leases.acquire(key, 'another run');
  return taken.ok ? 'taken' : taken.failure.holder;
}

describe('a lease', () => {
  it('is held by one at a time, and says by whom', async () => {
    await using place = await room();
    const lease = got(await place.leases.acquire(key, 'run 1'));
    expect(await tryIt(place.leases)).toBe(`run 1 (pid ${process.pid} on ${os.hostname()})`);
    got(await place.leases.acquire('another key', 'run 1'));
    await lease[Symbol.asyncDispose]();
    expect(await tryIt(place.leases)).toBe('taken');
  });

  it('leaves nothing behind when it is given back', async () => {
    await using place = await room();
    await got(await place.leases.acquire(key, 'run 1'))[Symbol.asyncDispose]();
    expect(await readdir(place.folder)).toEqual([]);
  });

  it('has a fence that grows, and knows when it is no longer the highest', async () => {
    await using place = await room();
    const first = got(await place.leases.acquire(key, 'run 1'));
    expect(await first.stillHighest()).toBe(true);
    await first[Symbol.asyncDispose]();
    const second = got(await place.leases.acquire(key, 'run 2'));
    expect([first.fence, second.fence]).toEqual([1, 2]);
    expect([await first.stillHighest(), await second.stillHighest()]).toEqual([false, true]);
  });

  it('is recorded with where it was taken', async () => {
    await using place = await room();
    const told: unknown[] = [];
    const fences: Fences = {
      next: (...what) => Promise.resolve(told.push(what)),
      highest: () => Promise.resolve(told.length),
    };
    const leases = fileLeases({ folder: place.folder, fences });
    await got(await leases.acquire(key, 'run r1', { run: 'r1', repo: 'jwt' }))[Symbol.asyncDispose]();
    expect(told).toEqual([[key, 'run r1', { run: 'r1', repo: 'jwt' }]]);
  });

  it('is given back when its fence cannot be recorded', async () => {
    await using place = await room();
    const fences = { next: () => Promise.reject(new Error('disk full')), highest: () => Promise.resolve(0) };
    const broken = fileLeases({ folder: place.folder, fences });
    await expect(broken.acquire(key, 'run 1')).rejects.toThrow('disk full');
    expect(await tryIt(place.leases)).toBe('taken');
  });

  it('is refused while another process holds it, and taken over once that one is dead (B9)', async () => {
    await using place = await room();
    const child = await place.holder();
    expect(await tryIt(place.leases)).toContain(`pid ${child.pid ?? 0} `);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await tryIt(place.leases)).toBe('taken');
  });

  it('is never taken from a process that only sleeps', async () => {
    await using place = await room();
    const child = await place.holder();
    child.kill('SIGSTOP');
    expect(await tryIt(place.leases)).toContain(`pid ${child.pid ?? 0} `);
  });

  it.each<[when: string, change: object, taken: boolean]>([
    ['the pid was given to another process', { started: '1' }, true],
    ['the machine was started anew', { boot: 'an earlier one' }, true],
    ['nobody has that pid', { pid: 2 ** 22 + 1 }, true],
    ['the owner is on another host', { host: 'elsewhere', pid: 2 ** 22 + 1 }, false],
    ['the owner is in another process-id namespace', { namespace: 'pid:[1]', pid: 2 ** 22 + 1 }, false],
    ['the owner lives', {}, false],
  ])('when %s', async (_when, change, taken) => {
    await using place = await room();
    await mkdir(path.join(place.folder, `${key}.lock`));
    const claim = { ...markOfThisProcess(), holder: 'run 0', holds: true, ...change };
    await writeFile(path.join(place.folder, `${key}.x.claim`), JSON.stringify(claim));
    expect((await tryIt(place.leases)) === 'taken').toBe(taken);
  });

  it('is not taken over when the claim beside it cannot be read', async () => {
    await using place = await room();
    await mkdir(path.join(place.folder, `${key}.lock`));
    await writeFile(path.join(place.folder, `${key}.x.claim`), '');
    expect(await tryIt(place.leases)).toContain('unreadable');
  });

  it('goes to one at most of many who find a dead lock at the same moment', async () => {
    await using place = await room();
    const child = await place.holder();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const answers = await Promise.all(Array.from({ length: 8 }, () => place.leases.acquire(key, 'run')));
    expect(answers.filter((answer) => answer.ok).length).toBeLessThanOrEqual(1);
    for (const answer of answers) if (answer.ok) await answer.value[Symbol.asyncDispose]();
    expect(await tryIt(place.leases)).toBe('taken');
  });

  it('is not trusted in a folder that is a link', async () => {
    await using place = await room();
    const link = path.join(place.folder, 'link');
    await mkdir(path.join(place.folder, 'real'));
    await symlink(path.join(place.folder, 'real'), link);
    const leases = fileLeases({ folder: link, fences: counting() });
    await expect(leases.acquire(key, 'run')).rejects.toThrow('belongs to somebody else');
  });
});

describe('what a process leaves that dies between giving the lock back and withdrawing its claim', () => {
  const dead = { ...markOfThisProcess(), pid: 2 ** 22 + 1, holder: 'run 0', holds: true };
  const write = (folder: string, name: string, claim: object): Promise<void> =>
    writeFile(path.join(folder, name), JSON.stringify(claim));

  it('keeps nobody from the lock, and goes when somebody next finds that taken', async () => {
    await using place = await room();
    await write(place.folder, `${key}.x.holds.claim`, dead);
    const lease = got(await place.leases.acquire(key, 'run 1'));
    expect(await tryIt(place.leases)).toContain('run 1');
    await lease[Symbol.asyncDispose]();
    expect(await readdir(place.folder)).toEqual([]);
  });

  it('is swept, of every lock, also of one that nobody ever takes again', async () => {
    await using place = await room();
    await write(place.folder, `${key}.x.holds.claim`, dead);
    await write(place.folder, 'ci-app-ab2cd3ef.y.claim', { ...dead, holds: false });
    await write(place.folder, 'ci-app-ab2cd3ef.z.claim.new', { ...dead, holds: false });
    await place.leases.sweep();
    expect(await readdir(place.folder)).toEqual([]);
  });

  it('is all that is swept: who lives, or cannot be seen, keeps lock and claim', async () => {
    await using place = await room();
    const lease = got(await place.leases.acquire(key, 'run 1'));
    await write(place.folder, 'other.x.holds.claim', { ...dead, host: 'elsewhere' });
    await write(place.folder, 'torn.x.claim', {});
    await write(place.folder, 'own.x.claim.new', { ...markOfThisProcess(), holder: 'run 1', holds: false });
    await writeFile(path.join(place.folder, 'notes.txt'), 'mine');
    const before = await readdir(place.folder);
    await place.leases.sweep();
    expect(await readdir(place.folder)).toEqual(before);
    expect(await lease.stillHighest()).toBe(true);
    expect(await tryIt(place.leases)).toContain('run 1');
  });

  it('leaves a dead lock to whoever wants it next', async () => {
    await using place = await room();
    const child = await place.holder();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await place.leases.sweep();
    expect(await readdir(place.folder)).toEqual([`${key}.lock`]);
    expect(await tryIt(place.leases)).toBe('taken');
  });

  it('is not looked for where there is no folder of ours', async () => {
    await using place = await room();
    const link = path.join(place.folder, 'link');
    await mkdir(path.join(place.folder, 'real'));
    await symlink(path.join(place.folder, 'real'), link);
    await write(link, `${key}.x.holds.claim`, dead);
    await fileLeases({ folder: link, fences: counting() }).sweep();
    expect(await readdir(link)).toHaveLength(1);
    const missing = path.join(place.folder, 'missing');
    await fileLeases({ folder: missing, fences: counting() }).sweep();
    expect(await readdir(place.folder)).not.toContain('missing');
  });
});

describe('two processes that take turns', () => {
  it('never hold it at the same time', async () => {
    await using place = await room();
    const inside = path.join(place.folder, 'inside');
    const log = path.join(place.folder, 'log');
    const workers = Array.from({ length: 2 }, async () => {
      const args = [holderScript, place.folder, key, inside, log];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      const [code] = (await once(child, 'exit')) as [number];
      return code;
    });
    expect(await Promise.all(workers)).toEqual([0, 0]);
    expect((await readFile(log, 'utf8')).trim().split('\n')).toHaveLength(20);
    await expect(rmdir(inside)).rejects.toThrow('ENOENT');
  });
});
