import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { without } from '../../test/fakes/front-door.ts';
import { type LookingWorld, lookingWorld, perform } from '../../test/fakes/looking-context.ts';
import { incident } from '../../test/fakes/memories.ts';
import { homeFiles } from '../adapters/home/home-files.ts';
import type { Remembering } from '../domain/remembering.ts';
import type { Repo } from '../domain/repo.ts';
import { addIncidents } from '../rules/memory/incidents-file.ts';
import type { FrontContext } from './front-context.ts';
import { incidentsCommand } from './incidents.ts';

let folder: string;
let world: LookingWorld;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'incidents-')));
  for (const name of ['jwt', 'csv']) await mkdir(at(name));
  world = lookingWorld();
  world.portfolio = ['jwt', 'csv', 'gone'].map(repoNamed);
  const made = addIncidents(undefined, [
    incident('CI failed', '2026-11-20T10:00:00Z'),
    incident('it said green', '2026-11-01T10:00:00Z', { trigger: 'over-claim', commit: undefined, fix: '' }),
  ]);
  await writeFile(at('jwt/INCIDENTS.md'), made.ok ? made.value : '');
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...parts: readonly string[]): string => path.join(folder, ...parts);
function repoNamed(name: string): Repo {
  const marks = { lastCommit: undefined, pinned: false, ignored: false, missing: false };
  return { name, path: at(name), branch: '', objective: '', options: {}, ...marks };
}
async function incidents(...args: readonly string[]): Promise<string> {
  const files = homeFiles({ cwd: folder, env: {}, userFolder: folder });
  const context = { ...world.context, files: () => Promise.resolve(files) } as FrontContext;
  await perform(incidentsCommand(context), args);
  return without(folder, world.out());
}
async function pending(repo: string): Promise<void> {
  const what = incident('repair gave up', '2026-11-20T20:00:00Z', {
    trigger: 'exhausted-repair',
    trust: undefined,
    commit: undefined,
  });
  const item: Remembering = {
    id: 'i1',
    session: 's1',
    task: undefined,
    waits: false,
    commit: undefined,
    what: { kind: 'incident', incident: what },
  };
  await world.ledger.record({ type: 'memory-proposed', run: 'r1', repo, session: 's1', items: [item] });
}

it('tells what happened in the portfolio, newest first', async () => {
  await pending('csv');
  expect(await incidents()).toBe(`clone incidents
3 incidents

2026-11-20 csv: repair gave up
  trigger     exhausted-repair
  root cause  a test used the clock
  fix         the clock is handed in
  prevention  never read the clock in a rule
  evidence    direct: run 12 failed
              not in INCIDENTS.md yet: it comes with the next landing

2026-11-20 jwt: CI failed
  trigger     red-ci, commit aaaaaaa
  root cause  a test used the clock
  fix         the clock is handed in
  prevention  never read the clock in a rule
  evidence    direct: run 12 failed

2026-11-01 jwt: it said green
  trigger     over-claim
  root cause  a test used the clock
  prevention  never read the clock in a rule
  evidence    direct: run 12 failed
`);
});

it.each<[args: readonly string[], titles: readonly string[]]>([
  [['--since', '24h'], ['CI failed']],
  [['--repo', 'csv'], []],
  [
    ['--repo', 'jwt', '--since', '100d'],
    ['CI failed', 'it said green'],
  ],
])('tells what was asked for: %j', async (args, titles) => {
  const answer = JSON.parse(await incidents(...args, '--json')) as { incidents: { title: string }[] };
  expect(answer.incidents.map(({ title }) => title)).toEqual(titles);
});

it('answers as JSON', async () => {
  await pending('csv');
  expect(JSON.parse(await incidents('--since', '8h', '--json'))).toEqual({
    schema_version: 1,
    since: '2026-11-20T13:00:00Z',
    incidents: [
      {
        repo: 'csv',
        at: '2026-11-20T20:00:00Z',
        trigger: 'exhausted-repair',
        title: 'repair gave up',
        impact: 'main was red for an hour',
        root_cause: 'a test used the clock',
        fix: 'the clock is handed in',
        prevention: 'never read the clock in a rule',
        evidence: 'direct: run 12 failed',
        commit: null,
        confidence: 'medium',
        trust: 'untrusted',
        pending: true,
      },
    ],
    unusable: [],
  });
});

it('says which files cannot be used, and tells the rest', async () => {
  await writeFile(at('csv/INCIDENTS.md'), '<<<<<<< HEAD\n');
  const said = await incidents();
  expect(said).toContain('2 incidents');
  expect(said).toMatch(/csv +csv\/INCIDENTS\.md +has a conflict marker/);
});

it('says that nothing happened', async () => {
  expect(await incidents('--repo', 'gone')).toContain('no incident');
});

it('suggests the nearest name', async () => {
  await expect(incidents('--repo', 'jtw')).rejects.toMatchObject({ hint: 'did you mean jwt?', exitCode: 2 });
});
