import { describe, expect, it } from 'vitest';
import {
  commit,
  finding,
  inSession,
  landed,
  moved,
  planned,
  queued,
  reviewed,
  runStarted,
  task,
  turnEnded,
  turnStarted,
  usage,
  watchEnded,
  watchStarted,
} from '../../test/fakes/facts.ts';
import { lookingWorld, perform, repo } from '../../test/fakes/looking-context.ts';
import type { Remembering } from '../domain/remembering.ts';
import { hours } from '../domain/time.ts';
import type { StandupReport } from '../status/standup.ts';
import { standupCommand } from './standup.ts';

const csv = { ...inSession, session: 's2', repo: 'csv' };

async function night() {
  const world = lookingWorld();
  world.portfolio = [repo('jwt'), repo('csv'), repo('quiet')];
  const { ledger, clock } = world;
  await ledger.record(
    runStarted(),
    queued({ session: 's0' }),
    moved('skipped', { session: 's0' }),
    landed('old'),
  );
  clock.at += hours(30);
  await ledger.record(queued(), moved('setup'), moved('active'), {
    ...planned(task('t1'), task('t2'), task('t3')),
    dropped: 2,
  });
  await ledger.record(turnStarted('1'), turnEnded('1', { usage: usage(1000, 100, 900), seconds: 90 }));
  await ledger.record(
    { type: 'task-ended', ...inSession, task: 't1', state: 'done', why: '', claims: [] },
    { type: 'task-ended', ...inSession, task: 't2', state: 'rejected', why: 'test stayed red', claims: [] },
    { type: 'over-claimed', ...inSession, claim: 'all green', saw: 'exit 1' },
    landed('abcdef0', { commits: [commit('abcdef0', 't1')] }),
    watchStarted('abcdef0'),
    watchEnded('abcdef0', 'red', { why: 'lint failed' }),
  );
  await ledger.record(queued(csv), moved('blocked', { ...csv, blockedBy: 'access', why: 'no push right' }));
  clock.at += hours(1);
  return world;
}
async function standup(world: Awaited<ReturnType<typeof night>>, ...args: string[]): Promise<string> {
  await perform(standupCommand(world.context), args);
  return world.out();
}

function incident(prevention: string, id = 'i1'): Remembering {
  const told = {
    at: 0,
    trigger: 'red-ci',
    title: 'CI turned red',
    impact: '',
    rootCause: '',
    fix: '',
  } as const;
  return {
    id,
    session: 's1',
    task: undefined,
    waits: false,
    commit: undefined,
    what: { kind: 'incident', incident: { ...told, prevention, evidence: '', confidence: 'high' } },
  };
}

