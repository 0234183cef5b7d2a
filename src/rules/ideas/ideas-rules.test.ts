import { describe, expect, it } from 'vitest';
import type { Repo } from '../../domain/repo.ts';
import { adoptRemote, type FoundRemote } from './adopt-remote.ts';
import { missingFiles } from './missing-files.ts';
import { checkRepoName, nameFromTitle } from './repo-name.ts';
import { type TriageFacts, triage } from './triage.ts';

describe('the name of a repository to be', () => {
  it.each(['a', 'voice-notes', 'Voice_Notes.2', '007', 'x'.repeat(64), 'console', 'com10', 'git'])(
    'may be %s',
    (name) => {
      expect(checkRepoName(name)).toEqual({ ok: true, value: name });
    },
  );

  it.each([
    ['empty', ''],
    ['outside of its folder', '../x'],
    ['a path', 'a/b'],
    ['a Windows path', 'a\\b'],
    ['an absolute path', '/etc'],
    ['this folder', '.'],
    ['the folder above', '..'],
    ['with two dots in it', 'a..b'],
    ['an option', '-rf'],
    ['a long option', '--upload-pack=x'],
    ['hidden', '.ssh'],
    ['what git adds', 'notes.git'],
    ['a lock', 'notes.lock'],
    ['ending with a dot', 'notes.'],
    ['of a device', 'NUL'],
    ['of a device with an ending', 'con.txt'],
    ['of a port', 'LPT1'],
    ['over-long', 'x'.repeat(65)],
    ['with a space', 'voice notes'],
    ['with a line end', 'a\nb'],
    ['with a line end after it', 'notes\n'],
    ['with a zero byte', 'a\0b'],
    ['in another script', 'голос'],
    ['with a look-alike', 'nоtes'],
    ['with a variable of the shell', '$HOME'],
    ['with a command of the shell', '`id`'],
    ['with a tilde', '~root'],
    ['with a colon', 'c:x'],
  ])('is refused when it is %s', (_what, name) => {
    expect(checkRepoName(name)).toMatchObject({ ok: false });
  });

  it.each([
    ['Voice Notes Assistant', 'voice-notes-assistant'],
    ['  ../../etc/passwd ', 'etc-passwd'],
    ['-rf', 'rf'],
    ['Café Überblick', 'cafe-uberblick'],
    ['日本語', ''],
    [`${'a'.repeat(63)} b`, 'a'.repeat(63)],
  ])('made of the title "%s" is "%s"', (title, name) => {
    expect(nameFromTitle(title)).toBe(name);
  });
});

const saying = (words: string): unknown => expect.stringContaining(words);

const repo = (name: string, path = `/code/${name}`): Repo => ({
  name,
  path,
  branch: 'main',
  objective: '',
  lastCommit: undefined,
  pinned: false,
  ignored: false,
  missing: false,
  options: {},
});
const facts: TriageFacts = {
  repos: [repo('api')],
  codeRoot: { path: '/code', there: true },
  path: '/code/notes',
  place: { is: 'nothing' },
  neighbour: undefined,
};

describe('the triage of an idea', () => {
  it.each<[when: string, name: string, Partial<TriageFacts>, unknown]>([
    ['nothing is there', 'notes', {}, { is: 'build', path: '/code/notes' }],
    ['an empty folder is there', 'notes', { place: { is: 'empty-folder' } }, { is: 'build' }],
    ['a repository is there', 'notes', { place: { is: 'repository' } }, { is: 'enrol', path: '/code/notes' }],
    ['the portfolio has that name', 'api', {}, { is: 'enrolled', repo: { name: 'api' } }],
    [
      'the portfolio has that folder',
      'notes',
      { repos: [repo('other', '/code/notes')], place: { is: 'repository' } },
      { is: 'enrolled', repo: { name: 'other' } },
    ],
    ['the portfolio has the name in capitals', 'API', {}, { is: 'blocked', why: saying('case') }],
    [
      'a neighbour has the name in capitals',
      'notes',
      { neighbour: 'Notes' },
      { is: 'blocked', why: saying('Notes') },
    ],
    [
      'files of somebody else are there',
      'notes',
      { place: { is: 'files', first: 'letter.txt' } },
      { is: 'blocked', why: saying('letter.txt') },
    ],
    ['a file is there', 'notes', { place: { is: 'no-folder' } }, { is: 'blocked' }],
    [
      'nobody says where folders go',
      'notes',
      { codeRoot: undefined },
      { is: 'blocked', hint: saying('code_root') },
    ],
    [
      'the folder of all folders is missing',
      'notes',
      { codeRoot: { path: '/code', there: false } },
      { is: 'blocked', why: saying('/code') },
    ],
    ['the name leads elsewhere', '../x', {}, { is: 'blocked', hint: saying('letters, digits') }],
  ])('when %s', (_when, repoName, known, wanted) => {
    expect(triage({ repoName }, { ...facts, ...known })).toMatchObject(wanted as object);
  });
});

const sha = 'a'.repeat(40);
const half: FoundRemote = {
  slug: 'alice/notes',
  private: true,
  archived: false,
  description: 'Notes. [clone idea: notes]',
  branches: new Map(),
};

describe('a repository of that name on the forge', () => {
  it.each<[what: string, FoundRemote | undefined, unknown]>([
    ['missing is made', undefined, { is: 'create' }],
    ['half made by us is taken', half, { is: 'adopt', pushed: false }],
    [
      'pushed to by us is taken',
      { ...half, branches: new Map([['main', sha]]) },
      { is: 'adopt', pushed: true },
    ],
    ['ours by a renamed account in other case is taken', { ...half, slug: 'Alice/notes' }, { is: 'adopt' }],
    ['empty and not ours stays', { ...half, description: 'My notes' }, { is: 'blocked' }],
    ['of another idea stays', { ...half, description: '[clone idea: notes-2]' }, { is: 'blocked' }],
    ['public stays', { ...half, private: false }, { is: 'blocked' }],
    ['archived stays', { ...half, archived: true }, { is: 'blocked' }],
    ['renamed away stays', { ...half, slug: 'alice/diary' }, { is: 'blocked' }],
    [
      'with other commits stays',
      { ...half, branches: new Map([['main', 'b'.repeat(40)]]) },
      { is: 'blocked' },
    ],
    [
      'with a second branch stays',
      {
        ...half,
        branches: new Map([
          ['main', sha],
          ['x', sha],
        ]),
      },
      { is: 'blocked' },
    ],
  ])('%s', (_what, found, wanted) => {
    expect(adoptRemote(found, { slug: 'alice/notes', idea: 'notes', sha })).toMatchObject(wanted as object);
  });
});

describe('a first version', () => {
  it.each([
    [['README.md', '.github/workflows/ci.yml'], 0],
    [['readme', '.github/workflows/test.yaml', 'src/a.ts'], 0],
    [['docs/README.md', '.github/workflows/ci.yml'], 1],
    [['README.md', '.github/ci.yml'], 1],
    [[], 2],
  ])('of %j lacks %i', (paths, lacks) => {
    expect(missingFiles(paths)).toHaveLength(lacks);
  });
});
