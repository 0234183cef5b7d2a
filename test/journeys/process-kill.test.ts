import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { agentIn, pushesTo, startClone, turnsOf, until } from './ci-support.ts';
import { expectNothingTwice, inMirrorOf, killOnce, processWith, salvageOf } from './process-support.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  goodWork,
  handoff,
  noWork,
  plan,
  quickCheck,
  remoteGit,
  remoteSubjects,
  repoFiles,
  showJson,
  statusJson,
  survivors,
  turn,
} from './support.ts';

/** The first visit plans one good task, later ones find nothing to do. */
function worksOnce(repo: string) {
  const [, task] = goodWork(repo);
  return [
    turn(repo, 'plan', [{ json: plan('Good work') }], { call: 1 }),
    turn(repo, 'plan', [{ json: noWork('Fine.') }]),
    ...(task ? [task] : []),
  ];
}

const never = { hang: 'stream' } as const;

describe('a run that is killed at every moment at once', () => {
  let sandbox: Sandbox;
  let dead: Awaited<ReturnType<typeof statusJson>>;
  let deadWords: string;
  let strays: string[];
  let again: CloneRun;
  const salvaged = new Map<string, string[]>();
  const names = ['in-plan', 'in-task', 'in-verify', 'in-push', 'after-push'];

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: names.map((name) => ({
        name,
        files: repoFiles(
          name === 'in-verify' ? { 'check.sh': '[ ! -e slow.txt ] || [ -e ok.txt ] || sleep 47.11\n' } : {},
        ),
      })),
      scenarios: [
        turn('in-plan', 'plan', [never], { call: 1 }),
        turn('in-plan', 'plan', [{ json: noWork('Fine.') }]),
        turn('in-task', 'plan', [{ json: plan('First', 'Second') }], { call: 1 }),
        turn('in-task', 'plan', [{ json: noWork('Fine.') }]),
        turn(
          'in-task',
          'task',
          [{ write: { path: 'first.txt', content: 'good\n' } }, { json: handoff('Do first') }],
          { task: 'first' },
        ),
        turn('in-task', 'task', [{ write: { path: 'half.txt', content: 'half\n' } }, never], {
          task: 'second',
          call: 1,
        }),
        turn(
          'in-task',
          'task',
          [
            { expect: { prompt: 'This task was begun before and cut off' } },
            { run: 'cat half.txt first.txt && git status --porcelain' },
            { expect: { history: '?? half.txt' } },
            { write: { path: 'second.txt', content: 'good\n' } },
            { json: handoff('Do second') },
          ],
          { task: 'second' },
        ),
        turn('in-verify', 'plan', [{ json: plan('Slow') }], { call: 1 }),
        turn('in-verify', 'plan', [{ json: noWork('Fine.') }]),
        turn(
          'in-verify',
          'task',
          [{ write: { path: 'slow.txt', content: 'good\n' } }, { json: handoff('Be slow') }],
          { call: 1 },
        ),
        turn('in-verify', 'task', [
          { write: { path: 'ok.txt', content: 'good\n' } },
          { json: handoff('Be fast') },
        ]),
        ...worksOnce('in-push'),
        ...worksOnce('after-push'),
      ],
      options: { ...quickCheck, parallel_repos: 5, ci_grace_seconds: 0.3 },
    });
    // The push of the one never gets an answer before it is done; that of the other is done, and its answer is lost.
    sandbox.github.fault({ path: '*/in-push.git/git-receive-pack', method: 'POST', delayMs: 2500 });
    const answered = { path: '*/after-push.git/info/refs', method: 'GET', delayMs: 2500 };
    const going = startClone(sandbox, ['run']);
    const moments = [
      agentIn(sandbox, 'in-plan', 'plan'),
      until('half an edit', () =>
        sandbox.model.requests.some(
          ({ repo, task, step }) => repo === 'in-task' && task === 'second' && step === 1,
        ),
      ),
      processWith(sandbox, 'sleep 47.11'),
      until('the push that hangs', () => pushesTo(sandbox, 'in-push') > 0),
      until('the push that went through', () => pushesTo(sandbox, 'after-push') > 0).then(() => {
        sandbox.github.fault(answered);
        return until('it', async () => (await remoteSubjects(sandbox, 'after-push')).length > 1);
      }),
    ];
    await killOnce(going, Promise.all(moments));
    deadWords = (await sandbox.clone(['status'])).stdout;
    dead = await statusJson(sandbox);
    strays = (await survivors(sandbox)).filter((line) => !line.includes('git'));
    again = await sandbox.clone(['run']);
    for (const name of names) salvaged.set(name, await salvageOf(sandbox, name));
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('leaves no agent, no check and no command behind', () => {
    expect(strays).toEqual([]);
  });

  it('is seen as dead by status, which says what to do', () => {
    expect(dead.run).toMatchObject({ state: 'died', ended_at: null });
    expect(dead.verdict.state).toBe('problem');
    expect(dead.verdict.sentence).toMatch(
      /died .* ago: its process is gone\. `clone run` goes on where it was/,
    );
    expect(dead.needs_you).toMatchObject([{ what: 'run_died', hint: 'clone run' }]);
    expect(deadWords).toContain('its process is gone');
  });

  it('is taken up by the next run, which ends well and leaves nothing locked', async () => {
    expectRun(again, 0);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
    expect(again.stdout).toMatch(/run \S+ ended: died: its process is gone \(exit 1\)/);
  });

  it('has lost nothing that was verified or half done', () => {
    const subjects = (name: string) => salvaged.get(name)?.map((line) => line.replace(/^.*?\//, ''));
    expect(salvaged.get('in-plan')).toEqual([]);
    expect(subjects('in-task')).toEqual(['unfinished Unfinished: unfinished']);
    expect(subjects('in-verify')).toEqual(['unfinished Unfinished: unfinished']);
  });

  it.each([
    ['in-task', ['Do second', 'Do first'], 1, 'first', 'second'],
    ['in-verify', ['Be fast'], 0, 'slow'],
  ])(
    'goes on in %s with the files it had, on its thread, without another plan',
    async (name, landed, done, ...tasks) => {
      expect(await remoteSubjects(sandbox, name)).toEqual([...landed, 'First commit']);
      expect(turnsOf(sandbox, name, 'plan')).toBe(1);
      const shown = await showJson(sandbox, name);
      expect(shown).toMatchObject({ state: 'cleaned', tasks: tasks.map((id) => ({ id, state: 'done' })) });
      expect(new Set(shown.turns.map(({ thread }) => thread)).size).toBe(1);
      expect(again.stdout).toContain(
        `${name}: visit ${shown.session} goes on where it was cut off: ${done} of ${tasks.length} task`,
      );
      await expectNothingTwice(sandbox, name);
      expect(again.stdout).toMatch(/after a run that died: resumed [34], kept the work of 1/);
    },
  );

  it.each(['in-task', 'in-verify'])('keeps the very files of %s', async (name) => {
    const ref =
      salvaged
        .get(name)
        ?.find((line) => line.includes('/unfinished '))
        ?.split(' ')[0] ?? '';
    const files = await inMirrorOf(sandbox, name, 'ls-tree', '--name-only', `refs/clone/salvage/${ref}`);
    const wanted = { 'in-task': ['first.txt', 'half.txt'], 'in-verify': ['slow.txt'] }[name];
    expect(files.split('\n')).toEqual(expect.arrayContaining(wanted ?? []));
  });

  it.each(['in-push', 'after-push'])('has landed the work of %s exactly once', async (name) => {
    expect(await remoteSubjects(sandbox, name)).toEqual(['Do good-work', 'First commit']);
    await expectNothingTwice(sandbox, name);
    expect(turnsOf(sandbox, name, 'task')).toBe(1);
    const landed = (await eventsOf(sandbox)).filter(({ type, repo }) => type === 'landed' && repo === name);
    expect(landed.length).toBeLessThanOrEqual(1);
    const sha = await remoteGit(sandbox, name, 'rev-parse', 'HEAD');
    expect((await showJson(sandbox, sha)).state).toBe('cleaned');
  });

  it('names the run and the repository of every lock it took', async () => {
    const leases = (await eventsOf(sandbox)).filter(({ type }) => type === 'lease-taken');
    expect(leases.length).toBeGreaterThan(0);
    expect(leases.map(({ run, repo }) => [typeof run, typeof repo])).toEqual(
      leases.map(() => ['string', 'string']),
    );
  });

  it('tells of each session how it ended, with the place where its work is kept', async () => {
    const { since_last_look: news } = await statusJson(sandbox);
    const of = (repo: string) => news.find((one) => one.repo === repo);
    expect(of('in-plan')).toMatchObject({
      what: 'interrupted',
      why: 'the run died; there was nothing to keep',
    });
    for (const repo of ['in-task', 'in-verify']) expect(of(repo)?.what).not.toBe('interrupted');
  });

  it('finds nothing more to take up later', async () => {
    const refs = await Promise.all(names.map((name) => salvageOf(sandbox, name)));
    // What the second run landed waited for its CI then, and is visited now.
    expectRun(await sandbox.clone(['run']), 0);
    expectRun(await sandbox.clone(['run']), 0);
    const types = (await eventsOf(sandbox)).map(({ type }) => type);
    expect(types.filter((type) => type !== 'remote-asked')).toEqual([
      'run-started',
      'cycle-started',
      'repos-skipped',
      'cycle-ended',
      'run-ended',
    ]);
    expect(await Promise.all(names.map((name) => salvageOf(sandbox, name)))).toEqual(refs);
    expect(await readdir(path.join(sandbox.home, '.clone/workspaces'))).toEqual([]);
  });
});

describe('a run that is killed while something waits for a person', () => {
  it('still holds it afterwards, and lands none of it', async () => {
    await using sandbox = await startSandbox({
      repos: [{ name: 'held', files: repoFiles(), entry: { land: 'hold' } }],
      scenarios: [...worksOnce('held')],
      options: { ...quickCheck, sleep_seconds: 60 },
    });
    const going = startClone(sandbox, ['run', '--cycles', '2']);
    await killOnce(
      going,
      until('the hold', async () => (await sandbox.clone(['review'])).stdout.includes('held-')),
    );
    const again = await sandbox.clone(['run']);
    expectRun(again, 4);
    expect((await sandbox.clone(['review'])).stdout).toContain('Good work');
    expect(await remoteSubjects(sandbox, 'held')).toEqual(['First commit']);
  });
});
