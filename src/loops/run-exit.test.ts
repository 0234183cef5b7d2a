import { expect, it } from 'vitest';
import { type PortfolioWorldOptions, portfolioWorld } from '../../test/fakes/portfolio-world.ts';
import type { Options } from '../config/options.ts';
import type { BlockedBy } from '../domain/failure.ts';
import { failed, ok } from '../domain/result.ts';
import type { EndState } from '../domain/session-state.ts';
import { hours } from '../domain/time.ts';
import type { ForgeFailure } from '../ports/forge.ts';
import type { GitFailure } from '../ports/mirrors.ts';
import { runCycle } from './cycle.ts';
import { memoryFilesOf } from './memory-files.ts';
import { run } from './run.ts';
import type { RunWorld } from './run-world.ts';
import type { CiScheduler } from './watch-ci.ts';

/** A portfolio of one repository, with what earlier runs left; whatever a run finds out there, it visits nothing. */
function home(given: PortfolioWorldOptions = {}) {
  const fake = portfolioWorld(given);
  const { ledger, clock } = fake;
  fake.add('app', 'quiet');
  let remote: GitFailure | undefined;
  let forge: ForgeFailure | undefined;
  let sessions = 0;
  const { mirrors } = fake.world;
  const world = {
    ...fake.world,
    // Nobody waits here: time stands still.
    clock: { now: () => clock.at, sleep: slept },
    processes: { self: { pid: 1, start: '', host: '' }, alive: () => false },
    commands: { sweepStrays: () => Promise.resolve() },
    leases: {
      sweep: () => Promise.resolve(),
      acquire: () => Promise.resolve(ok({ [Symbol.asyncDispose]: () => Promise.resolve() })),
    },
    portfolio: { read: () => Promise.resolve(ok(fake.entries())) },
    files: { ...fake.world.files, folder: '/logs' },
    version: '0',
    forge: fake.world.forge && {
      ...fake.world.forge,
      pushed: () => (forge ? Promise.resolve(failed(forge)) : fake.world.forge?.pushed()),
    },
    mirrors: {
      ...mirrors,
      workspaces: () => [],
      sync: (identity: Parameters<typeof mirrors.sync>[0]) =>
        remote ? Promise.resolve(failed(remote)) : mirrors.sync(identity),
    },
  } as unknown as RunWorld;
  return {
    ...fake,
    /** The first visit, of an earlier run; it found nothing to do. */
    async seen(): Promise<void> {
      const memory = memoryFilesOf(world.discovery);
      const sweep = {
        cycle: 1,
        repos: fake.entries(),
        scheduler: {} as CiScheduler,
        memory,
        visit: fake.visit,
      };
      await runCycle(fake.world, { ...fake.order, run: 'r0' }, { ...sweep, deadline: hours(1e9) }, fake.stop);
      expect(fake.visits.splice(0)).toHaveLength(1);
    },
    /** A visit of an earlier run that ended so; `accepted`: its work was, before that. */
    async visited(state: EndState, blockedBy?: BlockedBy, { accepted = false } = {}): Promise<void> {
      sessions += 1;
      const here = ledger.within({ run: 'r0', cycle: 1, repo: 'app', session: `app-${sessions}` });
      const path = fake.entries()[0]?.path ?? '';
      const to = accepted
        ? (['setup', 'active', 'completed_unreviewed', 'accepted'] as const)
        : ['setup' as const];
      await here.record({ type: 'session-queued', agent: 'codex', land: 'push', why: '', path, logs: '' });
      for (const next of to)
        await here.record({
          type: 'session-moved',
          to: next,
          facts: next === 'setup' ? { base: 'b' } : { tip: 't' },
        });
      await here.record({ type: 'session-moved', to: state, blockedBy, why: state, facts: {} });
      clock.at += 1000;
    },
    remoteSays(failure: GitFailure): void {
      remote = failure;
    },
    forgeSays(failure: ForgeFailure): void {
      forge = failure;
    },
    async run({ only = [], ...options }: Partial<Options> & { only?: string[] } = {}) {
      const order = { ...fake.order, run: 'r1', only };
      const all = { ...order.options, idea_bootstrap_enabled: false, max_cycles: 1, ...options };
      const result = await run(world, { ...order, options: all }, fake.stop);
      expect(fake.visits).toEqual([]);
      const told = await ledger.events({ types: ['repos-skipped', 'warned'] });
      return { code: result.exitCode, told: JSON.stringify(told) };
    },
  };
}