describe('clone standup', () => {
  it('tells per repository what landed and why, what failed, what is next and what it cost', async () => {
    const report = JSON.parse(await standup(await night(), '--json')) as StandupReport;
    expect(report.totals).toEqual({
      repos: 2,
      repos_landed: 1,
      landed: 1,
      turns: 1,
      input_tokens: 1000,
      cached_input_tokens: 900,
      output_tokens: 100,
      agent_seconds: 90,
    });
    expect(report.repos).toEqual([
      {
        name: 'jwt',
        landed: [{ sha: 'abcdef0', subject: 'Subject abcdef0', why: 'why t1', session: 's1' }],
        failed: [
          { what: 'task rejected: Task t2', why: 'test stayed red', session: 's1' },
          { what: 'over-claim: all green', why: 'exit 1', session: 's1' },
          { what: 'ci red on abcdef0', why: 'lint failed', session: 's1' },
        ],
        taught: [],
        mended: [],
        next: ['Task t3', '2 more that were over the cap'],
        next_due: null,
        ci: 'red',
        cost: {
          turns: 1,
          input_tokens: 1000,
          cached_input_tokens: 900,
          output_tokens: 100,
          agent_seconds: 90,
        },
      },
      expect.objectContaining({
        name: 'csv',
        landed: [],
        failed: [{ what: 'blocked: access', why: 'no push right', session: 's2' }],
      }),
    ]);
    expect(report.needs_you.map(({ what }) => what)).toEqual(['ci_red', 'access']);
  });

  it('tells what was mended apart from what failed, and leaves what waits for a person to them', async () => {
    const world = await night();
    await world.ledger.record(
      watchEnded('abcdef0', 'fixed', { why: 'green after a fix' }),
      reviewed('blocking', { findings: [finding('P1', 'It is wrong'), finding('P3', 'Small')] }),
      reviewed('passed', { turn: 's1/review-2' }),
      landed('fedcba9', { commits: [commit('fedcba9')] }),
      queued({ ...csv, session: 's3' }),
      moved('blocked', { ...csv, session: 's3', blockedBy: 'human', why: 'waits for you' }),
    );
    const report = JSON.parse(await standup(world, '--json')) as StandupReport;
    const told = report.repos.flatMap(({ failed }) => failed.map(({ what }) => what));
    expect(told).not.toContain('ci fixed on abcdef0');
    expect(told).not.toContain('blocked: human');
    const jwt = report.repos.find(({ name }) => name === 'jwt');
    expect(jwt?.mended).toEqual([
      { what: 'ci on abcdef0', why: 'green after a fix', session: 's1' },
      {
        what: 'P1 a.ts:3: It is wrong',
        why: 'found by the review of codex, mended before it landed',
        session: 's1',
      },
    ]);
    expect(jwt?.landed.at(-1)).toMatchObject({ sha: 'fedcba9', why: 'CI was red on what landed before' });
  });

  it('tells the rule that came of an incident, once, in its last words', async () => {
    const world = await night();
    await world.ledger.record(
      { type: 'memory-proposed', ...inSession, items: [incident('run the tests')] },
      {
        type: 'memory-proposed',
        ...inSession,
        items: [incident('run the tests under TZ=UTC'), incident('', 'i2')],
        again: ['i1'],
      },
    );
    const report = JSON.parse(await standup(world, '--json')) as StandupReport;
    expect(report.repos.find(({ name }) => name === 'jwt')?.taught).toEqual([
      { rule: 'run the tests under TZ=UTC', from: 'CI turned red', session: 's1' },
    ]);
    const words = lookingWorld();
    await perform(standupCommand({ ...words.context, ledger: world.context.ledger.bind(world.context) }), []);
    expect(words.out()).toMatch(/taught +run the tests under TZ=UTC +CI turned red/);
  });

  it('goes back as far as it is asked to', async () => {
    const old = JSON.parse(await standup(await night(), '--json', '--since', '2d')) as StandupReport;
    expect(old.totals.landed).toBe(2);
    const none = JSON.parse(await standup(await night(), '--json', '--since', '30m')) as StandupReport;
    expect(none.repos).toEqual([]);
  });

  it.each([
    ['in words', [], '1 commit landed in 1 repository'],
    ['as Markdown', ['--md'], '## jwt'],
  ])('tells it %s', async (_how, flags, text) => {
    const said = await standup(await night(), ...flags);
    expect(said).toContain(text);
    expect(said).toContain('why t1');
    expect(said).toContain('lint failed');
  });

  it('says that the portfolio cannot be read, as the status does', async () => {
    const world = lookingWorld();
    world.portfolioProblem = { file: 'repos.yaml', line: 3, column: 1, message: 'bad indent', hint: '' };
    await perform(standupCommand(world.context), ['--json']);
    expect((JSON.parse(world.out()) as StandupReport).needs_you).toMatchObject([
      { what: 'configuration', why: 'repos.yaml:3:1: bad indent' },
    ]);
  });

  it('refuses two forms at once', async () => {
    await expect(perform(standupCommand(lookingWorld().context), ['--md', '--json'])).rejects.toThrow(
      'cannot be used with',
    );
  });

  it('refuses a length of time that is none', async () => {
    await expect(standup(await night(), '--since', 'yesterday')).rejects.toThrow('write it as 30m, 8h, 7d');
  });
});
