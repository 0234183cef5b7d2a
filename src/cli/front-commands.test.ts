import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FrontDoor, frontDoor, without } from '../../test/fakes/front-door.ts';
import { failed, ok } from '../domain/result.ts';
import type { TokenForge } from './front-context.ts';

let folder: string;
let door: FrontDoor;
const now = Date.parse('2026-11-20T21:00:00Z');
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'cli-')));
  await mkdir(at('home'));
  door = doorWith({});
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...parts: readonly string[]): string => path.join(folder, ...parts);
function doorWith(env: Readonly<Record<string, string>>, forge?: TokenForge): FrontDoor {
  return frontDoor({ cwd: at('home'), userFolder: folder, env, now, forge });
}
async function repo(name: string, daysAgo = 1): Promise<string> {
  await mkdir(at(name), { recursive: true });
  const date = new Date(now - daysAgo * 86_400_000).toISOString();
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-C', at(name), '-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
      env,
      stdio: 'pipe',
    });
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  return at(name);
}
const reposYaml = (): Promise<string> => readFile(at('home/repos.yaml'), 'utf8');

describe('clone init', () => {
  it('makes a home that works, and says what to do next', async () => {
    const { exitCode, out } = await door.clone('init', '../fresh');
    expect(exitCode).toBe(0);
    expect(without(folder, out)).toBe(`made  clone.yaml  settings, all commented out
made  repos.yaml  the portfolio, empty
made  ideas.yaml  the incubator, empty

The home is fresh. Next:
  clone discover ~/code --home fresh   find the repositories you work on
  clone run --dry-run --home fresh     see what a cycle would do
or say once: export CLONE_HOME=fresh
`);
    expect(await door.clone('repos', 'list', '--home', at('fresh'))).toMatchObject({ exitCode: 0 });
    expect(await door.clone('config', 'show', '--home', at('fresh'))).toMatchObject({ exitCode: 0 });
  });

  it('never writes over what is there', async () => {
    await writeFile(at('home/repos.yaml'), '# mine\n');
    const { out } = await door.clone('init');
    expect(out).toContain('kept  repos.yaml');
    expect(await reposYaml()).toBe('# mine\n');
    expect((await door.clone('init')).out).not.toContain('made');
  });

  it('fails in words where it cannot write', async () => {
    await writeFile(at('file'), '');
    expect(await door.clone('init', at('file'))).toMatchObject({ exitCode: 2 });
  });
});

describe('the home', () => {
  it.each<[what: string, args: readonly string[], message: string]>([
    ['--home', ['--home', '/no/where'], 'the home /no/where (--home) does not exist'],
    ['no home at all', [], 'there is no home here'],
  ])('is asked for when there is none: %s', async (_what, args, message) => {
    const { exitCode, err } = await door.clone('config', ...args);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('clone init');
  });
});

it('says that a home is a file, and which folder to name', async () => {
  await writeFile(at('home/clone.yaml'), '');
  const { exitCode, err } = await door.clone('config', '--home', at('home/clone.yaml'));
  expect(exitCode).toBe(2);
  expect(without(folder, err)).toBe(
    'error: the home home/clone.yaml (--home) is a file, and must be a folder\nhint: name the folder around it: home\n',
  );
});

