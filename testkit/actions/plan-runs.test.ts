import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { git } from './git.ts';
import { planRuns } from './plan-runs.ts';
import { makeTestRepository, type TestRepository } from './test-repository.ts';
import type { PushEvent } from './types.ts';

const ci = '.github/workflows/ci.yml';
const job = 'jobs: {test: {runs-on: ubuntu-latest, steps: [{run: npm test}]}}';
const onPush = `name: CI\non: push\n${job}`;
const onDocs = `on: {push: {paths: ["docs/**"]}}\n${job}`;

const repositories: TestRepository[] = [];
let repository: TestRepository;
beforeEach(async () => {
  repository = await makeTestRepository();
  repositories.push(repository);
});
afterAll(async () => {
  for (const made of repositories) await made[Symbol.asyncDispose]();
});

async function started(push: PushEvent): Promise<string[]> {
  return (await planRuns(push)).map((run) => run.workflowPath);
}

describe('a push', () => {
  it('starts every workflow that wants it, and says where it belongs', async () => {
    const push = await repository.push({
      [ci]: onPush,
      '.github/workflows/other.yaml': onPush.replace('CI', 'Other'),
      '.github/workflows/dispatch.yml': `on: workflow_dispatch\n${job}`,
      '.github/workflows/notes.txt': 'no workflow',
      '.github/workflows/deep/ci.yml': onPush,
      '.github/ci.yml': onPush,
    });
    const runs = await planRuns(push);
    expect(runs.map((run) => [run.workflowPath, run.workflowName])).toEqual([
      [ci, 'CI'],
      ['.github/workflows/other.yaml', 'Other'],
    ]);
    expect(runs[0]).toMatchObject({ event: 'push', headBranch: 'main', headSha: push.after });
    expect(runs[0]?.jobs).toMatchObject([
      {
        key: 'test',
        name: 'test',
        needs: [],
        labels: ['ubuntu-latest'],
        steps: [{ name: 'Set up job' }, { name: 'Run npm test' }, { name: 'Complete job' }],
      },
    ]);
  });

  it('starts nothing without workflows', async () => {
    expect(await started(await repository.push({ 'a.txt': 'a' }))).toEqual([]);
  });

  it('starts nothing when it deletes the ref', async () => {
    const push = await repository.push({ [ci]: onPush });
    expect(await started({ ...push, before: push.after, after: '0'.repeat(40) })).toEqual([]);
  });

  it('starts nothing, not even a failure, when the head commit says so', async () => {
    const files = { [ci]: onPush, '.github/workflows/broken.yml': 'on: [' };
    expect(await started(await repository.push(files, { message: 'Fix it [skip ci]' }))).toEqual([]);
    expect(
      await started(await repository.push(files, { message: 'Fix it\n\n\nskip-checks: true\n' })),
    ).toEqual([]);
    expect(await started(await repository.push(files, { message: 'Fix it' }))).toHaveLength(2);
  });

  it('only asks the head commit about skipping', async () => {
    const first = await repository.push({ [ci]: onPush, a: '1' }, { message: '[skip ci]' });
    const second = await repository.push({ [ci]: onPush, a: '2' });
    expect(await started({ ...second, before: first.before })).toEqual([ci]);
  });

  it('compares the two ends of an existing branch', async () => {
    const first = await repository.push({ [ci]: onDocs, 'src/a': '1' });
    const docs = await repository.push({ [ci]: onDocs, 'src/a': '1', 'docs/a': '1' });
    expect(await started(docs)).toEqual([ci]);
    const code = await repository.push({ [ci]: onDocs, 'src/a': '2', 'docs/a': '1' });
    expect(await started(code)).toEqual([]);
    expect(await started({ ...code, before: first.after })).toEqual([ci]);
    const removed = await repository.push({ [ci]: onDocs, 'src/a': '2' });
    expect(await started(removed)).toEqual([ci]);
    expect(await started({ ...removed, before: 'f'.repeat(40) })).toEqual([ci]);
  });

  it('counts every file of a new branch', async () => {
    expect(await started(await repository.push({ [ci]: onDocs, 'docs/a': '1' }))).toEqual([ci]);
    expect(await started(await repository.push({ [ci]: onDocs, 'src/a': '1' }, { branch: 'other' }))).toEqual(
      [],
    );
  });

  it('looks at the first 300 changed files only', async () => {
    await repository.push({ [ci]: onDocs });
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`a/${index}`, '1']));
    const push = await repository.push({ [ci]: onDocs, ...many, 'docs/a': '1' });
    expect(await started(push)).toEqual([]);
  });

  it('with quotes, spaces and line ends in names is compared rightly', async () => {
    await repository.push({ [ci]: onDocs });
    expect(await started(await repository.push({ [ci]: onDocs, 'docs/ä "b"\tc': '1' }))).toEqual([ci]);
  });

  it('of a tag goes to the commit behind an annotated one', async () => {
    const push = await repository.push({ [ci]: onPush });
    const tag = `object ${push.after}\ntype commit\ntag v1\ntagger Octo <octo@example.com> 1700000000 +0000\n\nv1\n`;
    const after = String(await git(repository.gitDir, ['mktag'], tag)).trim();
    const [run] = await planRuns({ ...push, ref: 'refs/tags/v1', before: '0'.repeat(40), after });
    expect(run).toMatchObject({ headBranch: 'v1', headSha: push.after });
  });
});

