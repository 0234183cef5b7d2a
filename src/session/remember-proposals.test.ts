import { expect, it } from 'vitest';
import { inSession, task } from '../../test/fakes/facts.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import { steppingClock } from '../../test/fakes/stepping-clock.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { proposeOverClaim, proposeRedCi } from './remember-proposals.ts';
import type { Visit } from './visit.ts';

function session() {
  const clock = steppingClock(1000);
  const ledger = openLedger(memoryEventLog(), clock).within(inSession);
  const visit = { repo: { name: 'jwt' }, session: 's1' } as Visit;
  const told = async () =>
    (await ledger.events({ types: ['memory-proposed'] })).map((event) =>
      event.type === 'memory-proposed' ? [event.items.map(({ id }) => id), event.again] : [],
    );
  return { world: { clock }, here: { visit, ledger }, told };
}
const lesson = { rootCause: 'It was late.', preventionRule: 'Sleep.' };

it('tells an over-claim as new once, however often it is told with more known', async () => {
  const { world, here, told } = session();
  const claim = { task: task('t1'), claims: [{ claim: 'it holds', saw: 'exit 1' }], command: 'npm test' };
  await proposeOverClaim(world, here, claim);
  await proposeOverClaim(world, here, claim);
  await proposeOverClaim(world, here, { ...claim, mended: { lesson } });
  const id = 's1/t1/over-claim';
  expect(await told()).toEqual([
    [[id], undefined],
    [[id], [id]],
    [[id], [id]],
  ]);
  expect((await here.ledger.memory('jwt'))?.pending).toMatchObject([
    { what: { incident: { fix: expect.stringMatching(/repair turn/) as string } } },
  ]);
});

it('tells each red commit as new once', async () => {
  const { world, here, told } = session();
  const red = { sha: 'c1', jobs: ['ci.yml / test'], url: undefined };
  await proposeRedCi(world, here, { ...red, fix: 'Mend it', lesson });
  await proposeRedCi(world, here, red);
  await proposeRedCi(world, here, { ...red, sha: 'c2' });
  expect((await told()).map(([, again]) => again)).toEqual([undefined, ['red-ci/c1'], undefined]);
});
