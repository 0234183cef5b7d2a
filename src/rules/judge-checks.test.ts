import { describe, expect, it } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import { judgeChecks } from './judge-checks.ts';
import { overClaims } from './over-claims.ts';

const evidence = (exitCode: number | undefined, note?: string): Evidence => ({
  check: 'test',
  command: 'npm test',
  exitCode,
  seconds: 1,
  label: 'local',
  tree: 't',
  at: 0,
  note,
});

describe('the checks of a tree', () => {
  it.each([
    ['exit 0', 0, true, false, 'green'],
    ['exit 1', 1, true, false, 'red'],
    ['no exit at all', undefined, true, false, 'red'],
    ['exit 1 of a check that is only reported', 1, false, false, 'green'],
    ['exit 1 of a check that was red before us', 1, true, true, 'green'],
  ])('with %s', (_when, exitCode, required, redBeforeUs, kind) => {
    expect(judgeChecks([{ evidence: evidence(exitCode), required, redBeforeUs }]).kind).toBe(kind);
  });

  it('are green when there are none', () => {
    expect(judgeChecks([])).toEqual({ kind: 'green' });
  });
});

describe('an over-claim', () => {
  it.each([
    ['All tests pass.', '', true],
    ['The build is green', 'ran it', true],
    ['Verified', 'npm test: ok', true],
    ['Added a test for CSV', '', false],
    ['The test fails without the change', '', false],
    ['It passes review', '', false],
  ])('"%s" (%s): %s', (text, how, over) => {
    expect(overClaims([{ text, how }], [evidence(1)]).length > 0).toBe(over);
  });

  it('says what we saw', () => {
    expect(overClaims([{ text: 'tests pass', how: '' }], [evidence(2)])).toEqual([
      { claim: 'tests pass', saw: 'test (`npm test`) ended with exit 2' },
    ]);
    expect(overClaims([{ text: 'tests pass', how: 'x' }], [evidence(undefined, 'timed out')])).toEqual([
      { claim: 'tests pass (x)', saw: 'test (`npm test`) ended with timed out' },
    ]);
    expect(overClaims([{ text: 'tests pass', how: '' }], [evidence(undefined)])[0]?.saw).toContain('no exit');
  });

  it('is none where nothing failed', () => {
    expect(overClaims([{ text: 'tests pass', how: '' }], [])).toEqual([]);
  });
});
