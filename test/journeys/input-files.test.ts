import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { noWork, quickCheck, repoFiles, turn } from './support.ts';

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

let sandbox: Sandbox;
let good: { readonly repos: string; readonly settings: string };

beforeAll(async () => {
  sandbox = await startSandbox({
    repos: ['alpha', 'beta'].map((name) => ({ name, files: repoFiles() })),
    scenarios: [turn('alpha', 'plan', [{ json: noWork('It is fine.') }])],
    options: quickCheck,
  });
  good = {
    repos: await readFile(inHome('repos.yaml'), 'utf8'),
    settings: await readFile(inHome('clone.yaml'), 'utf8'),
  };
});
afterAll(() => sandbox[Symbol.asyncDispose]());

function inHome(name: string): string {
  return path.join(sandbox.home, name);
}

/** Runs `clone run --json` over a home with these files and answers its complaint; afterwards the home is as before. */
async function refused(
  files: Readonly<Record<string, string>>,
  how: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<Told> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(inHome(name)), { recursive: true });
    await writeFile(inHome(name), text);
  }
  const before = await everyFile(sandbox.home);
  const run = await sandbox.clone([...(how.args ?? ['run']), '--json'], { env: how.env ?? {} });
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  const told = JSON.parse(run.stderr) as Told;
  expect(Object.keys(told)).toEqual(['code', 'message', 'hint']);
  expect(await everyFile(sandbox.home), 'the home').toEqual(before);
  expect(sandbox.model.requests).toEqual([]);
  for (const name of Object.keys(files)) await rm(inHome(name));
  await writeFile(inHome('repos.yaml'), good.repos);
  await writeFile(inHome('clone.yaml'), good.settings);
  return told;
}

async function everyFile(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const));
  return Object.fromEntries(texts);
}

