import { expect, it } from 'vitest';

import { didYouMean, nearestName } from './nearest-name.ts';

const names = ['tasks_per_repo', 'parallel_repos', 'max_cycles', 'land', 'agent', 'pin', 'unpin'];

it.each<[wrong: string, nearest: string | undefined]>([
  ['tasks_per_repos', 'tasks_per_repo'],
  ['task_per_repo', 'tasks_per_repo'],
  ['tasks-per-repo', 'tasks_per_repo'],
  ['TASKS_PER_REPO', 'tasks_per_repo'],
  ['paralel_repo', 'parallel_repos'],
  ['max_cycels', 'max_cycles'],
  ['lnad', 'land'],
  ['pni', 'pin'],
  ['max_cycles_per_run', undefined],
  ['tasks', 'tasks_per_repo'],
  ['max', 'max_cycles'],
  ['pa', undefined],
  ['visibility', undefined],
  ['x', undefined],
  ['', undefined],
])('for %o the nearest name is %o', (wrong, nearest) => {
  expect(nearestName(wrong, names)).toBe(nearest);
});

it('does not choose between two that begin alike', () => {
  expect(nearestName('land', ['land_attempts', 'land_mode'])).toBeUndefined();
});

it('says something else when nothing is near', () => {
  expect(didYouMean('agnet', names, 'see the list')).toBe('did you mean agent?');
  expect(didYouMean('zebra', names, 'see the list')).toBe('see the list');
});

it('does not take long over a very long word', () => {
  expect(nearestName('x'.repeat(100_000), names)).toBeUndefined();
});
