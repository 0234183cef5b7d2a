import { describe, expect, it } from 'vitest';
import { task } from '../../test/fakes/facts.ts';
import type { TaskState } from '../domain/task.ts';
import { type CutOff, mayResume, tasksLeft } from './may-resume.ts';

const tasks = (...states: TaskState[]): CutOff['tasks'] =>
  states.map((state, at) => ({ state, plan: task(`t${at + 1}`) }));
const atWork: CutOff = {
  ...{ state: 'active', base: 'b0', commits: ['c1'], resumed: 0 },
  tasks: tasks('done', 'active'),
};

describe('a session whose run died goes on', () => {
  it.each<[when: string, session: Partial<CutOff>, goesOn: boolean]>([
    ['it was at work', {}, true],
    ['its work was complete', { state: 'completed_unreviewed', tasks: tasks('done') }, true],
    ['it went on once before', { resumed: 1 }, true],
    ['it went on twice before, and died again', { resumed: 2 }, false],
    ['nothing was verified before it was cut off', { commits: [], tasks: tasks('active') }, true],
    ['its last task was done', { tasks: tasks('done', 'dropped') }, true],
    ['all its tasks had come to nothing', { commits: [], tasks: tasks('rejected', 'dropped') }, false],
    ['it had no plan yet', { tasks: [] }, false],
    ['it had no workspace', { base: undefined }, false],
    ['it was being set up', { state: 'setup' }, false],
    ['it was accepted, and lands another way', { state: 'accepted' }, false],
    ['it had ended', { state: 'interrupted' }, false],
    ['it answers an issue', { tasks: [{ state: 'active', plan: task('t1', { issue: 7 }) }] }, false],
  ])('when %s: %s', (_when, session, goesOn) => {
    expect(mayResume({ ...atWork, ...session })).toBe(goesOn);
  });

  it.each<[left: string[], states: TaskState[]]>([
    [
      ['t2', 't3'],
      ['done', 'active', 'planned'],
    ],
    [
      ['t3', 't1'],
      ['planned', 'done', 'active'],
    ],
    [[], ['done', 'rejected', 'blocked', 'skipped', 'dropped']],
  ])('with %j of %j', (left, states) => {
    expect(tasksLeft({ tasks: tasks(...states) }).map(({ id }) => id)).toEqual(left);
  });
});