describe('a run that cannot read what it is to do', () => {
  it.each<[what: string, broken: (text: string) => string, place: string, message: RegExp, hint: RegExp]>([
    [
      'a map where none may be',
      (text) => text.replace('name: beta', 'name: beta: b'),
      '7:11',
      /Nested mappings/,
      /not valid YAML/,
    ],
    [
      'a key that does not exist',
      (text) => text.replace('branch', 'brunch'),
      '5:13',
      /brunch is not a key/,
      /mean branch\?/,
    ],
    [
      'an option that does not exist',
      (text) => `${text}    tasks_per_rep: 2\n`,
      '11:20',
      /tasks_per_rep is not an option/,
      /mean tasks_per_repo\?/,
    ],
    [
      'an option of another type',
      (text) => `${text}    tasks_per_repo: lots\n`,
      '11:21',
      /must be a whole number, 1 to 100/,
      /^$/,
    ],
    [
      'a repository twice',
      (text) => text.replace('name: beta', 'name: alpha'),
      '7:5',
      /alpha stands twice: in line 3/,
      /rename/,
    ],
    [
      'no path',
      (text) => text.replace(/path: .*beta\n/, 'where: here\n'),
      '7:5',
      /beta needs a `path`/,
      /folder/,
    ],
  ])(
    'points into repos.yaml at %s, and leaves everything as it is',
    async (_what, broken, place, message, hint) => {
      const told = await refused({ 'repos.yaml': broken(good.repos) });
      expect(told.code).toBe('file-unreadable');
      expect(told.message).toContain(`${inHome('repos.yaml')}:${place}: `);
      expect(told.message).toMatch(message);
      expect(told.hint).toMatch(hint);
    },
  );

  it.each<[what: string, line: string, column: number, message: RegExp, hint: RegExp]>([
    ['that is no YAML', 'land: : push', 7, /Nested mappings/, /not valid YAML/],
    ['that does not exist', 'paralel_repos: 2', 1, /paralel_repos is not an option/, /mean parallel_repos\?/],
    ['out of range', 'parallel_repos: 0', 17, /must be between 1 and 64, not 0/, /parallel_repos: 3/],
    ['of another type', 'cleanup_enabled: maybe', 18, /cleanup_enabled must be/, /./],
    ['with an unknown choice', 'land: pus', 7, /land must be/, /push/],
  ])('points into clone.yaml at an option %s', async (_what, line, column, message, hint) => {
    const lines = good.settings.split('\n').length;
    const told = await refused({ 'clone.yaml': `${good.settings}${line}\n` });
    expect(told.message).toContain(`${inHome('clone.yaml')}:${lines}:${column}: `);
    expect(told.message).toMatch(message);
    expect(told.hint).toMatch(hint);
  });

  it.each<[what: string, how: Parameters<typeof refused>[1], message: RegExp, hint: RegExp]>([
    [
      'a variable that is no option',
      { env: { CLONE_PARALEL_REPOS: '2' } },
      /CLONE_PARALEL_REPOS/,
      /CLONE_PARALLEL_REPOS/,
    ],
    [
      'a variable of the first Clone with nonsense',
      { env: { PARALLEL_REPOS: 'two' } },
      /PARALLEL_REPOS .* whole number/,
      /PARALLEL_REPOS/,
    ],
    ['a flag that does not exist', { args: ['run', '--paralel', '2'] }, /--paralel/, /--parallel/],
    ['a flag out of range', { args: ['run', '--parallel', '0'] }, /--parallel.*between 1 and 64/, /./],
    ['a command that does not exist', { args: ['rum'] }, /rum is not a command/, /run/],
    [
      'a repository that does not exist',
      { args: ['run', '--repo', 'alpa'] },
      /no repository named alpa/,
      /mean alpha\?/,
    ],
    [
      'an agent that does not exist',
      { args: ['run', '--agent', 'claude'] },
      /no agent named claude/,
      /codex/,
    ],
    [
      'a home that does not exist',
      { args: ['run', '--home', '/nowhere/at/all'] },
      /\/nowhere\/at\/all .*does not exist/,
      /clone init/,
    ],
  ])('refuses %s and names what was meant', async (_what, how, message, hint) => {
    const told = await refused({}, how);
    expect(told.message).toMatch(message);
    expect(told.hint).toMatch(hint);
  });

  it('refuses a prompt with a variable that nobody fills, before any agent starts', async () => {
    const told = await refused({ 'prompts/plan.md': 'Turn: plan\n{{objective}} {{taskcap}}\n' });
    expect(told.message).toBe(`${inHome('prompts/plan.md')}: unknown variable {{taskcap}}`);
    expect(told.hint).toContain('{{task_cap}}');
    await rm(inHome('prompts'), { recursive: true, force: true });
  });

  it('says the same to people, in two lines', async () => {
    const run = await sandbox.clone(['run', '--repo', 'alpa']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toBe(
      'error: there is no repository named alpa in the portfolio\nhint: did you mean alpha?\n',
    );
  });

  it('says how to begin when the portfolio is empty', async () => {
    const told = await refused({ 'repos.yaml': 'repos: []\n' });
    expect(told).toMatchObject({
      code: 'portfolio-empty',
      hint: expect.stringContaining('clone discover') as string,
    });
    await writeFile(inHome('repos.yaml'), 'repos: []\n');
    expect((await sandbox.clone(['next'])).stdout).toContain('clone discover');
    await writeFile(inHome('repos.yaml'), good.repos);
  });

  it('says how to begin where there is no home', async () => {
    const nowhere = await mkdtemp(path.join(os.tmpdir(), 'clone-journey-'));
    const run = await sandbox.clone(['run'], { cwd: nowhere, env: { HOME: nowhere } });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(/there is no home here.*\nhint: clone init/);
    expect(await readdir(nowhere)).toEqual([]);
    await rm(nowhere, { recursive: true });
  });
});

describe('a run without its agent', () => {
  it('says how to install codex when it is not there', async () => {
    const settings = `${good.settings}codex_path: /nowhere/codex\n`;
    const told = await refusedBeforeStart(settings);
    expect(told).toMatchObject({ exitCode: 2, code: 'agent-missing' });
    expect(told.message).toBe('the agent codex was not found at /nowhere/codex (codex_path)');
    expect(told.hint).toContain('npm install -g @openai/codex');
  });

  it('says how to log in when nobody is', async () => {
    const folder = path.join(sandbox.folder, 'fresh-codex');
    await mkdir(folder);
    const settings = good.settings.replace(/codex_home: .*/, `codex_home: ${folder}`);
    const told = await refusedBeforeStart(settings);
    expect(told).toMatchObject({ exitCode: 4, code: 'agent-login' });
    expect(told.hint).toContain('codex login');
  });

  async function refusedBeforeStart(settings: string): Promise<Told & { exitCode: number }> {
    await writeFile(inHome('clone.yaml'), settings);
    const run = await sandbox.clone(['run', '--json']);
    await writeFile(inHome('clone.yaml'), good.settings);
    expect(run.stdout).toBe('');
    expect(await readdir(sandbox.home)).not.toContain('logs');
    expect(sandbox.model.requests).toEqual([]);
    return { ...(JSON.parse(run.stderr) as Told), exitCode: run.exitCode };
  }
});

describe('the words of the program', () => {
  it.each(commandTable.map(({ name }) => name))('give an example of %s, without colours', async (name) => {
    const help = await sandbox.clone([name, '--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`Examples?:\n(.*\n)*? {2}clone ${name}\\b`));
    expect(help.stdout).not.toContain('\u001b');
  });

  it('lists every command in its help', async () => {
    const { stdout } = await sandbox.clone(['--help'], { env: { NO_COLOR: '1' } });
    for (const { name } of commandTable) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });
});
