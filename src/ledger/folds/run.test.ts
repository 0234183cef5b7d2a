import { describe, expect, it } from 'vitest';
import { commit, landed, moved, runStarted, turnEnded, usage } from '../../../test/fakes/facts.ts';
import { foldFacts, type Told } from '../../../test/fakes/fold-facts.ts';
import type { RunView } from '../views.ts';
import { runFold } from './run.ts';

function runAfter(...told: readonly Told[]): RunView | undefined {
  return foldFacts(runFold, [[1000, runStarted()], ...told]).get('r1');
}
const tick = (at: number): Told => [at, { type: 'run-ticked', run: 'r1' }];
const cycle = (n: number, repos: number): Told => ({ type: 'cycle-started', run: 'r1', cycle: n, repos });

describe('a run', () => {
  it('begins as running, with nothing done', () => {
    expect(runAfter()).toMatchObject({
      id: 'r1',
      state: 'running',
      pid: 4711,
      processStart: '99',
      startedAt: 1000,
      tickedAt: 1000,
      cycle: 0,
      cycles: 2,
      parallel: 3,
      sessions: {},
      turns: 0,
      commits: 0,
      warnings: [],
    });
  });

  it('is nothing before it began', () => {
    expect(foldFacts(runFold, [tick(5)]).size).toBe(0);
  });

  it('remembers its last tick and the longest gap', () => {
    const view = runAfter(tick(2000), tick(9000), tick(10_000));
    expect(view).toMatchObject({ tickedAt: 10_000, longestGap: { from: 2000, to: 9000 } });
  });

  it('ends with the rule that ended it', () => {
    const view = runAfter([9000, { type: 'run-ended', run: 'r1', stopReason: 'cycles done', exitCode: 0 }]);
    expect(view).toMatchObject({ state: 'ended', endedAt: 9000, stopReason: 'cycles done', exitCode: 0 });
  });

  it.each<[when: string, told: Told[], view: Partial<RunView>]>([
    ['a cycle began', [cycle(1, 79)], { cycle: 1, cycleRepos: 79, cycleDone: 0, cycleStartedAt: 2000 }],
    [
      'a cycle without a number began',
      [cycle(1, 79), { type: 'cycle-started', run: 'r1', repos: 3 }],
      { cycle: 2, cycleRepos: 3 },
    ],
    [
      'repositories were skipped',
      [
        cycle(1, 3),
        {
          type: 'repos-skipped',
          run: 'r1',
          skipped: [
            { repo: 'a', why: '' },
            { repo: 'b', why: '' },
          ],
        },
      ],
      { cycleDone: 2, sessions: { skipped: 2 } },
    ],
    ['a session went on', [cycle(1, 3), moved('setup')], { cycleDone: 0, sessions: {} }],
    ['a session ended', [cycle(1, 3), moved('no_work')], { cycleDone: 1, sessions: { no_work: 1 } }],
    ['a session was skipped', [cycle(1, 3), moved('skipped')], { sessions: { skipped: 1 } }],
    [
      'an interrupted session was taken up and landed',
      [cycle(1, 3), moved('interrupted'), moved('active'), moved('cleaned')],
      { cycleDone: 1, sessions: { interrupted: 0, cleaned: 1 } },
    ],
    [
      'a blocked session was rejected',
      [cycle(1, 3), moved('blocked'), moved('rejected')],
      { cycleDone: 1, sessions: { blocked: 0, rejected: 1 } },
    ],
    ['a cycle ended', [cycle(1, 3), [5000, { type: 'cycle-ended', run: 'r1' }]], { cycleEndedAt: 5000 }],
    [
      'the next cycle began',
      [cycle(1, 3), moved('no_work'), { type: 'cycle-ended', run: 'r1' }, cycle(2, 4)],
      { cycle: 2, cycleEndedAt: undefined, cycleDone: 0, cycleRepos: 4, sessions: { no_work: 1 } },
    ],
    [
      'turns ended',
      [turnEnded('01'), turnEnded('02', { usage: usage(1, 2, 3), seconds: 5 })],
      { turns: 2, usage: usage(101, 12, 3), agentSeconds: 65 },
    ],
    [
      'something was pushed',
      [landed('c2', { commits: [commit('c1'), commit('c2')] })],
      { commits: 2, pushes: 1 },
    ],
    ['something landed here only', [landed('c1', { mode: 'local' })], { commits: 1, pushes: 0 }],
    ['something is held for a person', [landed('c1', { mode: 'hold' })], { commits: 0, pushes: 0 }],
    ['there was a warning', [{ type: 'warned', run: 'r1', message: 'hm' }], { warnings: ['hm'] }],
    [
      'a file was refused',
      [{ type: 'config-refused', run: 'r1', message: 'line 3' }],
      { warnings: ['line 3'] },
    ],
    ['a session moved that nobody names', [moved('failed', { session: undefined })], { sessions: {} }],
  ])('adds up when %s', (_when, told, view) => {
    expect(runAfter(...told)).toMatchObject(view);
  });

  it('keeps the newest twenty warnings', () => {
    const many = Array.from({ length: 30 }, (_, n): Told => ({ type: 'warned', run: 'r1', message: `${n}` }));
    const view = runAfter(...many);
    expect(view?.warnings).toHaveLength(20);
    expect(view?.warnings.at(-1)).toBe('29');
  });

  it('does not count what another run did', () => {
    expect(runAfter(turnEnded('01', { run: 'r2' }))).toMatchObject({ turns: 0 });
  });
});
