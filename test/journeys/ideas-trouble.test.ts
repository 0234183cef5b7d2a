import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { turnsOf } from './ci-support.ts';
import { entriesOf, firstVersion, goodIdea, ideasOf, type WrittenIdea, writeIdeas } from './ideas-support.ts';
import {
  checkoutOf,
  expectClean,
  expectRun,
  handoff,
  remoteLog,
  remoteSubjects,
  showJson,
  statusJson,
  turn,
} from './support.ts';

const idea = (repo_name: string): WrittenIdea => ({ title: `About ${repo_name}`, id: repo_name, repo_name });
const red = { 'test.sh': 'exit 1\n' };
const key = ['gh', 'p_', 'A1b2C3d4E5'.repeat(3), 'f6G7h8'].join('');

describe('ideas with every kind of trouble, at once', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let ideas: ReadonlyMap<string | undefined, WrittenIdea>;
  let before: Awaited<ReturnType<typeof checkoutOf>>;

  const first = (repo: string, ...steps: Parameters<typeof turn>[2]) =>
    turn(repo, 'task', [...steps, { json: handoff(`Begin ${repo}`) }]);
  const mends = (repo: string, files: Readonly<Record<string, string>>) =>
    turn(repo, 'repair', [firstVersion(files), { json: handoff(`Begin ${repo} rightly`) }]);

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [{ name: 'known', files: { 'README.md': '# Known\n' }, remote: false }],
      scenarios: [
        goodIdea('taken'),
        goodIdea('half'),
        goodIdea('public'),
        goodIdea('no-right'),
        first('mended', firstVersion(red)),
        mends('mended', {}),
        turn('stays-red', 'task', [firstVersion(red), { json: handoff('Begin, they say') }], { call: 1 }),
        goodIdea('stays-red'),
        turn('stays-red', 'repair', [{ json: handoff('It is fine') }]),
        first('no-check', { write: [{ path: 'README.md', content: '# Nothing to check\n' }] }),
        turn('no-check', 'repair', [
          { write: [{ path: '.github/workflows/ci.yml', content: 'on: push\njobs: {}\n' }] },
          { json: handoff('Add CI') },
        ]),
        first('leaky', firstVersion({ 'key.txt': `token = "${key}"\n` })),
        turn('leaky', 'repair', [{ json: handoff('It is only an example') }]),
        turn('nothing', 'task', [{ json: handoff('', { status: 'skipped', summary: 'Nobody needs it.' }) }]),
        turn('failing', 'task', [firstVersion(), { fail: 'model' }]),
      ],
      options: { verify_fix_attempts: 1, parallel_repos: 8, agent_attempts: 1, ci_grace_seconds: 0.3 },
    });
    await sandbox.github.addRepo({ owner: 'alice', name: 'taken', private: true });
    await sandbox.github.addRepo({
      owner: 'alice',
      name: 'half',
      private: true,
      description: 'About half [clone idea: half]',
    });
    await sandbox.github.addRepo({ owner: 'alice', name: 'public', description: '[clone idea: public]' });
    sandbox.github.fault({ path: '*/no-right.git/info/refs*', status: 403, times: 'always' });
    await sandbox.git(sandbox.code, 'init', '--quiet', '--initial-branch', 'trunk', 'old');
    await writeFile(path.join(sandbox.checkout('old'), 'mine.txt'), 'first\n');
    await sandbox.git(sandbox.checkout('old'), 'add', '--all');
    await sandbox.git(sandbox.checkout('old'), 'commit', '--quiet', '--message', 'Mine');
    await writeFile(path.join(sandbox.checkout('old'), 'mine.txt'), 'not committed\n');
    before = await checkoutOf(sandbox, 'old');
    await writeFile(path.join(sandbox.code, 'plain-file'), 'a letter\n');
    await sandbox.git(sandbox.code, 'init', '--quiet', 'unborn');
    const names = ['taken', 'half', 'public', 'no-right', 'mended', 'stays-red', 'no-check', 'leaky'];
    const more = ['nothing', 'failing', 'old', 'known', 'KNOWN-2', 'plain-file', 'unborn'];
    await writeIdeas(
      sandbox,
      ...[...names, ...more].map(idea),
      { ...idea('x'), repo_name: '../x' },
      { ...idea('rf'), repo_name: '-rf' },
      { ...idea('later'), status: 'BLOCKED', last_error: 'as it was' },
    );
    await writeFile(path.join(sandbox.code, 'known-2'), '');
    run = await sandbox.clone(['ideas', 'process']);
    ideas = new Map((await ideasOf(sandbox)).map((one) => [one.id, one]));
  }, 90_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('end with a code that says that a person is needed, and without a stack trace', async () => {
    expectRun(run, 4);
    expect(sandbox.model.problems).toEqual([]);
    await expectClean(sandbox);
  });

  it.each<[id: string, why: RegExp]>([
    [
      'taken',
      /^github: alice\/taken exists on GitHub and is not ours\. To do: .*then clone ideas retry taken$/,
    ],
    ['public', /^github: alice\/public exists on GitHub and is public/],
    ['no-right', /^push: main could not be pushed to alice\/no-right: .*the right to write contents/],
    [
      'stays-red',
      /^files: test is red, also after 1 repair turn\. To do: clone show stays-red-\w+ tells more/,
    ],
    ['no-check', /^files: a project must bring a check/],
    ['leaky', /^files: secrets: /],
    ['nothing', /^files: the agent made no files: Nobody needs it\./],
    ['failing', /^files: \S/],
    ['KNOWN-2', /^triage: known-2 is in .*differs from KNOWN-2 by case only/],
    ['plain-file', /^triage: .*plain-file is not a folder/],
    ['unborn', /^triage: there is a repository at .*unborn that cannot be used: .*no commits yet/],
    ['x', /^triage: "\.\.\/x" is no name for a repository\. To do: .*letters, digits/],
    ['rf', /^triage: "-rf" is no name for a repository/],
  ])('%s is BLOCKED, with the step, the words and what to do', (id, why) => {
    expect(ideas.get(id)).toMatchObject({
      status: 'BLOCKED',
      last_error: expect.stringMatching(why) as string,
    });
  });

  it('bug B7 of the first Clone, failures recorded as success: what failed at a step is never ACTIVE', async () => {
    const active = [...ideas.values()].filter(({ status }) => status === 'ACTIVE').map(({ id }) => id);
    expect(active.sort()).toEqual(['half', 'known', 'mended', 'old']);
    const entries = (await entriesOf(sandbox)).map(({ name }) => name);
    expect(entries).toEqual(expect.arrayContaining(['known', 'half', 'mended', 'old']));
    expect(entries).toHaveLength(4);
  });

  it('a half-made repository of ours is gone on with', async () => {
    expect(await remoteSubjects(sandbox, 'half')).toEqual(['Begin half']);
    expect((await checkoutOf(sandbox, 'half')).status).toBe('');
  });

  it('a red test is repaired before anything is committed', async () => {
    const [only, ...others] = await remoteLog(sandbox, 'mended');
    expect(only?.subject).toBe('Begin mended rightly');
    expect(others).toEqual([]);
    expect(turnsOf(sandbox, 'mended')).toBe(2);
  });

  it('what was there stays as it was', async () => {
    expect(await checkoutOf(sandbox, 'old')).toEqual(before);
    expect(await readFile(path.join(sandbox.code, 'plain-file'), 'utf8')).toBe('a letter\n');
    expect((await entriesOf(sandbox)).find(({ name }) => name === 'old')).toMatchObject({ branch: 'trunk' });
    const outside = await readdir(sandbox.folder);
    expect(outside.sort()).toEqual(['code', 'codex', 'github', 'home', 'model.jsonl']);
    expect(sandbox.github.repo('alice/taken').description).toBe(null);
    expect((await sandbox.git(sandbox.checkout('taken'), 'remote')).trim()).toBe('');
  });

  it('what was made so far is kept', async () => {
    expect((await checkoutOf(sandbox, 'taken')).status).toBe('');
    expect(await readdir(sandbox.checkout('stays-red'))).toEqual([]);
    const kept = await showJson(sandbox, 'stays-red');
    expect(kept).toMatchObject({ state: 'rejected' });
    const shown = await sandbox.clone(['show', 'stays-red']);
    expect(shown.stdout).toContain('refs/clone/salvage/');
    expect(await readdir(path.join(sandbox.home, '.clone/workspaces'))).toEqual([]);
  });

  it('no key reaches a commit, a repository, ideas.yaml or the output', async () => {
    expect(await readdir(sandbox.checkout('leaky'))).toEqual([]);
    expect(() => sandbox.github.repo('alice/leaky')).toThrow();
    expect(run.stdout + (await readFile(path.join(sandbox.home, 'ideas.yaml'), 'utf8'))).not.toContain(key);
  });

  it('are what status says that a person has to do', async () => {
    const { needs_you: needs } = await statusJson(sandbox);
    const about = needs.filter(({ what }) => what === 'idea');
    expect(about).toHaveLength(13);
    expect(about.find(({ why }) => why.includes('"About taken"'))).toMatchObject({
      why: expect.stringContaining('blocked at "github"') as string,
      hint: expect.stringContaining('clone ideas retry taken') as string,
    });
  });

  it('a blocked idea goes on only when a person says so, from where it stopped', async () => {
    const asked = sandbox.model.requests.length;
    expect(await sandbox.clone(['ideas', 'process'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('No idea waits') as string,
    });
    expect(await sandbox.clone(['ideas', 'process', '--id', 'stays-red'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('clone ideas retry stays-red') as string,
    });
    expect(sandbox.model.requests).toHaveLength(asked);

    sandbox.github.clearFaults();
    await sandbox.git(
      sandbox.code,
      '-C',
      'unborn',
      'commit',
      '--quiet',
      '--allow-empty',
      '--message',
      'Born',
    );
    await rm(path.join(sandbox.code, 'plain-file'));
    for (const id of ['stays-red', 'no-right', 'unborn'])
      expect((await sandbox.clone(['ideas', 'retry', id])).exitCode).toBe(0);
    const again = await sandbox.clone(['ideas', 'process', '--json']);
    expect(again.exitCode).toBe(0);
    const told = JSON.parse(again.stdout) as { ideas: { id: string; status: string }[] };
    expect(told.ideas.map(({ id, status }) => [id, status])).toEqual([
      ['no-right', 'ACTIVE'],
      ['stays-red', 'ACTIVE'],
      ['unborn', 'ACTIVE'],
    ]);
    expect(await remoteSubjects(sandbox, 'stays-red')).toEqual(['Begin stays-red']);
    // Its files were made before: the agent is not asked again.
    expect(turnsOf(sandbox, 'no-right')).toBe(1);
    const { needs_you: needs } = await statusJson(sandbox);
    expect(needs.filter(({ what }) => what === 'idea')).toHaveLength(10);
  });
});

