import { describe, expect, it } from 'vitest';
import {
  inSession,
  landed,
  moved,
  planned,
  queued,
  runStarted,
  task,
  turnEnded,
  turnStarted,
  usage,
  watchEnded,
  watchStarted,
} from '../../test/fakes/facts.ts';
import { events, type Told } from '../../test/fakes/fold-facts.ts';
import { minutes } from '../domain/time.ts';
import { busySessions, type LiveState, liveAfter, nothingYet } from './live-state.ts';
import { renderLive } from './render-live.ts';
import { widthOf } from './width.ts';

function liveOf(...told: readonly Told[]): LiveState {
  return events(told).reduce(liveAfter, nothingYet);
}
function drawn(state: LiveState, more: Partial<Parameters<typeof renderLive>[1]> = {}): string {
  return renderLive(state, { columns: 120, rows: 20, now: minutes(10), colour: false, ...more }).join('\n');
}

const run: Told = [0, runStarted()];
const cycle: Told = [0, { type: 'cycle-started', run: 'r1', cycle: 1, repos: 79 }];
const active: Told[] = [queued(), moved('setup'), moved('active')];
const pushed: Told[] = [
  moved('completed_unreviewed'),
  moved('accepted'),
  moved('merged'),
  landed('abcdef0'),
  moved('pushed'),
  moved('cleaned'),
  watchStarted('abcdef0'),
];

describe('the live state', () => {
  it('knows who is busy', () => {
    expect(busySessions(liveOf(run, ...active)).map(({ id }) => id)).toEqual(['s1']);
    expect(busySessions(liveOf(run, ...active, moved('no_work')))).toEqual([]);
    expect(busySessions(liveOf(run, ...active, ...pushed))).toEqual([]);
  });

  it('counts a fix pass as busy while its turn goes on', () => {
    const fixing: Told[] = [
      ...active,
      ...pushed,
      { type: 'fix-started', ...inSession, sha: 'abcdef0', attempt: 1, signature: 'x' },
    ];
    expect(busySessions(liveOf(run, ...fixing))).toEqual([]);
    expect(busySessions(liveOf(run, ...fixing, turnStarted('f')))).toHaveLength(1);
    expect(busySessions(liveOf(run, ...fixing, turnStarted('f'), turnEnded('f')))).toEqual([]);
  });

  it('forgets watches that have their verdict', () => {
    expect(liveOf(run, ...active, ...pushed).watches.size).toBe(1);
    expect(liveOf(run, ...active, ...pushed, watchEnded('abcdef0', 'green')).watches.size).toBe(0);
  });

  it('leaves alone what began before anybody looked', () => {
    expect(liveOf(run, moved('setup')).sessions.size).toBe(0);
  });

  it('stays small however many sessions there were, and keeps the open ones', () => {
    const many = Array.from({ length: 500 }, (_, n): Told[] => [
      queued({ session: `s-${n}` }),
      ...(n === 0 ? [] : [moved('skipped', { session: `s-${n}` })]),
    ]).flat();
    const state = liveOf(run, ...many);
    expect(state.sessions.size).toBe(200);
    expect(state.sessions.has('s-0')).toBe(true);
    expect(state.sessions.has('s-499')).toBe(true);
  });
});

describe('the live view', () => {
  const working = liveOf(
    run,
    cycle,
    ...active,
    planned(task('t1'), task('t2')),
    turnStarted('2', { task: 't2' }),
    { type: 'turn-progressed', ...inSession, turn: '2', doing: '$ npm test', usage: usage(12_000, 345) },
  );

  it('begins before the run is known', () => {
    expect(drawn(nothingYet)).toBe('clone begins …');
  });

  it('shows progress, each worker, and totals', () => {
    expect(drawn(working)).toBe(
      [
        'run r1   cycle 1/2   0/79 repositories   1/3 at work   10 m 0 s',
        '  jwt  task 2/2  9 m 59 s  12 345 tok  $ npm test',
        '0 commits   0 pushes   0 turns   0 in   0 out',
      ].join('\n'),
    );
  });

  it('shows what waits, what needs a person, and what was done', () => {
    const state = liveOf(
      run,
      cycle,
      ...active,
      turnStarted('1'),
      turnEnded('1', { usage: usage(1000, 10) }),
      ...pushed,
      queued({ session: 's2', repo: 'csv' }),
      moved('blocked', { session: 's2', repo: 'csv', blockedBy: 'access', why: 'no push right' }),
      { type: 'agent-parked', agent: 'codex', until: minutes(20), why: '429' },
    );
    const text = drawn(state);
    expect(text).toContain('CI  jwt abcdef0 pending');
    expect(text).toContain('waits  codex, 10 m 0 s more: 429');
    expect(text).toContain('! csv needs you (access): no push right  clone show s2');
    expect(text).toContain('landed 1   blocked 1   1 commit   1 push   1 turn   1 000 in   10 out');
  });

  it('says that a cycle without end has none', () => {
    expect(drawn(liveOf([0, runStarted({ cycles: 0 })], cycle))).toContain('cycle 1   ');
  });

  it.each([
    [20, 4],
    [40, 6],
    [80, 10],
    [200, 3],
    [80, 2],
    [80, 1],
  ])('fits into %d columns and %d rows', (columns, rows) => {
    const crowd = Array.from({ length: 30 }, (_, n): Told[] => [
      queued({ session: `s${n}`, repo: `repository-${n}-日本語` }),
      ...(n % 3 === 0
        ? [moved('blocked', { session: `s${n}`, why: 'x'.repeat(300), blockedBy: 'human' })]
        : []),
      ...(n % 3 === 1 ? [watchStarted(`c${n}`, { session: `s${n}` })] : []),
    ]).flat();
    const lines = renderLive(liveOf(run, cycle, ...crowd), {
      columns,
      rows,
      now: minutes(10),
      colour: false,
    });
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
  });

  it('says how many there was no room for', () => {
    const crowd = Array.from({ length: 9 }, (_, n): Told => queued({ session: `s${n}`, repo: `r${n}` }));
    expect(drawn(liveOf(run, ...crowd), { rows: 6 })).toContain('… and 6 more');
  });

  it('has colour only when asked', () => {
    expect(drawn(working)).not.toContain('\u001b');
    expect(drawn(working, { colour: true })).toContain('\u001b[1mrun r1');
  });

  it('keeps a stranger’s text from moving the cursor', () => {
    const state = liveOf(run, ...active, turnStarted('1'), {
      type: 'turn-progressed',
      ...inSession,
      turn: '1',
      doing: 'a\u001b[2J\nb',
      usage: usage(0),
    });
    expect(drawn(state)).toContain('  a b');
    expect(drawn(state)).not.toContain('\u001b');
  });
});
