import { lstat, mkdir, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { Lease, LeaseHeld, Leases } from '../../ports/leases.ts';
import type { Claim } from './claims.ts';
import { Claims } from './claims.ts';
import { markOfThisProcess } from './living-process.ts';

/** Where fences are recorded: the ledger. */
export interface Fences {
  next(key: string, holder: string): Promise<number>;
  highest(key: string): Promise<number>;
}

export interface FileLeasesOptions {
  /** One per user and machine, whatever home a run has: two homes may know the same repository. */
  readonly folder: string;
  readonly fences: Fences;
}

/**
 * Leases shared by every process on the machine, through files. A lease of a process that is proved dead is taken
 * over; age proves nothing, since a laptop may sleep for a week.
 */
export function fileLeases({ folder, fences }: FileLeasesOptions): Leases {
  return {
    async acquire(key, holder) {
      await ownFolder(folder);
      const taken = await takeLock(folder, key, holder);
      if (!taken.ok) return taken;
      const { lost, giveBack } = taken.value;
      try {
        const fence = await fences.next(key, holder);
        return ok<Lease>({
          key,
          fence,
          lost,
          stillHighest: async () => !lost.aborted && (await fences.highest(key)) === fence,
          [Symbol.asyncDispose]: giveBack,
        });
      } catch (cause) {
        await giveBack();
        throw cause;
      }
    },
  };
}

/** A folder that only this user can write to: on a shared /tmp anybody could have made it first. */
async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  const uid = process.getuid?.();
  if (!found.isDirectory() || (uid !== undefined && found.uid !== uid)) {
    throw new Error(`${folder} belongs to somebody else; locks in it would protect nothing`);
  }
}

interface Taken {
  readonly lost: AbortSignal;
  readonly giveBack: () => Promise<void>;
}

const tries = 5;

/**
 * Takes the lock, after removing that of a dead owner. Of two that find such a lock, both staked a claim before they
 * looked, so at least one sees the other and leaves the lock alone: it can never be that the slower one removes what
 * the faster one has taken anew. Those who see each other withdraw, and come back at different moments.
 */
async function takeLock(folder: string, key: string, holder: string): Promise<Result<Taken, LeaseHeld>> {
  const name = encodeURIComponent(key);
  const file = path.join(folder, name);
  const claims = new Claims(folder, name, await markOfThisProcess());
  let others: readonly Claim[] = [];
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const claim = await claims.stake(holder);
    let lock: Lock | undefined;
    try {
      lock = await tryLock(file);
      if (lock === undefined) {
        others = await claims.others(claim);
        if (others.length === 0) {
          await rmdir(`${file}.lock`).catch(unless('ENOENT'));
          lock = await tryLock(file);
        }
      }
      if (lock !== undefined) {
        await claims.confirm(claim, holder);
        return ok(taken(lock, claims, claim));
      }
    } catch (cause) {
      await lock?.release();
      await claims.withdraw(claim);
      throw cause;
    }
    await claims.withdraw(claim);
    if (others[0]?.holds === true) break;
    await sleep(Math.random() * 30 * attempt);
  }
  return failed({ kind: 'held', holder: describe(others[0]) });
}

function taken(lock: Lock, claims: Claims, claim: string): Taken {
  const giveBack = async (): Promise<void> => {
    // The lock first: a lock without a living claim beside it is anybody's.
    if (!lock.lost.aborted) await lock.release().catch(unless('ERELEASED', 'ENOTACQUIRED'));
    await claims.withdraw(claim);
  };
  return { lost: lock.lost, giveBack };
}

interface Lock {
  readonly lost: AbortSignal;
  readonly release: () => Promise<void>;
}

/** Staleness by age is switched off: a thousand years. */
const never = 1000 * 365 * 24 * 3_600_000;

async function tryLock(file: string): Promise<Lock | undefined> {
  const lost = new AbortController();
  const onCompromised = (cause: Error): void => {
    lost.abort(cause);
  };
  try {
    const options = { realpath: false, stale: never, update: 5_000, onCompromised };
    return { lost: lost.signal, release: await lockfile.lock(file, options) };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw cause;
  }
}

function describe(claim: Claim | undefined): string {
  if (claim === undefined) return 'somebody who has just let go';
  return `${claim.holder} (pid ${claim.pid} on ${claim.host})`;
}

function unless(...codes: readonly string[]): (cause: unknown) => void {
  return (cause) => {
    if (!codes.includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
  };
}
