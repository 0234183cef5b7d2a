import { expect, it } from 'vitest';
import { failed, ok } from '../domain/result.ts';
import type { Lease } from '../ports/leases.ts';
import type { World } from '../ports/world.ts';
import { compactionWorkspace } from '../rules/compaction-workspace.ts';
import { sweepCompactions } from './sweep-compactions.ts';

/** Workspaces of these names, and repositories on which somebody is at work. */
function home({ workspaces, busy = [] }: { workspaces: readonly string[]; busy?: readonly string[] }) {
  const left = new Set(workspaces);
  const leases: string[] = [];
  const held = new Set<string>();
  const lease = (key: string): Lease =>
    ({
      lost: new AbortController().signal,
      [Symbol.asyncDispose]: () => Promise.resolve(void held.delete(key)),
    }) as unknown as Lease;
  const world = {
    mirrors: {
      workspaces: () => [...left],
      discardWorkspace(name: string) {
        // Nobody can open it meanwhile.
        expect(held.size).toBe(1);
        left.delete(name);
        return Promise.resolve();
      },
    },
    leases: {
      acquire(key: string) {
        leases.push(key);
        if (busy.includes(key)) return Promise.resolve(failed({ kind: 'held' as const, holder: 'run r0' }));
        held.add(key);
        return Promise.resolve(ok(lease(key)));
      },
    },
  } as unknown as Pick<World, 'mirrors' | 'leases'>;
  return { world, leases, held, left: () => [...left] };
}

it('removes what a dead compaction left, holding the lease of its repository', async () => {
  const key = 'my.app_x-0123456789ab';
  const there = home({ workspaces: [compactionWorkspace(key)] });
  await sweepCompactions(there.world, { run: 'r1' });
  expect(there.left()).toEqual([]);
  expect([there.leases, [...there.held]]).toEqual([[key], []]);
});

it('leaves the workspace of a compaction that goes on, and sweeps the next', async () => {
  const [living, dead] = ['one-0123456789ab', 'two-0123456789ab'];
  const there = home({ workspaces: [living, dead].map(compactionWorkspace), busy: [living] });
  await sweepCompactions(there.world, { run: 'r1' });
  expect(there.left()).toEqual([compactionWorkspace(living)]);
});

it('takes no lease and removes nothing where there are workspaces of sessions only', async () => {
  const workspaces = ['app-ab2cd3ef', 'app-ab2cd3ef-landing', 'compact-ab2cd3ef', 'compact-x-ab2cd3ef'];
  const there = home({ workspaces });
  await sweepCompactions(there.world, { run: 'r1' });
  expect([there.left(), there.leases]).toEqual([workspaces, []]);
});
