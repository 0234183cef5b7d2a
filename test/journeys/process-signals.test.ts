import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  agentIn,
  type Going,
  open,
  paused,
  pushesTo,
  startClone,
  turnsOf,
  until,
  waitingFor,
} from './ci-support.ts';
import { expectNothingTwice, inMirrorOf, salvageOf } from './process-support.ts';
import {
  expectClean,
  expectRun,
  goodWork,
  handoff,
  noWork,
  plan,
  quickCheck,
  remoteSubjects,
  repoFiles,
  showJson,
  statusJson,
  turn,
} from './support.ts';

type End = Awaited<Going['done']>;

/** Begins, and ends when `open` was called. */
const slowSetup = `touch ../../../../in-setup; ${waitingFor('../../../..', 'in-setup')}`;

describe('a person who wants the run to end', () => {
  let sandbox: Sandbox;
  const ends = new Map<string, End>();
  const names = [
    'ctrl-c',
    'term-once',
    'terminal-gone',
    'ctrl-c-twice',
    'term-twice',
    'while-planning',
    'in-setup',
    'asked-twice',
  ];

  beforeAll(async () => {
    const third = [{ write: { path: 'third.txt', content: 'good\n' } }, { json: handoff('Do third') }];
    sandbox = await startSandbox({
      repos: names.map((name) => ({
        name,
        files: repoFiles(),
        ...(name === 'in-setup' ? { entry: { setup: [slowSetup] } } : {}),
      })),
      scenarios: [
        turn('asked-twice', 'plan', [{ json: noWork('All is well.') }], { call: 1 }),
        turn('while-planning', 'plan', [paused('while-planning'), { json: plan('First') }], { call: 1 }),
        ...names.flatMap((name) => [
          turn(name, 'plan', [{ json: plan('First', 'Second', 'Third') }]),
          turn(
            name,
            'task',
            [{ write: { path: 'first.txt', content: 'good\n' } }, { json: handoff('Do first') }],
            {
              task: 'first',
            },
          ),
          turn(name, 'task', third, { task: 'third' }),
        ]),
        ...['ctrl-c', 'term-once', 'terminal-gone'].map((name) =>
          turn(name, 'task', [
            { write: { path: 'second.txt', content: 'good\n' } },
            paused(name),
            { json: handoff('Do second') },
          ]),
        ),
        ...['ctrl-c-twice', 'term-twice', 'asked-twice'].map((name) =>
          turn(name, 'task', [{ write: { path: 'second.txt', content: 'half\n' } }, { run: 'sleep 47.12' }]),
        ),
      ],
      options: { ...quickCheck, ci_grace_seconds: 0.3 },
    });
    await sandbox.clone(['tasks', 'add', 'Second', '--repo', 'asked-twice']);
    await Promise.all(names.map(async (name) => ends.set(name, await interrupted(name))));
  }, 180_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  async function interrupted(name: string): Promise<End> {
    const going = startClone(sandbox, ['run', '--repo', name]);
    if (name === 'while-planning') await agentIn(sandbox, name, 'plan');
    else if (name === 'in-setup')
      await until('setup', () => existsSync(path.join(sandbox.folder, 'in-setup')));
    else
      await until(`half of the second task of ${name}`, () =>
        sandbox.model.requests.some(
          ({ repo, task, step }) => repo === name && task === 'second' && step === 1,
        ),
      );
    const signal = name === 'terminal-gone' ? 'SIGHUP' : name.startsWith('term-') ? 'SIGTERM' : 'SIGINT';
    let told = '';
    going.child.stdout?.on('data', (text: string) => {
      told += text;
    });
    going.child.kill(signal);
    // Two signals at the same moment are one.
    await until(`the answer to the signal in ${name}`, () => told.includes('finishing the step at hand'));
    if (name.endsWith('twice')) going.child.kill(signal);
    else await open(sandbox, name);
    return going.done;
  }

  it.each(names)('sees the run end with 130 and the word, after %s', (name) => {
    const end = ends.get(name);
    if (end === undefined) throw new Error(`${name} did not run`);
    expectRun(end, 130);
    expect(end.stdout).toMatch(/ended: interrupted \(exit 130\)\n$/);
    expect(end.stdout).toMatch(/finishing the step at hand; Ctrl-C again stops now, and keeps the work/);
    expect(end.stderr).toBe('');
  });

  it('finds no process, no lock and no workspace afterwards', async () => {
    await expectClean(sandbox, 'sleep 47.12');
    expect(sandbox.model.problems).toEqual([]);
  });

  it.each(['ctrl-c', 'term-once', 'terminal-gone'])(
    'gets the step at hand finished, verified and landed, after one %s',
    async (name) => {
      expect(await remoteSubjects(sandbox, name)).toEqual(['Do second', 'Do first', 'First commit']);
      const { state, tasks } = await showJson(sandbox, name);
      expect(state).toBe('cleaned');
      expect(tasks.map((task) => task.state)).toEqual(['done', 'done', 'dropped']);
      expect(tasks[2]?.why).toBe('the run is stopping');
      expect(turnsOf(sandbox, name, 'task')).toBe(2);
    },
  );

  it('gets what was asked for back into the queue, after two', async () => {
    const { stdout } = await sandbox.clone(['tasks', 'show', 'second', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'queued',
      session: null,
      why: expect.stringMatching(/^given back: interrupted: /) as string,
    });
    expect((await showJson(sandbox, 'asked-twice')).tasks).toMatchObject([
      { id: 'second', state: 'dropped' },
    ]);
  });

  it('starts no task after a plan that was at hand', async () => {
    expect(await showJson(sandbox, 'while-planning')).toMatchObject({
      state: 'interrupted',
      landed_sha: null,
      tasks: [{ state: 'dropped' }],
    });
    expect(turnsOf(sandbox, 'while-planning', 'task')).toBe(0);
    expect((await sandbox.clone(['next', 'while-planning'])).stdout).toContain('+ while-planning');
  });

  it('starts no agent after a setup that was at hand', async () => {
    expect(await showJson(sandbox, 'in-setup')).toMatchObject({
      state: 'interrupted',
      why: 'the run is stopping; nothing was begun',
      turns: [],
    });
    expect(turnsOf(sandbox, 'in-setup')).toBe(0);
    expect((await sandbox.clone(['next', 'in-setup'])).stdout).toContain('+ in-setup');
  });

  it.each(['ctrl-c-twice', 'term-twice'])(
    'gets the agent ended at once and its work kept by name, after %s',
    async (name) => {
      expect(await remoteSubjects(sandbox, name)).toEqual(['First commit']);
      const { state, salvage, session } = await showJson(sandbox, name);
      expect(state).toBe('interrupted');
      expect(await salvageOf(sandbox, name)).toEqual([
        `${session}/second Unfinished: second`,
        `${session}/verified Do first`,
      ]);
      expect(salvage.map(({ ref }) => ref.split('/').at(-1)).sort()).toEqual(['second', 'verified']);
      const half = await inMirrorOf(sandbox, name, 'show', `refs/clone/salvage/${session}/second:second.txt`);
      expect(half).toBe('half');
    },
  );
});

describe('two runs at once', () => {
  it('touch each repository one at a time, land nothing twice, and say who holds it', async () => {
    const names = ['one', 'two', 'three'];
    await using sandbox = await startSandbox({
      repos: names.map((name) => ({ name, files: repoFiles() })),
      scenarios: [
        {
          ...turn('one', 'plan', [paused('one'), { json: plan('Good work') }], { call: 1 }),
          name: 'the plan that waits',
        },
        ...names.flatMap((name) => [
          turn(name, 'plan', [{ json: plan('Good work') }], { call: 1 }),
          turn(name, 'plan', [{ json: noWork('Fine.') }]),
          ...goodWork(name).slice(1),
        ]),
      ],
      options: { ...quickCheck, parallel_repos: 1, ci_grace_seconds: 0.3 },
    });
    const first = startClone(sandbox, ['run']);
    await agentIn(sandbox, 'one', 'plan');
    const onlyOne = await sandbox.clone(['run', '--repo', 'one']);
    expectRun(onlyOne, 5);
    const holder =
      /left out: one \(another session holds the repository: run (\S+), session (one-\S+) \(pid (\d+) on /;
    expect(holder.exec(onlyOne.stdout)?.[3]).toBe(String(first.child.pid));
    const second = startClone(sandbox, ['run']);
    await until(
      'the second run in another repository',
      () => turnsOf(sandbox, 'two') + turnsOf(sandbox, 'three') > 0,
    );
    await open(sandbox, 'one');
    const ends = await Promise.all([first.done, second.done]);
    for (const end of ends) expectRun(end, 0);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
    for (const name of names) {
      expect(await remoteSubjects(sandbox, name)).toEqual(['Do good-work', 'First commit']);
      await expectNothingTwice(sandbox, name);
      expect(pushesTo(sandbox, name)).toBe(1);
    }
    const { repos } = await statusJson(sandbox);
    expect(repos.map(({ state }) => state)).not.toContain('left_open');
    expect(repos.filter(({ why }) => why.includes('another session'))).toEqual([]);
  });

  it('that leave one with nothing to do are told by the one that worked', async () => {
    await using sandbox = await startSandbox({
      repos: [{ name: 'only', files: repoFiles() }],
      scenarios: [
        turn('only', 'plan', [paused('only'), { json: plan('Good work') }], { call: 1 }),
        ...goodWork('only').slice(1),
      ],
      options: { ...quickCheck, ci_grace_seconds: 0.3 },
    });
    const first = startClone(sandbox, ['run']);
    await agentIn(sandbox, 'only', 'plan');
    const { run: worked } = await statusJson(sandbox);
    expectRun(await sandbox.clone(['run']), 5);
    await open(sandbox, 'only');
    expectRun(await first.done, 0);
    const { run, repos, usage } = await statusJson(sandbox);
    expect(run).toMatchObject({ id: worked?.id, state: 'ended', exit_code: 0 });
    expect(usage.commits).toBe(1);
    expect(repos).toMatchObject([{ name: 'only', state: 'landed', why: '' }]);
  });

  it('of two homes know each other’s locks on the same repository', async () => {
    await using sandbox = await startSandbox({
      repos: [{ name: 'shared', files: repoFiles() }],
      scenarios: [
        turn('shared', 'plan', [paused('shared'), { json: plan('Good work') }], { call: 1 }),
        ...goodWork('shared').slice(1),
      ],
      options: { ...quickCheck, ci_grace_seconds: 0.3 },
    });
    const other = await secondHome(sandbox);
    const first = startClone(sandbox, ['run']);
    await agentIn(sandbox, 'shared', 'plan');
    const second = await sandbox.clone(['run', '--home', other]);
    expectRun(second, 5);
    expect(second.stdout).toContain(`(pid ${first.child.pid ?? 0} on `);
    await open(sandbox, 'shared');
    expectRun(await first.done, 0);
    expect(await remoteSubjects(sandbox, 'shared')).toEqual(['Do good-work', 'First commit']);
    await expectClean(sandbox);
  });
});

async function secondHome(sandbox: Sandbox): Promise<string> {
  const other = path.join(sandbox.folder, 'other-home');
  await mkdir(other);
  for (const name of ['clone.yaml', 'repos.yaml'])
    await copyFile(path.join(sandbox.home, name), path.join(other, name));
  return other;
}