function slept(milliseconds: number, stop?: AbortSignal): Promise<void> {
  if (milliseconds === 0 || stop?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    stop?.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

const refused: GitFailure = { kind: 'access', message: 'no right' };
const away: GitFailure = { kind: 'unreachable', message: 'no route' };

it('ends with 0 where nothing waits', async () => {
  const app = home();
  await app.seen();
  expect((await app.run()).code).toBe(0);
});

it('ends with 4 in every run while work waits for a decision, and says where', async () => {
  const app = home();
  await app.visited('blocked', 'human', { accepted: true });
  const { code, told } = await app.run();
  expect(code).toBe(4);
  expect(told).toContain('clone review app-1');
});

it('ends with 0 where work waits in a repository that the run may not touch', async () => {
  const app = home();
  await app.visited('blocked', 'human', { accepted: true });
  app.add('other', 'quiet');
  app.change('other', { gone: true });
  const first = await app.run({ only: ['other'] });
  expect([first.code, first.told]).toEqual([4, expect.not.stringContaining('app')]);
  expect((await app.run({ only: ['other'] })).code).toBe(0);
});

it.each<[what: string, blockedBy: BlockedBy, remote: GitFailure]>([
  ['still refuses', 'access', refused],
  ['refuses, where it was away before', 'environment', refused],
  ['is still away', 'environment', away],
  ['is away, where it refused before', 'access', away],
])('ends with 4 while accepted work cannot land since its remote %s', async (_what, blockedBy, remote) => {
  const app = home();
  await app.visited('blocked', blockedBy, { accepted: true });
  app.remoteSays(remote);
  const { code, told } = await app.run();
  expect(code).toBe(4);
  expect(told).toContain('the work of app-1 waits to land');
});

it('ends with 4 while accepted work waits for a repository that is not there', async () => {
  const app = home();
  await app.visited('blocked', 'environment', { accepted: true });
  app.change('app', { gone: true });
  expect((await app.run()).code).toBe(4);
  expect((await app.run()).code).toBe(4);
});

it.each<[state: EndState, blockedBy: BlockedBy | undefined, code: number]>([
  ['blocked', 'access', 4],
  ['blocked', 'agent', 4],
  ['failed', undefined, 0],
])(
  'left out after three visits that ended %s (%s) in a row, it ends with %d',
  async (state, blockedBy, code) => {
    const app = home();
    for (let visit = 0; visit < 3; visit += 1) await app.visited(state, blockedBy);
    const left = await app.run();
    expect(left.told).toContain('the next is not before');
    expect(left.code).toBe(code);
  },
);

it.each<[what: string, remote: GitFailure, code: number]>([
  ['refuses us', refused, 4],
  ['does not answer', away, 0],
])('ends so when nothing is to be done and the remote %s', async (_what, remote, code) => {
  const app = home();
  await app.seen();
  app.clock.at += hours(30);
  app.remoteSays(remote);
  const left = await app.run();
  expect(left.told).toContain('could not be asked');
  expect(left.code).toBe(code);
});

it.each<[what: string, failure: ForgeFailure, code: number]>([
  ['does not know the token', { kind: 'access', message: '401: Bad credentials', unknownToken: true }, 4],
  ['lets it not ask for everything', { kind: 'access', message: '403: Resource not accessible' }, 0],
  ['is down', { kind: 'unavailable', message: '503' }, 0],
])('ends so when nothing is to be done and the forge %s', async (_what, failure, code) => {
  const app = home({ forge: true });
  await app.seen();
  app.forgeSays(failure);
  const left = await app.run();
  expect(left.code).toBe(code);
  expect(left.told.includes('does not accept the token: 401: Bad credentials')).toBe(code === 4);
});

it('ends with 3 when it could start nobody because of a limit that an earlier run met', async () => {
  const app = home();
  await app.ledger.record({
    type: 'agent-parked',
    agent: 'codex',
    until: app.clock.at + hours(5),
    why: 'spent',
  });
  const left = await app.run({ max_hours: 1 });
  expect(left.told).toContain('the agent codex is parked');
  expect(left.code).toBe(3);
});