describe('a broken workflow file', () => {
  it('is one run without jobs, whatever its triggers, beside the sound ones', async () => {
    const push = await repository.push({
      '.github/workflows/broken.yml': 'name: Broken\non: workflow_dispatch\njobs: {a: {runs-on: x}}',
      [ci]: onPush,
    });
    expect(await planRuns(push)).toMatchObject([
      {
        workflowPath: '.github/workflows/broken.yml',
        workflowName: '.github/workflows/broken.yml',
        invalid: expect.stringContaining('Invalid workflow file: .github/workflows/broken.yml') as string,
        jobs: [],
      },
      { workflowPath: ci },
    ]);
    expect(await started({ ...push, event: 'pull_request' })).toEqual([]);
  });
});

describe('a pull request', () => {
  it('is compared with where it left its base', async () => {
    const workflow = `on: {pull_request: {branches: [main], paths: ["src/**"]}}\n${job}`;
    const base = await repository.push({ [ci]: workflow, 'src/a': '1' });
    const topic = await repository.push(
      { [ci]: workflow, 'src/a': '1', 'docs/a': '1' },
      { branch: 'topic', from: base.after },
    );
    const main = await repository.push({ [ci]: workflow, 'src/a': '2' });
    const pull: PushEvent = {
      ...topic,
      event: 'pull_request',
      before: main.after,
      baseRef: 'refs/heads/main',
    };
    expect(await started(pull)).toEqual([]);
    const more = await repository.push({ [ci]: workflow, 'src/a': '3', 'docs/a': '1' }, { branch: 'topic' });
    expect(await started({ ...pull, after: more.after })).toEqual([ci]);
    expect(await started({ ...pull, after: more.after, before: '0'.repeat(40) })).toEqual([ci]);
    expect(await started({ ...pull, after: more.after, baseRef: 'other' })).toEqual([]);
  });
});

describe('a plan', () => {
  it.each<[written: string, planned: unknown]>([
    ['concurrency: fixed', { group: 'fixed', cancelInProgress: false }],
    [
      'concurrency: "${{ github.workflow }}-${{ github.ref }}"',
      { group: 'CI-refs/heads/main', cancelInProgress: false },
    ],
    ['concurrency: {group: g, cancel-in-progress: true}', { group: 'g', cancelInProgress: true }],
    [
      'concurrency: {group: g, cancel-in-progress: "${{ github.ref == \'refs/heads/main\' }}"}',
      { group: 'g', cancelInProgress: true },
    ],
    ['env: {}', undefined],
  ])('takes over %s', async (written, planned) => {
    const [run] = await planRuns(await repository.push({ [ci]: `${onPush}\n${written}` }));
    expect(run?.concurrency).toEqual(planned);
  });

  it('has a job for every cell, and whoever needs the job waits for all of them', async () => {
    const text = `on: push
jobs:
  test:
    runs-on: \${{ matrix.os }}
    strategy: {matrix: {os: [linux, mac], node: "\${{ fromJSON('[20]') }}"}}
    steps: [{uses: actions/checkout@v4}, {name: "Node \${{ matrix.node }}", run: x}]
  named:
    name: Build \${{ matrix.a }}
    runs-on: [self-hosted, "\${{ matrix.a }}"]
    strategy: {matrix: {a: [same, same]}}
    steps: [{run: x}]
  last:
    needs: [test, named]
    runs-on: {group: big, labels: [gpu]}
    steps: [{run: x}]
  called:
    uses: ./.github/workflows/other.yml`;
    const [run] = await planRuns(await repository.push({ [ci]: text }));
    expect(run?.jobs.map(({ key, name, labels }) => [key, name, labels])).toEqual([
      ['test (linux, 20)', 'test (linux, 20)', ['linux']],
      ['test (mac, 20)', 'test (mac, 20)', ['mac']],
      ['named (same)', 'Build same', ['self-hosted', 'same']],
      ['named (same) #2', 'Build same', ['self-hosted', 'same']],
      ['last', 'last', ['gpu']],
      ['called', 'called', []],
    ]);
    expect(run?.jobs[4]?.needs).toEqual([
      'test (linux, 20)',
      'test (mac, 20)',
      'named (same)',
      'named (same) #2',
    ]);
    expect(run?.jobs[0]?.steps.map((step) => step.name)).toEqual([
      'Set up job',
      'Run actions/checkout@v4',
      'Node 20',
      'Post Run actions/checkout@v4',
      'Complete job',
    ]);
  });
});