describe('clone config', () => {
  beforeEach(() => door.clone('init'));

  it('shows each value with the layer it came from', async () => {
    await repo('code/api');
    await writeFile(at('home/clone.yaml'), 'tasks_per_repo: 8\nsession_mode: single\nprompts_file: p.md\n');
    await writeFile(at('home/repos.yaml'), 'repos:\n  - {name: api, path: ~/code/api, agent: mine}\n');
    await writeFile(
      at('code/api/.clone.yaml'),
      'tasks_per_repo: 4\nturn_minutes: 90\nverify: ["true"]\ntask: 1\n',
    );
    const environment = doorWith({ MODEL: 'm1', CLONE_PROMPTS_FILE: '' });
    expect(await environment.json('config', 'show', '--repo', 'api', '--parallel', '2')).toMatchObject({
      schema_version: 1,
      home: at('home'),
      repo: 'api',
      settings: {
        parallel_repos: { value: 2, from: '--parallel' },
        model: { value: 'm1', from: 'MODEL' },
        agent: { value: 'mine', from: 'repos.yaml (api)' },
        tasks_per_repo: { value: 4, from: '.clone.yaml' },
        session_mode: { value: 'single', from: 'clone.yaml' },
        prompts_file: { value: at('home/p.md'), from: 'clone.yaml' },
        turn_minutes: { value: 60, from: 'default' },
        verify: { value: [], from: 'default' },
      },
      warnings: [
        'api/.clone.yaml: line 4: task is not an option; not taken (did you mean tasks_per_repo?)',
        'api/.clone.yaml: turn_minutes: 90 is not taken: it is 60 here and may only be lowered',
        expect.stringContaining('verify') as string,
      ],
    });
    const { out, err } = await environment.clone('config', 'show', '--repo', 'api');
    expect(out).toMatch(/tasks_per_repo +4 +\.clone\.yaml/);
    expect(out.split('\n')[0]).toBe(`Home: ${at('home')}`);
    expect(err).toContain('warning: api/.clone.yaml: turn_minutes: 90 is not taken');
  });

  it('tells whose issues count, and of prompts that replace nothing', async () => {
    await mkdir(at('home/prompts'), { recursive: true });
    for (const name of ['pln.md', 'README.md', 'core.md']) await writeFile(at('home/prompts', name), 'x');
    const warning = `${at('home/prompts')}/pln.md is no prompt: did you mean plan.md?`;
    expect(await door.json('config', 'show')).toMatchObject({
      issue_owner: { id: null, login: null, how: 'not known without a token' },
      warnings: [warning],
    });
    const { out, err } = await door.clone('config', 'show');
    expect(out).toMatch(/\nIssue owner: not known without a token\n$/);
    expect(err).toBe(`warning: ${warning}\n`);
  });

  it('shows without a command of its own, whatever flags it is given', async () => {
    await repo('api');
    await door.clone('repos', 'add', at('api'));
    expect(await door.json('config', '--repo', 'api', '--tasks', '3')).toMatchObject({
      repo: 'api',
      settings: { tasks_per_repo: { value: 3, from: '--tasks' } },
    });
    expect((await door.clone('config', '--repo', 'api', 'shw')).err).toContain('clone config has no shw');
  });

  it('does not tell the value of what a repository may never set for itself', async () => {
    await repo('api');
    await writeFile(at('api/.clone.yaml'), 'verify: ["true"]\n');
    await door.clone('repos', 'add', at('api'));
    expect(await door.json('config', '--repo', 'api')).toMatchObject({
      warnings: ['api/.clone.yaml: verify is not taken: a repository may not set it for itself'],
    });
  });

  it('prints the schema with --json as without', async () => {
    const plain = await door.clone('config', 'schema');
    expect(await door.clone('config', 'schema', '--json')).toEqual(plain);
    expect(JSON.parse(plain.out)).toMatchObject({ properties: { tasks_per_repo: { type: 'integer' } } });
  });

  it.each([
    ['config', 'show *\\[options\\] +print every option, its value, and the layer'],
    ['config', 'schema *\\[options\\] +print the JSON Schema'],
    ['config show', 'Prints every option with its value and the layer it came from'],
    ['config schema', 'Prints the JSON Schema of clone.yaml'],
  ])('is described by clone %s --help: %s', async (command, words) => {
    const { out } = await door.clone(...command.split(' '), '--help');
    expect(out).toMatch(new RegExp(words));
  });

  it('is not stopped by a hostile in-repo file, and says so', async () => {
    await repo('code/api');
    await writeFile(at('secret'), 'land: hold');
    await symlink(at('secret'), at('code/api/.clone.yaml'));
    await writeFile(at('home/repos.yaml'), 'repos:\n  - {name: api, path: ~/code/api}\n');
    expect(await door.json('config', 'show', '--repo', 'api')).toMatchObject({
      settings: { land: { value: 'push' } },
      warnings: ['api/.clone.yaml: not read: it is a link'],
    });
  });

  it.each<[what: string, file: string, env: Record<string, string>, args: readonly string[], err: string]>([
    [
      'unknown option',
      '# a\ntask_per_repo: 3\n',
      {},
      [],
      'error: clone.yaml:2:1: task_per_repo is not an option\nhint: did you mean tasks_per_repo?\n',
    ],
    ['broken YAML', 'a: [\n', {}, [], 'error: clone.yaml:2:1: '],
    [
      'two problems',
      'land: pus\nmodel: 5\n',
      {},
      [],
      'error: clone.yaml:1:7: land must be one of hold, pr, push, not "pus" (did you mean push?)\n       clone.yaml:2:8: model must be a text, not 5 (put it in quotes)\nhint: nothing was started\n',
    ],
    [
      'environment',
      '',
      { MAX_CYCLES: '-1' },
      [],
      'error: MAX_CYCLES in the environment must be between 0 and 1000000, not -1\n',
    ],
    [
      'flag',
      '',
      {},
      ['--tasks', '101'],
      "error: option '--tasks <n>' argument '101' is invalid. must be between 1 and 100, not 101\n",
    ],
    ['repository', '', {}, ['--repo', 'api'], 'error: there is no repository named api in the portfolio\n'],
  ])('refuses a wrong %s with exit 2', async (_what, file, env, args, err) => {
    await writeFile(at('home/clone.yaml'), file);
    const said = await doorWith(env).clone('config', 'show', ...args);
    expect(said).toMatchObject({ exitCode: 2, out: '' });
    expect(without(at('home'), said.err)).toContain(err);
  });

  it('prints the schema', async () => {
    const { out } = await door.clone('config', 'schema', '--file', '.clone.yaml');
    expect(JSON.parse(out)).toMatchObject({ title: '.clone.yaml', additionalProperties: false });
  });
});

