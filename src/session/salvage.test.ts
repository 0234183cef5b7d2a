import { beforeEach, describe, expect, it } from 'vitest';
import { inSession, moved, queued } from '../../test/fakes/facts.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { salvageStrays } from './salvage.ts';
import type { OpenSession } from './visit.ts';

let ledger: Ledger;
beforeEach(async () => {
  ledger = openLedger(memoryEventLog(), { now: () => 1 });
  await ledger.record(queued(), moved('setup'), moved('active'));
});

describe('commits that an agent made on refs of its own', () => {
  it('are told once, however often and by whichever process they are found', async () => {
    const strays = Array.from({ length: 60 }, (_, at) => ({
      sha: `s${at}`,
      ref: `refs/clone/salvage/s1/s${at}`,
    }));
    const session = {
      visit: { session: 's1' },
      ledger: ledger.within(inSession),
      workspace: { strayCommits: () => Promise.resolve(strays) },
    } as unknown as OpenSession;
    await salvageStrays(session);
    await salvageStrays(session);
    const told = await ledger.events({ types: ['salvaged'] });
    expect(told.map((event) => event.type === 'salvaged' && event.sha)).toEqual(strays.map(({ sha }) => sha));
  });
});
