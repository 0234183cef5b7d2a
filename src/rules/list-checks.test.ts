import { describe, expect, it } from 'vitest';
import type { Check } from '../domain/check.ts';
import { listChecks } from './list-checks.ts';

const check = (run: string, required = true): Check => ({
  name: 'test',
  run,
  timeoutSeconds: 60,
  required,
  source: 'package.json',
});

describe('the list of checks', () => {
  it('has a line for each', () => {
    expect(listChecks([check('npm test'), check('npm run lint', false)])).toBe(
      '- test: `npm test`\n- test: `npm run lint` (reported only)',
    );
  });

  it('says what to do when none are known', () => {
    expect(listChecks([])).toMatch(/none are known/);
  });

  it('stays short, whatever the commands are', () => {
    const list = listChecks(Array.from({ length: 100 }, () => check(`set -e\n${'x'.repeat(5000)}`)));
    expect(list.length).toBeLessThan(10_000);
    expect(list.split('\n')).toHaveLength(31);
    expect(list).toContain('`set -e ⏎ xxx');
    expect(list).toMatch(/and 70 more$/);
  });
});
