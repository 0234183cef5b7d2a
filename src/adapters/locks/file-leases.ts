import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FactContext } from '../../domain/fact.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { Lease, LeaseHeld, Leases } from '../../ports/leases.ts';
import type { Claim } from './claims.ts';
import { Claims, withdrawTheDead } from './claims.ts';
import { type FolderLock, lockByFolder } from './folder-lock.ts';
import { markOfThisProcess } from './living-process.ts';

/** Where fences are recorded: the ledger. */
export interface Fences {
  next(key: string, holder: string, context: FactContext): Promise<number>;
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
    sweep: () =>
      promised(() => {
        if (isOurs(folder)) withdrawTheDead(folder, markOfThisProcess);
      }),
    async acquire(key, holder, context = {}) {
      ownFolder(folder);
      const taken = await takeLock(folder, key, holder);
      if (!taken.ok) return taken;
      const { lock, giveBack } = taken.value;
      try {
        const fence = await fences.next(key, holder, context);
        return ok<Lease>({
          key,
          fence,
          lost: lock.lost,
          stillHighest: async () => lock.isOurs() && (await fences.highest(key)) === fence,
          [Symbol.asyncDispose]: () => promised(giveBack),
        });
      } catch (cause) {
        giveBack();
        throw cause;
      }
    },
  };
}

/** A folder that only this user can write to: on a shared /tmp anybody could have made it first. */
function ownFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isOurs(folder))
    throw new Error(`${folder} belongs to somebody else; locks in it would protect nothing`);
}

/** False, too, when there is none. */
function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const uid = process.getuid?.();
  return found?.isDirectory() === true && (uid === undefined || found.uid === uid);
}

interface Taken {
  readonly lock: FolderLock;
  readonly giveBack: () => void;
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
  const claims = new Claims(folder, name, markOfThisProcess());
  let others: readonly Claim[] = [];
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const claim = claims.stake(holder);
    let lock: FolderLock | undefined;
    try {
      lock = lockByFolder(`${file}.lock`);
      if (lock === undefined) {
        others = claims.others(claim);
        if (others.length === 0) {
          removeFolder(`${file}.lock`);
          lock = lockByFolder(`${file}.lock`);
        }
      }
      if (lock !== undefined) {
        return ok(taken(lock, claims, claims.confirm(claim)));
      }
    } catch (cause) {
      lock?.release();
      claims.withdraw(claim);
      throw cause;
    }
    claims.withdraw(claim);
    if (others[0]?.holds === true) break;
    await sleep(Math.random() * 30 * attempt);
  }
  return failed({ kind: 'held', holder: describe(others[0]) });
}

function taken(lock: FolderLock, claims: Claims, claim: string): Taken {
  const giveBack = (): void => {
    // The lock first: a lock without a living claim beside it is anybody's.
    lock.release();
    claims.withdraw(claim);
  };
  return { lock, giveBack };
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
}

function describe(claim: Claim | undefined): string {
  if (claim === undefined) return 'somebody who has just let go';
  return `${claim.holder} (pid ${claim.pid} on ${claim.host})`;
}

function promised(work: () => void): Promise<void> {
  return new Promise((resolve) => {
    work();
    resolve();
  });
}