describe('clone run --dry-run', () => {
  it('says what an in-repo file asked for in vain', async () => {
    await door.clone('init');
    await repo('api');
    await writeFile(at('api/.clone.yaml'), 'turn_minutes: 90\n');
    await door.clone('repos', 'add', at('api'));
    const { exitCode, out, err } = await door.clone('run', '--dry-run');
    expect(exitCode).toBe(0);
    expect(out).toContain('+ api   up to 10 tasks, land push: never visited before');
    expect(err).toBe(
      'warning: api/.clone.yaml: turn_minutes: 90 is not taken: it is 60 here and may only be lowered\n',
    );
  });
});

describe('clone run', () => {
  it('says that a repository which it is to visit is ignored', async () => {
    await door.clone('init');
    await repo('api');
    await door.clone('repos', 'add', at('api'));
    await door.clone('repos', 'ignore', 'api');
    expect(await door.clone('run', '--repo', 'api')).toEqual({
      exitCode: 2,
      out: '',
      err: 'error: api is ignored, so it is never visited\nhint: clone repos unignore api\n',
    });
    expect((await door.clone('run', '--dry-run')).out).toBe(
      'No repository may be visited: clone discover ~/code finds yours, clone repos list tells which are ignored.\n',
    );
  });
});

describe('clone discover', () => {
  beforeEach(() => door.clone('init'));

  it('adds what is active, and says what it did', async () => {
    await repo('code/api');
    await repo('code/old', 90);
    const { exitCode, out } = await door.clone('discover', '~/code');
    expect(exitCode).toBe(0);
    expect(without(folder, out)).toBe(`added  api  active 1 d 0 h ago  code/api
left out: code/old
2 found: 1 added, 0 updated, 0 as they were, 1 left out (nothing within 60 days)
`);
    expect(without(folder, await reposYaml())).toContain(`generated_at: 2026-11-20T21:00:00Z
code_root: code
activity_window_days: 60
`);
    expect(without(folder, await reposYaml())).toContain(`repos:
  - name: api
    path: code/api
    branch: main
    last_commit: 2026-11-19T21:00:00Z
    objective: Keep api production-ready.
`);
  });

  it('refreshes, and keeps what a person wrote', async () => {
    await repo('code/api');
    await repo('code/gone');
    await door.clone('discover', '~/code');
    const edited = (await reposYaml()).replace(
      'Keep api production-ready.',
      'Hands off # mine\n    pinned: true',
    );
    await writeFile(at('home/repos.yaml'), edited);
    await rm(at('code/gone'), { recursive: true });
    await repo('code/new');
    expect(await door.json('discover', at('code'))).toMatchObject({
      added: [{ name: 'new', branch: 'main', last_active: '2026-11-19T21:00:00Z' }],
      updated: [],
      missing: ['gone'],
      unchanged: 1,
    });
    expect(await reposYaml()).toContain('objective: Hands off # mine\n    pinned: true');
    expect(await reposYaml()).toContain('missing: true');
    await repo('code/gone');
    expect(await door.json('discover', at('code'))).toMatchObject({ returned: ['gone'], missing: [] });
    expect(await reposYaml()).not.toContain('missing');
  });

  it.each<[what: string, settings: string, portfolio: string, found: string | undefined]>([
    ['clone.yaml', 'code_root: ../one\n', 'code_root: ../two\nrepos: []\n', 'one/api'],
    ['repos.yaml, where clone.yaml names none', '', 'code_root: ../two # mine\nrepos: []\n', 'two/web'],
    ['repos.yaml that is not flat', '', '{code_root: "../two", repos: []}\n', 'two/web'],
    ['no file', '', 'repos: []\n', undefined],
  ])('walks the code_root of %s when no folder is named', async (_what, settings, portfolio, found) => {
    await repo('one/api');
    await repo('two/web');
    await writeFile(at('home/clone.yaml'), settings);
    await writeFile(at('home/repos.yaml'), portfolio);
    if (found === undefined) {
      expect(await door.clone('discover')).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining('no folder to look in') as string,
      });
      expect(await reposYaml()).toBe(portfolio);
    } else {
      expect(await door.json('discover', '--dry-run')).toMatchObject({ added: [{ path: at(found) }] });
    }
  });

  it('names at most ten of those that it leaves out', async () => {
    for (let count = 10; count < 22; count += 1) await repo(`code/r${count}`, 90);
    const { out } = await door.clone('discover', '~/code');
    const [line] = out.split('\n');
    expect(line).toContain(`left out: ${at('code/r10')}, `);
    expect(line).toMatch(/r19, and 2 more$/);
  });

  it('writes nothing in a dry run', async () => {
    await repo('code/api');
    const before = await reposYaml();
    const { out } = await door.clone('discover', '~/code', '--dry-run');
    expect(out).toContain('would add  api');
    expect(await reposYaml()).toBe(before);
  });

  it('takes the window from the flag, else from the option', async () => {
    await repo('code/api', 20);
    await writeFile(at('home/clone.yaml'), 'activity_window_days: 10\ncode_root: ../code\n');
    expect(await door.json('discover', '--dry-run')).toMatchObject({
      window_days: 10,
      added: [],
      roots: [at('code')],
    });
    expect(await door.json('discover', '--dry-run', '--window-days', '30')).toMatchObject({
      added: [{ name: 'api' }],
    });
  });

  it.each<[what: string, daysAgo: number, days: string, err: string]>([
    [
      'adds what a run would leave alone',
      90,
      '100',
      'warning: clone run leaves alone what nobody worked on for 60 days',
    ],
    ['adds nothing of that kind', 20, '100', ''],
    ['is narrower', 20, '30', ''],
  ])('warns where a window %s', async (_what, daysAgo, days, err) => {
    await repo('code/api', daysAgo);
    const said = await door.clone('discover', '~/code', '--window-days', days);
    expect(said.out).toContain('added  api');
    expect(said.err.slice(0, Math.max(1, err.length))).toBe(err);
  });

  it('lists a repository once that is in already under a link', async () => {
    await repo('code/api');
    await symlink(at('code/api'), at('link'));
    await door.clone('repos', 'add', at('link'));
    expect(await door.json('discover', at('code'))).toMatchObject({ added: [], unchanged: 1 });
  });

  it.each<[what: string, args: readonly string[], err: string]>([
    ['no root', [], 'no folder to look in'],
    ['a root that is not there', ['/no/where'], '/no/where is not a folder'],
    ['a window of nothing', ['/', '--window-days', '0'], 'must be between 1 and 36500'],
  ])('refuses %s', async (_what, args, err) => {
    const said = await door.clone('discover', ...args);
    expect(said.exitCode).toBe(2);
    expect(said.err).toContain(err);
  });

  it('leaves a broken portfolio as it is', async () => {
    await writeFile(at('home/repos.yaml'), 'repos: [\n');
    const said = await door.clone('discover', folder, '--json');
    expect(said).toMatchObject({ exitCode: 2, out: '' });
    expect(JSON.parse(said.err)).toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('repos.yaml:2:1') as string,
    });
    expect(await reposYaml()).toBe('repos: [\n');
  });
});

