import { describe, expect, it } from 'vitest';
import { expectRuns, type PushedTree } from './expect-runs.ts';

const jobs = 'jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{ run: npm test }]\n';
const aliases = [
  'a: &a [x]',
  ...Array.from('bcdefgh', (name, at) => `${name}: &${name} [${`*${'abcdefg'[at]}, `.repeat(9)}]`),
].join('\n');
const push: PushedTree = {
  workflows: [],
  branch: 'main',
  changedFiles: ['src/a.ts'],
  newBranch: false,
  message: 'Say hello',
};

function kindOf(on: string, change: Partial<PushedTree> = {}): string {
  const workflows = [{ path: '.github/workflows/ci.yml', text: `${on}\n${jobs}` }];
  return expectRuns({ ...push, workflows, ...change }).kind;
}

describe('a workflow', () => {
  it.each<[on: string, kind: string]>([
    ['on: push', 'some'],
    ['on: [pull_request, push]', 'some'],
    ['on: { push: }', 'some'],
    ['"on": { push: {} }', 'some'],
    ['true: push', 'some'],
    ['on: pull_request', 'none'],
    ['on: { schedule: [{ cron: "0 0 * * *" }] }', 'none'],
    ['on: { push: { branches: [main] } }', 'some'],
    ['on: { push: { branches: main } }', 'some'],
    ['on: { push: { branches: [dev] } }', 'none'],
    ['on: { push: { branches: ["**", "!main"] } }', 'none'],
    ['on: { push: { branches-ignore: [main] } }', 'none'],
    ['on: { push: { branches-ignore: [dev] } }', 'some'],
    ['on: { push: { tags: [v*] } }', 'none'],
    ['on: { push: { tags-ignore: [v*] } }', 'none'],
    ['on: { push: { tags: [v*], branches: [main] } }', 'some'],
    ['on: { push: { paths: ["src/**"] } }', 'some'],
    ['on: { push: { paths: ["docs/**"] } }', 'none'],
    ['on: { push: { paths-ignore: ["docs/**"] } }', 'some'],
    ['on: { push: { paths-ignore: ["src/**"] } }', 'none'],
    ['on: { push: { branches: [dev], paths: ["src/**"] } }', 'none'],
    ['on: { push: { branches: } }', 'some'],
    ['on: { create: }', 'none'],
  ])('with “%s” makes us expect: %s', (on, kind) => {
    expect(kindOf(on)).toBe(kind);
  });

  it.each<[what: string, text: string]>([
    ['is not YAML', `on: pull_request\n${jobs}env: [open\n`],
    ['says one thing twice', `on: pull_request\n${jobs}on: pull_request\n`],
    ['hides its size behind aliases', `on: pull_request\n${jobs}${aliases}`],
    ['has no trigger', jobs],
    ['has a number for a trigger', `on: 7\n${jobs}`],
    ['has no jobs', 'on: push\n'],
    ['is a list', '- on'],
    ['is empty', ''],
    ['has filters that are a word', `on: { push: main }\n${jobs}`],
    ['has a broken pattern', `on: { push: { branches: ["[z-a]"] } }\n${jobs}`],
    ['filters both ways', `on: { push: { branches: [a], branches-ignore: [b] } }\n${jobs}`],
  ])('that %s comes as a failed run', (_what, text) => {
    const expected = expectRuns({ ...push, workflows: [{ path: '.github/workflows/ci.yml', text }] });
    expect(expected.kind).toBe('some');
    expect(expected.why).toMatch(/^ci\.yml .* which GitHub reports as a run$/);
  });

  it('that is too long to read leaves us unknowing', () => {
    expect(kindOf(`on: push # ${'x'.repeat(600_000)}`)).toBe('unknown');
  });
});

describe('a push', () => {
  const paths = 'on: { push: { paths: ["src/**"] } }';
  const docs = Array.from({ length: 300 }, (_, index) => `docs/${String(index).padStart(3, '0')}.md`);

  it.each<[what: string, on: string, change: Partial<PushedTree>, kind: string]>([
    ['whose files are not known', paths, { changedFiles: undefined }, 'unknown'],
    ['without files', paths, { changedFiles: [] }, 'none'],
    ['of more files than GitHub looks at', paths, { changedFiles: [...docs, 'src/a.ts'] }, 'unknown'],
    ['of 300 files, none of them wanted', paths, { changedFiles: docs }, 'none'],
    ['of many files, the first of them wanted', paths, { changedFiles: ['src/a.ts', ...docs] }, 'some'],
    ['to a new branch', paths, { newBranch: true, changedFiles: ['docs/a'] }, 'unknown'],
    ['to a new branch that “create” waits for', 'on: create', { newBranch: true }, 'some'],
    ['that says [skip ci]', 'on: push', { message: 'Mend it [Skip CI]' }, 'none'],
    ['that says [ci skip] further down', 'on: push', { message: 'Mend it\n\nbecause [ci skip]\n' }, 'none'],
    ['that says [no ci]', 'on: push', { message: '[no ci] a' }, 'none'],
    ['that says [skip actions]', 'on: push', { message: 'a [skip actions]' }, 'none'],
    ['that says [actions skip]', 'on: push', { message: 'a [actions skip]' }, 'none'],
    ['with the trailer', 'on: push', { message: 'a\n\nb\n\n\nskip-checks: true\n' }, 'none'],
    ['with the trailer among others', 'on: push', { message: 'a\r\n\r\nSkip-Checks:true\r\nX: y' }, 'none'],
    ['that speaks of the trailer', 'on: push', { message: 'Explain\nskip-checks: true\n\nwell' }, 'some'],
    ['that speaks of it in the subject', 'on: push', { message: 'skip-checks: true' }, 'some'],
    [
      'while the workflow is on',
      'on: push',
      { states: new Map([['.github/workflows/ci.yml', 'active']]) },
      'some',
    ],
    [
      'while the workflow is off',
      'on: push',
      { states: new Map([['.github/workflows/ci.yml', 'disabled_manually']]) },
      'none',
    ],
    ['of a workflow that nobody listed yet', 'on: push', { states: new Map() }, 'some'],
  ])('%s', (_what, on, change, kind) => {
    expect(kindOf(on, change)).toBe(kind);
  });
});

describe('a tree', () => {
  const file = (path: string, on: string) => ({ path, text: `on: ${on}\n${jobs}` });

  it('without workflows says so', () => {
    expect(expectRuns(push)).toEqual({ kind: 'none', why: 'the pushed tree has no workflow' });
  });

  it('counts workflows only where GitHub looks for them', () => {
    const workflows = [
      file('.github/workflows/old/ci.yml', 'push'),
      file('.github/workflows/notes.md', 'push'),
      file('ci.yml', 'push'),
    ];
    expect(expectRuns({ ...push, workflows }).kind).toBe('none');
  });

  it('says of each workflow why it does not start', () => {
    const workflows = [
      file('.github/workflows/a.yml', 'pull_request'),
      file('.github/workflows/b.yaml', '{ push: { branches: [dev] } }'),
    ];
    expect(expectRuns({ ...push, workflows }).why).toBe(
      'a.yml does not start on a push; b.yaml does not start on branch main',
    );
  });

  it('with one workflow that starts needs no other', () => {
    const workflows = [
      file('.github/workflows/a.yml', '{ push: { paths: [x] } }'),
      file('.github/workflows/b.yml', 'push'),
    ];
    expect(expectRuns({ ...push, changedFiles: undefined, workflows })).toEqual({
      kind: 'some',
      why: 'b.yml starts on this push',
    });
  });
});
