import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { humanPushes, turnsOf } from './ci-support.ts';
import {
  checkoutOf,
  eventsOf,
  expectClean,
  expectRun,
  goodWork,
  noWork,
  quickCheck,
  remoteGit,
  remoteSubjects,
  repoFiles,
  showJson,
  statusJson,
  turn,
} from './support.ts';

const quick = { ...quickCheck, session_mode: 'single', parallel_repos: 4, ci_grace_seconds: 0.3 };

type Entry = Record<string, unknown> & { name: string; path: string };

async function editEntries(sandbox: Sandbox, edit: (entries: Entry[]) => Entry[]): Promise<void> {
  const file = path.join(sandbox.home, 'repos.yaml');
  const portfolio = parse(await readFile(file, 'utf8')) as { repos: Entry[] };
  await writeFile(file, stringify({ ...portfolio, repos: edit(portfolio.repos) }));
}

describe('a portfolio with strange entries', () => {
  let sandbox: Sandbox;
  let run: CloneRun;

  beforeAll(async () => {
    const names = ['detached', 'dirty', 'super', 'twin', 'bare', 'plain'];
    sandbox = await startSandbox({
      repos: [
        ...['gone', 'empty', 'lib', ...names].map((name) => ({
          name,
          files: repoFiles(),
          remote: !['gone', 'empty', 'lib', 'plain'].includes(name),
        })),
      ],
      scenarios: names.flatMap((name) => goodWork(name)),
      options: quick,
    });
    await rm(sandbox.checkout('gone'), { recursive: true });
    await rm(path.join(sandbox.checkout('empty'), '.git'), { recursive: true });
    await sandbox.git(sandbox.checkout('empty'), 'init', '--quiet');
    await sandbox.git(sandbox.checkout('detached'), 'checkout', '--quiet', '--detach');
    await writeFile(path.join(sandbox.checkout('dirty'), 'start.txt'), 'half a sentence\n');
    await writeFile(path.join(sandbox.checkout('dirty'), 'untracked.txt'), 'mine\n');
    await humanPushes(sandbox, 'super', {
      '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = ../lib\n',
    });
    await giveSubmodule('super', 'lib');
    await symlink(sandbox.checkout('twin'), path.join(sandbox.code, 'link'));
    const bare = path.join(sandbox.code, 'bare.git');
    await sandbox.git(sandbox.code, 'clone', '--quiet', '--bare', sandbox.checkout('bare'), bare);
    await sandbox.git(bare, 'remote', 'set-url', 'origin', `${sandbox.github.url}/alice/bare.git`);
    await editEntries(sandbox, (entries) => [
      ...entries
        .filter(({ name }) => name !== 'lib')
        .map((entry) => (entry.name === 'bare' ? { ...entry, path: bare } : entry)),
      { name: 'twin-link', path: path.join(sandbox.code, 'link') },
      { name: 'a-twin-slash', path: `${sandbox.checkout('twin')}/` },
    ]);
    run = await sandbox.clone(['run']);
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  /** A commit on the remote and in the checkout that points to another repository. */
  async function giveSubmodule(repo: string, lib: string): Promise<void> {
    const at = sandbox.checkout(repo);
    const human = path.join(sandbox.folder, 'human', repo);
    const sha = await sandbox.git(sandbox.checkout(lib), 'rev-parse', 'HEAD');
    await sandbox.git(human, 'update-index', '--add', '--cacheinfo', `160000,${sha},${lib}`);
    await sandbox.git(human, 'commit', '--quiet', '--message', 'Point to lib');
    await sandbox.git(human, 'push', '--quiet', 'origin', 'HEAD:refs/heads/main');
    await sandbox.git(at, 'pull', '--quiet', '--ff-only', human, 'HEAD');
  }

  it('works on what it can and asks a person about the rest', async () => {
    expectRun(run, 4);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
    const { sessions, needs_you: needs } = await statusJson(sandbox);
    expect(sessions).toMatchObject({ landed: 6, blocked: 2, skipped: 2 });
    expect(needs.map(({ repo, what }) => `${repo ?? ''} ${what}`).sort()).toEqual([
      'empty environment',
      'gone environment',
    ]);
  });

  it.each([
    ['gone', /nothing is at .*\/gone; was it moved or deleted\?/],
    ['empty', /empty has no commits yet/],
  ])('says of %s why it cannot be worked on', async (repo, why) => {
    const { repos } = await statusJson(sandbox);
    expect(repos.find(({ name }) => name === repo)).toMatchObject({ state: 'blocked' });
    expect(repos.find(({ name }) => name === repo)?.why).toMatch(why);
    expect((await showJson(sandbox, repo)).why).toMatch(why);
    const shown = (await sandbox.clone(['show', repo])).stdout;
    expect(shown).toMatch(why);
    expect(shown).not.toContain('?,');
  });

  it.each([
    ['detached', 'the checkout is on no branch'],
    ['dirty', 'the checkout has changes that are not committed'],
    ['bare', 'the repository is bare'],
  ])('lands the work of %s and leaves the checkout alone', async (repo, why) => {
    const shown = await showJson(sandbox, repo);
    expect(shown).toMatchObject({ state: 'cleaned', checkout: { moved: false, why } });
    expect(await remoteSubjects(sandbox, repo)).toEqual(['Do session', 'First commit']);
  });

  it('keeps what the user had not committed', async () => {
    const { status } = await checkoutOf(sandbox, 'dirty');
    expect(status.split('\n').map((line) => line.trim())).toEqual(['M start.txt', '?? untracked.txt']);
    expect(await readFile(path.join(sandbox.checkout('dirty'), 'start.txt'), 'utf8')).toBe(
      'half a sentence\n',
    );
  });

  it('lands in a repository with a submodule, and the submodule stays where it was', async () => {
    const lib = await sandbox.git(sandbox.checkout('lib'), 'rev-parse', 'HEAD');
    expect(await remoteGit(sandbox, 'super', 'ls-tree', 'HEAD', 'lib')).toBe(`160000 commit ${lib}\tlib`);
    expect(await remoteGit(sandbox, 'super', 'diff', '--name-only', 'HEAD~1', 'HEAD')).toBe('session.txt');
  });

  it('lands in a repository without a remote by fast-forwarding the clean checkout', async () => {
    const subjects = await sandbox.git(sandbox.checkout('plain'), 'log', '--format=%s');
    expect(subjects.split('\n')).toEqual(['Do session', 'First commit']);
    expect((await checkoutOf(sandbox, 'plain')).status).toBe('');
  });

  it('visits a repository once that is reached by three paths, and says so', async () => {
    expect(await remoteSubjects(sandbox, 'twin')).toEqual(['Do session', 'First commit']);
    const { repos } = await statusJson(sandbox);
    const why = 'the same repository as twin, reached by another path';
    for (const name of ['twin-link', 'a-twin-slash']) {
      expect(repos.find((repo) => repo.name === name)).toMatchObject({ why });
      expect((await sandbox.clone(['show', name])).stderr).toContain(why);
    }
  });

  it('gives the visit to the first of them in the portfolio, in every cycle', async () => {
    const next = await sandbox.clone(['next', '--json']);
    const { repos } = JSON.parse(next.stdout) as { repos: { repo: string; visit: boolean }[] };
    const twins = repos.filter(({ repo }) => repo.includes('twin'));
    expect(Object.fromEntries(twins.map(({ repo, visit }) => [repo, visit]))).toEqual({
      twin: true,
      'twin-link': false,
      'a-twin-slash': false,
    });
  });
});

describe('a quiet portfolio', () => {
  let sandbox: Sandbox;
  const names = ['one', 'two', 'three'];

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: names.map((name) => ({ name, files: repoFiles() })),
      scenarios: names.map((name) => turn(name, 'plan', [{ json: noWork('It is fine.') }])),
      options: { ...quickCheck, parallel_repos: 3 },
    });
    expectRun(await sandbox.clone(['run']), 0);
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  /** How often the agent was started in each repository so far. */
  function starts(): number[] {
    return names.map((name) => turnsOf(sandbox, name));
  }

  it('is visited by one turn each when it is new', async () => {
    expect(starts()).toEqual([1, 1, 1]);
    await expectClean(sandbox);
  });

  it('starts no agent in three more cycles', async () => {
    expectRun(await sandbox.clone(['run', '--cycles', '3']), 0);
    expect(starts()).toEqual([1, 1, 1]);
    const cycles = (await eventsOf(sandbox)).filter(({ type }) => type === 'repos-skipped');
    expect(cycles).toHaveLength(3);
    for (const { skipped } of cycles as unknown as { skipped: { repo: string; why: string }[] }[])
      expect(skipped.map(({ repo, why }) => `${repo}: ${why}`).sort()).toEqual([
        'one: no signal',
        'three: no signal',
        'two: no signal',
      ]);
  });

  it('starts the agent again where somebody pushed, and only there', async () => {
    await humanPushes(sandbox, 'one', { 'more.txt': 'good\n' });
    expectRun(await sandbox.clone(['run', '--cycles', '2']), 0);
    expect(starts()).toEqual([2, 1, 1]);
  });

  it('starts the agent again where the objective changed', async () => {
    await editEntries(sandbox, (entries) =>
      entries.map((entry) => (entry.name === 'two' ? { ...entry, objective: 'Something else.' } : entry)),
    );
    expectRun(await sandbox.clone(['run', '--cycles', '2']), 0);
    expect(starts()).toEqual([2, 2, 1]);
  });

  it('starts the agent again everywhere when a prompt changed', async () => {
    await mkdir(path.join(sandbox.home, 'prompts'));
    const prompt =
      'Turn: plan\nRepository: {{repository}}\n{{objective}} {{task_cap}} {{checks}} {{signals}}\n';
    await writeFile(path.join(sandbox.home, 'prompts/plan.md'), prompt);
    expectRun(await sandbox.clone(['run', '--cycles', '2']), 0);
    expect(starts()).toEqual([3, 3, 2]);
    expect(sandbox.model.problems).toEqual([]);
  });

  it('is only looked at by --dry-run and by next, which write no workspace', async () => {
    const before = sandbox.model.requests.length;
    await humanPushes(sandbox, 'three', { 'more.txt': 'good\n' });
    const dry = await sandbox.clone(['run', '--dry-run']);
    expectRun(dry, 0);
    expect(dry.stdout).toMatch(/would visit 1 of 3 repositories.*Nothing was started/);
    expect(dry.stdout).toMatch(/\+ three .*new commits since the last visit/);
    const next = await sandbox.clone(['next', 'three', '--json']);
    expect(JSON.parse(next.stdout)).toMatchObject({
      schema_version: 1,
      repos: [{ repo: 'three', visit: true }],
    });
    expect(sandbox.model.requests).toHaveLength(before);
    await expectClean(sandbox);
  });
});

