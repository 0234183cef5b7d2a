import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FrontDoor, frontDoor } from '../../test/fakes/front-door.ts';

let folder: string;
let door: FrontDoor;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'clone-ideas-cli-'));
  await writeFile(path.join(folder, 'repos.yaml'), 'repos:\n  - {name: api, path: /code/api}\n');
  door = frontDoor({ cwd: folder, userFolder: folder });
});
afterEach(() => rm(folder, { recursive: true }));

const text = (): Promise<string> => readFile(path.join(folder, 'ideas.yaml'), 'utf8').catch(() => '');

it('adds ideas and lists them', async () => {
  const first = await door.clone('ideas', 'add', 'Voice', 'Notes', '--summary', 'Capture: tag them.');
  expect(first).toEqual({
    exitCode: 0,
    out: 'voice-notes is in ideas.yaml. clone run takes it up, or clone ideas process now\n',
    err: '',
  });
  expect(await door.json('ideas', 'add', 'Diary', '--repo-name', 'The.Diary', '--id', 'd1')).toEqual({
    schema_version: 1,
    id: 'd1',
    title: 'Diary',
    summary: '',
    status: 'NEW',
    repo_name: 'The.Diary',
    last_error: null,
  });
  expect((await door.clone('ideas', 'list')).out).toBe(
    'voice-notes  NEW  voice-notes  Voice Notes\nd1           NEW  The.Diary    Diary\n',
  );
  expect(await door.json('ideas', 'list', '--status', 'blocked')).toEqual({ schema_version: 1, ideas: [] });
  expect(await text()).toContain('summary: "Capture: tag them."');
});

it('makes another id of the same title when the names differ', async () => {
  await door.clone('ideas', 'add', 'Notes');
  expect((await door.clone('ideas', 'add', 'Notes', '--repo-name', 'notes-two')).out).toMatch(/^notes-2 is/);
});

it('shows what blocks an idea', async () => {
  await writeFile(
    path.join(folder, 'ideas.yaml'),
    'ideas:\n  - {title: A, status: BLOCKED, last_error: "files: red. To do: look"}\n',
  );
  expect((await door.clone('ideas', 'list')).out).toBe('a  BLOCKED  a  A\n    files: red. To do: look\n');
  expect(await door.clone('ideas', 'process', '--id', 'a')).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('clone ideas retry a') as string,
  });
});

it('says that nothing waits, without opening anything', async () => {
  expect(await door.clone('ideas', 'process')).toMatchObject({
    exitCode: 0,
    out: 'No idea waits. clone ideas list shows them all.\n',
  });
  expect(await door.json('ideas', 'process')).toEqual({ schema_version: 1, ideas: [] });
  expect((await door.clone('ideas', 'list')).out).toContain('clone ideas add');
});

const name = '1 to 64 letters, digits';
it.each<[what: string, args: string[], message: string, hint: string]>([
  ['a name that leads elsewhere', ['add', 'X', '--repo-name', '../x'], '"../x" is no name', name],
  ['a name that is an option', ['add', 'X', '--repo-name=-rf'], '"-rf" is no name', name],
  ['a reserved name', ['add', 'X', '--repo-name', 'NUL'], 'keep for themselves', name],
  ['an over-long name', ['add', 'X', '--repo-name', 'x'.repeat(65)], 'is no name', name],
  ['a title of which no name can be made', ['add', '日本語'], 'no name can be made', '--repo-name NAME'],
  ['an empty title', ['add', ' '], 'needs a title', ''],
  ['an id that is a path', ['add', 'X', '--id', 'a/b'], 'cannot be used', 'letters, digits'],
  ['an id twice', ['add', 'Other', '--id', 'NOTES'], 'there is an idea notes already', 'another --id'],
  ['a name twice', ['add', 'Notes'], 'has the name notes already', 'another --repo-name'],
  ['a name twice but for case', ['add', 'Other', '--repo-name', 'Notes'], 'has the name notes already', ''],
  ['a name of the portfolio', ['add', 'API'], 'has a repository api already', 'clone tasks add'],
  ['an unknown idea', ['process', '--id', 'note'], 'there is no idea note', 'did you mean notes?'],
  ['an unknown idea to retry', ['retry', 'nots'], 'there is no idea nots', 'did you mean notes?'],
  [
    'an idea to retry that is not blocked',
    ['retry', 'notes'],
    'notes is NEW, not BLOCKED',
    'clone ideas process --id notes',
  ],
  ['an unknown status', ['list', '--status', 'DONE'], 'DONE is no status', 'NEW, TRIAGED'],
  ['an unknown part', ['ad', 'X'], 'clone ideas has no ad', 'did you mean add?'],
])('refuses %s, and writes nothing', async (_what, args, message, hint) => {
  await writeFile(path.join(folder, 'ideas.yaml'), 'ideas:\n  - title: Notes # mine\n');
  const said = await door.clone('ideas', ...args);
  expect(said.exitCode).toBe(2);
  expect(said.err).toContain(message);
  expect(said.err).toContain(hint);
  expect(await text()).toBe('ideas:\n  - title: Notes # mine\n');
});

it.each(['add', 'list', 'show', 'process', 'retry'])('explains %s with an example', async (part) => {
  const { out } = await door.clone('ideas', part, '--help');
  expect(out).toContain('Example:\n  clone ideas ');
});

it('shows one idea, and suggests the nearest id for an unknown one', async () => {
  await door.clone('ideas', 'add', 'Voice', 'Notes', '--summary', 'Capture.');
  const shown = await door.clone('ideas', 'show', 'voice-notes');
  expect(shown.out).toMatch(/NEW: Voice Notes/);
  expect(shown.out).toMatch(/^ *portfolio +waits +an entry in repos\.yaml$/m);
  expect(await door.json('ideas', 'show', 'voice-notes')).toMatchObject({
    schema_version: 1,
    id: 'voice-notes',
    status: 'NEW',
    last_error: null,
  });
  expect(await door.clone('ideas', 'show', 'voice-nots')).toMatchObject({
    exitCode: 2,
    err: 'error: there is no idea voice-nots\nhint: did you mean voice-notes?\n',
  });
  expect((await door.clone('ideas', 'show', '--help')).out).toContain('clone ideas show incident-diary');
});
