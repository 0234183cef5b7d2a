import { describe, expect, it } from 'vitest';
import type { CiState } from '../domain/ci.ts';
import type { BlockedBy } from '../domain/failure.ts';
import type { SessionEnd } from '../domain/session-state.ts';
import { exitCodeOf } from './exit-code.ts';

const quiet = { ends: [], interrupted: false, busy: 0, waiting: [], ci: [] };
const ended = (state: SessionEnd['state'], blockedBy?: BlockedBy): SessionEnd => ({
  state,
  blockedBy,
  why: '',
});

type Row = [
  when: string,
  ends: readonly SessionEnd[],
  more: { busy?: number; ci?: readonly CiState[]; interrupted?: boolean; waiting?: readonly BlockedBy[] },
  code: number,
];

describe('a run', () => {
  it.each<Row>([
    ['nothing to do', [], {}, 0],
    ['nothing to complain about', [ended('cleaned')], {}, 0],
    ['a failure', [ended('failed')], {}, 1],
    ['a rejection beside a limit', [ended('rejected'), ended('blocked', 'limit')], {}, 1],
    ['red CI', [ended('cleaned')], { ci: ['red'] }, 1],
    ['work taken back since CI stayed red', [ended('cleaned')], { ci: ['reverted', 'green'] }, 1],
    ['red CI that was mended', [ended('cleaned')], { ci: ['fixed', 'green'] }, 0],
    ['a limit', [ended('blocked', 'limit')], {}, 3],
    ['a question for a person', [ended('blocked', 'human')], {}, 4],
    ['a limit beside a missing right', [ended('blocked', 'access'), ended('blocked', 'limit')], {}, 3],
    ['an untyped block', [ended('blocked')], {}, 0],
    ['everything held by another process', [ended('skipped')], { busy: 1 }, 5],
    ['one repository of two held by another process', [ended('skipped'), ended('no_work')], { busy: 1 }, 0],
    ['an interruption', [ended('failed')], { interrupted: true }, 130],
  ])('with %s', (_when, ends, more, code) => {
    expect(exitCodeOf({ ...quiet, ends, ...more })).toBe(code);
  });

  it.each<[waits: BlockedBy, code: number]>([
    ['human', 4],
    ['access', 4],
    ['contract', 4],
    ['environment', 4],
    ['agent', 4],
    ['limit', 3],
    ['budget', 3],
  ])('that began nothing and saw what waits, blocked by %s', (waits, code) => {
    expect(exitCodeOf({ ...quiet, waiting: [waits] })).toBe(code);
    expect(exitCodeOf({ ...quiet, ends: [ended('cleaned')], waiting: [waits] })).toBe(code);
  });

  it.each<Row>([
    ['was interrupted', [], { interrupted: true, waiting: ['human'] }, 130],
    ['had a failure', [ended('failed')], { waiting: ['human'] }, 1],
    ['has red CI', [], { ci: ['red'], waiting: ['access'] }, 1],
    ['met a limit', [ended('blocked', 'limit')], { waiting: ['human'] }, 3],
    ['found the others held', [ended('skipped')], { busy: 1, waiting: ['human'] }, 4],
  ])('that saw what waits, and %s', (_when, ends, more, code) => {
    expect(exitCodeOf({ ...quiet, ends, ...more })).toBe(code);
  });
});
