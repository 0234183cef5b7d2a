import { expect, it } from 'vitest';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { parkingLot } from './parking-lot.ts';

const now = 1_000_000;
const stop = { drain: new AbortController().signal, now: new AbortController().signal };

it.each([
  ['in an hour', now + 3_600_000, now + 3_600_000],
  ['over already, since two clocks differ', now - 5000, now + 60_000],
  ['not known', undefined, undefined],
])('an agent whose limit ends %s starts nothing before it does', async (_when, told, until) => {
  const ledger = openLedger(memoryEventLog(), { now: () => now });
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const parking = parkingLot({ ledger, clock }, [], stop);
  await parking.hear('codex', { kind: 'agent-limited', message: 'too much', until: told });
  expect((await ledger.agents()).map((agent) => [agent.agent, agent.until, agent.why])).toEqual([
    ['codex', until, 'too much'],
  ]);
  expect(await parking.mayStart('codex', now + 1000)).toBe(false);
  expect(await parking.mayStart('other', now + 1000)).toBe(true);
});
