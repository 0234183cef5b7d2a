import { describe, expect, it } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import { judgeChecks } from './judge-checks.ts';
import { contradicted, overClaims } from './over-claims.ts';

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
    expect(judgeChecks([])).toEqual({ kind: 'green', red: [] });
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

  it.each([
    ['All tests pass', '', true],
    ['It works, no errors', 'npm test', true],
    ['Everything is green', 'npm test -- --run', true],
    ['The build is green', 'npm run build', false],
    ['Lint passes', '', false],
    ['Added a test for CSV', 'npm test', false],
  ])(
    'is one also where the check was red before us, if it names the check: "%s" (%s): %s',
    (text, how, over) => {
      const verdict = judgeChecks([
        { evidence: evidence(1, 'red before us'), required: true, redBeforeUs: true },
      ]);
      const claimed = contradicted([{ text, how }], verdict);
      expect(claimed.map(({ saw }) => saw)).toEqual(
        over ? ['test (`npm test`) ended with exit 1, red before us'] : [],
      );
    },
  );

  it('counts as any other where the work itself is red', () => {
    const verdict = judgeChecks([{ evidence: evidence(1), required: true, redBeforeUs: false }]);
    expect(contradicted([{ text: 'The build is green', how: '' }], verdict)).toHaveLength(1);
  });
});