describe('files that are edited while a run goes on', () => {
  it('keeps the last good ones, says so, and goes on', async () => {
    await using sandbox = await startSandbox({
      repos: ['steady', 'second'].map((name) => ({ name, files: repoFiles() })),
      scenarios: [
        turn('steady', 'plan', [{ run: breaks('{{cwd}}/../../..') }, { json: noWork('Fine.') }], { call: 1 }),
        turn('steady', 'plan', [{ json: noWork('Fine.') }]),
        turn('second', 'plan', [{ json: noWork('Fine.') }]),
      ],
      options: { ...quickCheck, sandbox: 'danger-full-access' },
    });
    const settings = path.join(sandbox.home, 'clone.yaml');
    const good = await readFile(settings, 'utf8');
    const run = await sandbox.clone(['run', '--cycles', '3']);
    expectRun(run, 0);
    expect(await readFile(settings, 'utf8')).toBe(`${good}paralel_repos: 2\n`);
    await writeFile(settings, good);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
    const events = await eventsOf(sandbox);
    const refusals = events
      .filter(({ type }) => type === 'config-refused')
      .map(({ message }) => String(message));
    expect(refusals[0]).toMatch(/clone\.yaml:\d+:1: paralel_repos is not an option/);
    expect(refusals[1]).toMatch(/repos\.yaml:\d+:\d+: .*brnch is not a key/);
    expect(run.stdout).toMatch(
      /a file cannot be read, the last good one stays in force: .*clone\.yaml:\d+:1/,
    );
    const cycles = events.filter(({ type }) => type === 'cycle-started').map(({ repos }) => repos);
    expect(cycles).toEqual([2, 2, 2]);
  });

  /** What a person does to both files in an editor, while a run goes on. */
  function breaks(home: string): string {
    return `echo 'paralel_repos: 2' >> ${home}/clone.yaml; sed -i s/branch:/brnch:/ ${home}/repos.yaml`;
  }
});

