import { describe, expect, it } from 'vitest';
import type { Task } from '../domain/task.ts';
import { capPlan, withKnownIssues } from './cap-plan.ts';

const task = (id: string, operatorTask?: string): Task => ({
  id,
  title: id,
  why: '',
  kind: 'fix',
  acceptance: [],
  paths: [],
  risk: 'low',
  operatorTask,
});

describe('a capped plan', () => {
  it('keeps the first tasks and counts the rest, whatever the agent planned', () => {
    const plan = capPlan(
      Array.from({ length: 50 }, (_, index) => task(`t${index}`)),
      10,
    );
    expect(plan.tasks).toHaveLength(10);
    expect(plan.dropped).toBe(40);
    expect(plan.tasks[0]?.id).toBe('t0');
  });

  it('puts what a person queued first', () => {
    expect(capPlan([task('a'), task('b', 'op-1')], 1).tasks.map((one) => one.id)).toEqual(['b']);
  });

  it('makes ids unique and safe for file names', () => {
    const ids = capPlan([task('../x'), task('X'), task(''), task('x')], 10).tasks.map((one) => one.id);
    expect(ids).toEqual(['x', 'x-2', 't3', 'x-3']);
  });
});

describe('the issues that a plan answers', () => {
  it.each([
    ['one that it was shown', 12, 12],
    ['one from nowhere', 99, undefined],
    ['none', undefined, undefined],
  ])('are kept for %s', (_what, issue, kept) => {
    const [planned] = withKnownIssues([{ ...task('a'), issue }], [{ number: 12 }]);
    expect(planned?.issue).toBe(kept);
  });
});