describe('ideas without a token', () => {
  it('become local repositories, which are enrolled, visited in the same cycle and said to be local', async () => {
    await using sandbox = await startSandbox({
      repos: [],
      scenarios: [
        goodIdea('diary'),
        turn('diary', 'plan', [{ json: { outcome: 'no_work', reason: 'It has only begun.', tasks: [] } }]),
      ],
    });
    await writeIdeas(sandbox, { title: 'Diary' });
    const run = await sandbox.clone(['run'], { env: { GITHUB_TOKEN: '' } });
    expectRun(run, 0);
    expect(run.stdout).toContain('idea diary is ACTIVE: local only: there is no GitHub token');
    expect(await checkoutOf(sandbox, 'diary')).toMatchObject({ branch: 'main', status: '' });
    expect(await sandbox.git(sandbox.checkout('diary'), 'remote')).toBe('');
    expect((await entriesOf(sandbox)).map(({ name }) => name)).toEqual(['diary']);
    expect(turnsOf(sandbox, 'diary', 'plan')).toBe(1);
    expect(() => sandbox.github.repo('alice/diary')).toThrow();
    await expectClean(sandbox);
  });
});

describe('an ideas.yaml that cannot be read', () => {
  it('ends the command with its place, and only warns in a run', async () => {
    await using sandbox = await startSandbox({
      repos: [{ name: 'fine', files: { 'README.md': '# Fine\n' } }],
      scenarios: [turn('fine', 'plan', [{ json: { outcome: 'no_work', reason: 'Fine.', tasks: [] } }])],
      options: { sleep_seconds: 0 },
    });
    const file = path.join(sandbox.home, 'ideas.yaml');
    const text =
      'ideas:\n  - title: One\n<<<<<<< HEAD\n  - title: Two\n=======\n  - title: Three\n>>>>>>> other\n';
    await writeFile(file, text);
    for (const args of [
      ['ideas', 'list'],
      ['ideas', 'process'],
      ['ideas', 'add', 'Four'],
      ['ideas', 'retry', 'one'],
    ])
      expect(await sandbox.clone(args)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/ideas\.yaml:3:1: has marks of a merge/) as string,
      });
    const run = await sandbox.clone(['run', '--cycles', '2']);
    expectRun(run, 0);
    expect(run.stdout.match(/ideas\.yaml:3:1: .*; the run goes on without ideas/g)).toHaveLength(1);
    expect(turnsOf(sandbox, 'fine', 'plan')).toBe(1);
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});