describe('the portfolio of the first Clone', () => {
  it('runs as it is: JSON in YAML, its key names, and main where the default is master', async () => {
    await using sandbox = await startSandbox({
      repos: [{ name: 'old-timer', files: repoFiles(), branch: 'master' }],
      scenarios: goodWork('old-timer'),
      options: quick,
    });
    const entry = {
      name: 'old-timer',
      path: sandbox.checkout('old-timer'),
      branch: 'main',
      last_commit: '2026-11-19T19:34:42Z',
      objective: 'Keep old-timer production-ready.',
    };
    const written = JSON.stringify(
      {
        generated_at: '2026-11-20T21:00:00Z',
        code_root: sandbox.code,
        activity_window_days: 60,
        repos: [entry],
      },
      null,
      2,
    );
    await writeFile(path.join(sandbox.home, 'repos.yaml'), `${written}\n`);
    const env = { PARALLEL_REPOS: '2', TASKS_PER_REPO: '3', MAX_CYCLES: '1', SLEEP_SECONDS: '0' };
    expectRun(await sandbox.clone(['run'], { env }), 0);
    await expectClean(sandbox);
    expect(await remoteSubjects(sandbox, 'old-timer', 'master')).toEqual(['Do session', 'First commit']);
    expect(await remoteGit(sandbox, 'old-timer', 'branch', '--list', 'main')).toBe('');
    expect(await readFile(path.join(sandbox.home, 'repos.yaml'), 'utf8')).toBe(`${written}\n`);
  });
});
