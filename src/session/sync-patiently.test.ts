import { describe, expect, it } from 'vitest';
import { failed, ok } from '../domain/result.ts';
import type { GitFailure, Mirror } from '../ports/mirrors.ts';
import { syncPatiently } from './sync-patiently.ts';
import type { SessionWorld, Visit } from './visit.ts';

const down: GitFailure = { kind: 'unreachable', message: 'nobody listens' };
const refused: GitFailure = { kind: 'access', message: 'no' };
const mirror = { tip: 'c1' } as Mirror;

async function syncing(answers: readonly (GitFailure | Mirror)[], { stopped = false } = {}) {
  const left = [...answers];
  const slept: number[] = [];
  const world = {
    mirrors: {
      sync: () => {
        const next = left.shift();
        if (!next) throw new Error('asked too often');
        return Promise.resolve('tip' in next && !('kind' in next) ? ok(next) : failed(next));
      },
    },
    clock: {
      sleep: (milliseconds: number) => {
        slept.push(milliseconds);
        return Promise.resolve();
      },
    },
  } as unknown as Pick<SessionWorld, 'mirrors' | 'clock'>;
  const drain = stopped ? AbortSignal.abort() : new AbortController().signal;
  const synced = await syncPatiently(world, { identity: {} } as Visit, { drain, now: drain });
  return { synced, slept, left: left.length };
}

describe('a remote that is asked for its branch', () => {
  it.each<[what: string, answers: (GitFailure | Mirror)[], waits: number[], works: boolean]>([
    ['answers', [mirror], [], true],
    ['stumbles twice', [down, down, mirror], [2000, 4000], true],
    ['is not there', [down, down, down], [2000, 4000], false],
    ['refuses us', [refused], [], false],
  ])('and %s', async (_what, answers, waits, works) => {
    const { synced, slept, left } = await syncing(answers);
    expect([synced.ok, slept, left]).toEqual([works, waits, 0]);
  });

  it('is not waited for by a run that is to end', async () => {
    const { synced, slept } = await syncing([down], { stopped: true });
    expect([synced.ok, slept]).toEqual([false, []]);
  });
});
