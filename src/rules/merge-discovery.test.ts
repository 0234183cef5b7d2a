import { expect, it } from 'vitest';

import type { Repo } from '../domain/repo.ts';
import { hours } from '../domain/time.ts';
import { type MergeInput, mergeDiscovery, newEntry, type Seen } from './merge-discovery.ts';

const now = Date.parse('2026-11-20T21:00:00Z');
const at = (days: number): number => now - hours(24 * days);
const window = { now, days: 60 };

function seen(path: string, more: Partial<Seen> = {}): Seen {
  return {
    path,
    gitDir: `${path}/.git`,
    defaultBranch: 'main',
    lastActive: at(1),
    lastCommit: at(1),
    about: undefined,
    ...more,
  };
}
function entry(name: string, more: Partial<Repo> = {}): Repo {
  return {
    name,
    path: `/code/${name}`,
    branch: 'main',
    objective: 'Mine.',
    lastCommit: '2026-11-19T21:00:00Z',
    pinned: false,
    ignored: false,
    missing: false,
    options: {},
    ...more,
  };
}
function merge(given: Partial<MergeInput>): ReturnType<typeof mergeDiscovery> {
  return mergeDiscovery({ repos: [], looks: new Map(), found: [], window, ...given });
}

it('adds what is active, with an objective from its README', () => {
  const { edits, added } = merge({
    found: [seen('/code/api', { about: 'API for things' }), seen('/code/web')],
  });
  expect(added.map(({ repo }) => [repo.name, repo.branch, repo.lastCommit, repo.objective])).toEqual([
    ['api', 'main', '2026-11-19T21:00:00Z', 'Keep api production-ready. README: API for things'],
    ['web', 'main', '2026-11-19T21:00:00Z', 'Keep web production-ready.'],
  ]);
  expect(edits).toHaveLength(2);
});

it('leaves out what is quiet or empty', () => {
  const found = [seen('/code/old', { lastActive: at(61) }), seen('/code/empty', { lastActive: undefined })];
  expect(merge({ found })).toMatchObject({ edits: [], quiet: found });
});

it('adds a repository once that was reached twice', () => {
  const found = [seen('/code/api'), seen('/other/api', { gitDir: '/code/api/.git' })];
  expect(merge({ found }).added.map(({ repo }) => repo.path)).toEqual(['/code/api']);
});

it('knows an entry again that leads there by another path', () => {
  const looks = new Map([['/code/link', seen('/code/link', { gitDir: '/real/api/.git' })]]);
  const { added, unchanged } = merge({
    repos: [entry('link')],
    looks,
    found: [seen('/real/api')],
  });
  expect(added).toEqual([]);
  expect(unchanged).toBe(1);
});

it.each<[what: string, repo: Partial<Repo>, look: Seen | undefined, edits: unknown[]]>([
  ['nothing new', {}, seen('/code/api'), []],
  ['the same moment with another offset', { lastCommit: '2026-11-19T22:00:00+01:00' }, seen('/code/api'), []],
  [
    'a newer commit',
    {},
    seen('/code/api', { lastCommit: now }),
    [{ edit: 'set', name: 'api', values: { last_commit: '2026-11-20T21:00:00Z' } }],
  ],
  [
    'a hand-written objective and branch',
    { objective: 'Hands off', branch: 'next' },
    seen('/code/api', { about: 'X' }),
    [],
  ],
  [
    'blanks',
    { objective: '', branch: '' },
    seen('/code/api', { about: 'X' }),
    [
      {
        edit: 'set',
        name: 'api',
        values: { branch: 'main', objective: 'Keep api production-ready. README: X' },
      },
    ],
  ],
  ['nothing at its path', {}, undefined, [{ edit: 'set', name: 'api', values: { missing: true } }]],
  ['still nothing at its path', { missing: true }, undefined, []],
  ['a return', { missing: true }, seen('/code/api'), [{ edit: 'unset', name: 'api', keys: ['missing'] }]],
  ['no commit any more', {}, seen('/code/api', { lastCommit: undefined }), []],
])('refreshes an entry with %s', (_what, repo, look, edits) => {
  const result = merge({ repos: [entry('api', repo)], looks: new Map([['/code/api', look]]) });
  expect(result.edits).toEqual(edits);
});

it('never touches an entry that nobody looked at', () => {
  const { edits, added } = merge({ repos: [entry('api', { objective: '' })], found: [seen('/code/api')] });
  expect([edits, added]).toEqual([[], []]);
});

it('tells what is missing, back and ignored', () => {
  const repos = [entry('gone'), entry('back', { missing: true }), entry('mute', { ignored: true })];
  const looks = new Map([
    ['/code/gone', undefined],
    ['/code/back', seen('/code/back')],
    ['/code/mute', seen('/code/mute')],
  ]);
  expect(merge({ repos, looks })).toMatchObject({ missing: ['gone'], returned: ['back'], ignored: ['mute'] });
});

it.each<[path: string, taken: string[], name: string]>([
  ['/code/api', [], 'api'],
  ['/team/api', ['api'], 'team-api'],
  ['/team/api', ['api', 'team-api'], 'team-api-2'],
  ['/team/api', ['api', 'team-api', 'team-api-2'], 'team-api-3'],
  ['/srv/api.git', [], 'api'],
  ['/code/evil\n\u001b[31mname', [], 'evil[31mname'],
  ['/', [], 'repository'],
])('names %j, with %j taken, %s', (path, taken, name) => {
  expect(newEntry(seen(path), new Set(taken)).name).toBe(name);
});