describe('work that is only on the remote', () => {
  const pushedAt = Date.parse('2026-11-18T21:00:00Z');
  let asked: number;
  let opened: number;
  const github = (answer: unknown): TokenForge => {
    const forge = {
      slugOf: (url: string) => /github\.test\/(.+)\.git$/.exec(url)?.[1],
      pushed: () => {
        asked++;
        return Promise.resolve(answer);
      },
      issues: {},
    };
    const held = {
      get forge() {
        opened++;
        return forge;
      },
      from: 'GITHUB_TOKEN',
    };
    return held as unknown as TokenForge;
  };
  const knows = (): TokenForge => github(ok(new Map([['me/api', pushedAt]])));
  async function withRemote(name: string, url: string, daysAgo = 90): Promise<void> {
    await repo(name, daysAgo);
    await writeFile(at(name, '.git/config'), `[remote "origin"]\n\turl = ${url}\n`, { flag: 'a' });
  }
  beforeEach(async () => {
    asked = 0;
    opened = 0;
    await door.clone('init');
    await withRemote('code/api', 'https://github.test/Me/API.git');
    await withRemote('code/web', 'https://github.test/me/web.git');
  });

  it('counts for discovery, which asks once for all', async () => {
    expect(await doorWith({}, knows()).json('discover', at('code'))).toMatchObject({
      added: [{ name: 'api', last_commit: '2026-08-22T21:00:00Z', last_active: '2026-11-18T21:00:00Z' }],
      quiet: [{ path: at('code/web'), last_active: '2026-08-22T21:00:00Z' }],
    });
    expect(asked).toBe(1);
  });

  it('counts for what lists and explains the portfolio, and for what is added by hand', async () => {
    const seen = doorWith({}, knows());
    expect((await seen.clone('repos', 'add', at('code/api'))).out).toBe('api is in the portfolio\n');
    expect(await seen.json('repos', 'list')).toMatchObject({
      repos: [{ in: true, last_active: '2026-11-18T21:00:00Z', pinned: false }],
    });
    expect(await seen.json('repos', 'why', 'api')).toMatchObject({
      in: true,
      reason: 'active',
      last_commit: '2026-08-22T21:00:00Z',
      last_active: '2026-11-18T21:00:00Z',
    });
    expect(await door.json('repos', 'list')).toMatchObject({ repos: [{ in: false }] });
  });

  it.each<[what: string, url: string, daysAgo: number, looks: number]>([
    ['was worked on here', 'https://github.test/me/api.git', 1, 0],
    ['has its remote on this disk', '/srv/me/api.git', 90, 0],
    ['has its remote somewhere else', 'https://other.test/me/api', 90, 1],
  ])('is not asked for where a repository %s', async (_what, url, daysAgo, looks) => {
    await withRemote('own/api', url, daysAgo);
    await doorWith({}, knows()).json('discover', at('own'));
    expect({ asked, opened }).toEqual({ asked: 0, opened: looks });
  });

  it('is said to be unknown when GitHub does not answer', async () => {
    const silent = doorWith({}, github(failed({ kind: 'unreachable', message: 'no route' })));
    const { exitCode, out, err } = await silent.clone('discover', '~/code');
    expect(exitCode).toBe(0);
    expect(out).toContain('2 found: 0 added');
    expect(err).toBe(
      'warning: GitHub does not say when somebody pushed last, so only what is on this disk counts: no route\n',
    );
  });
});

