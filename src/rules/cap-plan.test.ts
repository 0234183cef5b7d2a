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

  it('has nothing twice, nor what a person asked for anyway', () => {
    const planned = [task('Add CSV'), task('Mend it'), task('add  csv!', 'op-1'), task('mend IT.')];
    const { tasks, dropped } = capPlan([...planned, task('Add CSV', 'op-2')], 10);
    expect(tasks.map(({ title }) => title)).toEqual(['add  csv!', 'Add CSV', 'Mend it']);
    expect(dropped).toBe(0);
  });

  it('makes ids unique and safe for file names', () => {
    const planned = ['../x', 'X', '', 'x'].map((id, index) => ({ ...task(id), title: `Task ${index}` }));
    const ids = capPlan(planned, 10).tasks.map((one) => one.id);
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