describe('clone repos', () => {
  beforeEach(() => door.clone('init'));
  const inOut = async (): Promise<unknown> => {
    const { repos } = (await door.json('repos', 'list')) as { repos: { name: string; in: boolean }[] };
    return Object.fromEntries(repos.map((one) => [one.name, one.in]));
  };

  it('pins, unpins, ignores and unignores', async () => {
    await repo('old', 90);
    await repo('new');
    await door.clone('discover', folder, '--window-days', '100');
    expect(await inOut()).toEqual({ old: false, new: true });
    await door.clone('repos', 'pin', 'old');
    expect(await inOut()).toEqual({ old: true, new: true });
    await door.clone('repos', 'ignore', 'old', 'new');
    expect(await inOut()).toEqual({ old: false, new: false });
    expect(await reposYaml()).not.toContain('pinned: true\n    ignored');
    await door.clone('repos', 'unignore', 'old', 'new');
    await door.clone('repos', 'pin', 'old');
    await door.clone('repos', 'unpin', 'old');
    expect(await inOut()).toEqual({ old: false, new: true });
  });

  it('says what a mark changed, and that it changed nothing', async () => {
    await repo('api');
    await door.clone('repos', 'add', at('api'));
    const said: string[] = [];
    for (const mark of ['unpin', 'unignore', 'pin', 'pin', 'ignore', 'ignore', 'unpin', 'pin', 'unpin'])
      said.push(`${mark}: ${(await door.clone('repos', mark, 'api')).out.trim()}`);
    await door.clone('repos', 'ignore', 'api');
    said.push((await door.clone('repos', 'unignore', 'api')).out.trim());
    expect(said).toEqual([
      'unpin: api was not pinned; nothing is changed',
      'unignore: api was not ignored; nothing is changed',
      'pin: api is pinned: always in',
      'pin: api was pinned already: always in',
      'ignore: api is ignored: never visited; its pin is taken off',
      'ignore: api was ignored already: never visited',
      'unpin: api was not pinned; nothing is changed',
      'pin: api is pinned: always in, and not ignored any more',
      'unpin: api is not pinned any more: activity decides',
      'api is not ignored any more: activity decides, clone repos pin keeps it in',
    ]);
  });

  it('refuses a bare repository, and says what to do', async () => {
    const bare = at('bare.git');
    execFileSync('git', ['clone', '-q', '--bare', await repo('api'), bare], { stdio: 'pipe' });
    expect(await door.clone('repos', 'add', bare)).toMatchObject({
      exitCode: 2,
      err: `error: ${bare} is a bare repository; a checkout is needed\nhint: git clone ${bare} FOLDER, then clone repos add FOLDER\n`,
    });
    const found = await door.clone('discover', bare);
    expect(found.err).toContain(`${bare} is left out: it is a bare repository, and a checkout is needed`);
    expect(await inOut()).toEqual({});
  });

  it('says what repos.yaml knows of one that is missing', async () => {
    await writeFile(
      at('home/repos.yaml'),
      'repos:\n  - {name: gone, path: /gone, last_commit: 2026-11-19T19:34:42Z}\n',
    );
    const { out } = await door.clone('repos', 'why', 'gone');
    expect(out).toContain('last commit  2026-11-19T19:34:42Z, as repos.yaml has it\n');
    expect(out).toContain('last active  not known\n');
    expect(await door.json('repos', 'why', 'gone')).toMatchObject({ last_commit: '2026-11-19T19:34:42Z' });
  });

  it('adds one by its path, once, and pins it when it would be out', async () => {
    await repo('api');
    await repo('old', 90);
    await symlink(at('api'), at('link'));
    expect((await door.clone('repos', 'add', '~/api', '--objective', 'Mine')).out).toBe(
      'api is in the portfolio\n',
    );
    expect((await door.clone('repos', 'add', '~/link')).out).toContain('api is in the portfolio already');
    expect((await door.clone('repos', 'add', at('old'))).out).toContain(
      'old is in the portfolio, pinned, for',
    );
    expect(await inOut()).toEqual({ api: true, old: true });
    expect(await reposYaml()).toContain('objective: Mine');
  });

  it.each<[branch: string, err: string]>([
    ['main', ''],
    ['relase', 'warning: code/api has no branch relase: make or fetch it before the first visit'],
  ])('looks whether there is a branch %s', async (branch, err) => {
    await repo('code/api');
    const said = await door.clone('repos', 'add', at('code/api'), '--branch', branch);
    expect(said).toMatchObject({ exitCode: 0, out: 'api is in the portfolio\n' });
    expect(without(folder, said.err).slice(0, Math.max(1, err.length))).toBe(err);
    expect(await reposYaml()).toContain(`branch: ${branch}\n`);
  });

  it('removes entries, and no files', async () => {
    await repo('api');
    await door.clone('repos', 'add', at('api'));
    await door.clone('repos', 'remove', 'api');
    expect(await inOut()).toEqual({});
    await door.clone('repos', 'add', at('api'));
    expect(await inOut()).toEqual({ api: true });
  });

  it('says why a repository is in or out', async () => {
    await repo('api');
    await writeFile(
      at('home/repos.yaml'),
      'repos:\n  - {name: api, path: ../api, land: hold}\n  - {name: gone, path: /gone}\n  - {name: again, path: ~/api}\n',
    );
    expect(
      (await door.clone('repos', 'why', 'api')).out,
    ).toBe(`api is in: last worked on 1 d 0 h ago, within 60 days
  path         ${at('api')}
  branch       main
  last commit  2026-11-19T21:00:00Z
  last active  2026-11-19T21:00:00Z
  same as      again: both paths lead to one repository
  land         "hold"
  next visit   in the next cycle: never visited before
  last visit   never
  standing     fresh
  signal       never visited before (ledger, trusted, 700)
`);
    expect(await door.json('repos', 'why', 'gone')).toMatchObject({
      in: false,
      reason: 'missing',
      missing: true,
      next_visit: { visit: false, why: 'nothing is at /gone; was it moved or deleted?', signals: [] },
    });
    expect(await door.json('repos', 'why', 'again')).toMatchObject({
      next_visit: { visit: false, why: 'the same repository as api, reached by another path' },
    });
    await door.clone('repos', 'ignore', 'api');
    expect((await door.clone('repos', 'why', 'api')).out).not.toContain('next visit');
  });

  it.each<[args: readonly string[], err: string]>([
    [['pin', 'apo'], 'error: there is no repository named apo in the portfolio\nhint: did you mean api?\n'],
    [['pin', 'api', 'zebra'], 'error: there is no repository named zebra'],
    [['remove', 'zebra'], 'error: there is no repository named zebra'],
    [['why', 'zebra'], 'error: there is no repository named zebra'],
    [['add', '/no/where'], 'error: there is no git repository at /no/where'],
    [['add', 'other', '--name', 'api'], 'error: there is a repository named api already'],
  ])('refuses %j, and changes nothing', async (args, err) => {
    await repo('api');
    await repo('home/other');
    await door.clone('repos', 'add', at('api'));
    const before = await reposYaml();
    const said = await door.clone('repos', ...args);
    expect(said).toMatchObject({ exitCode: 2, out: '' });
    expect(said.err).toContain(err);
    expect(await reposYaml()).toBe(before);
  });
});
