import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  expectClean,
  expectRun,
  goodWork,
  handoff,
  mirrorGit,
  plan,
  quickCheck,
  remoteFile,
  remoteSubjects,
  repoFiles,
  showJson,
  statusJson,
  survivors,
  turn,
  watchMemory,
} from './support.ts';

const impatient = { model_silence_minutes: 0.1, agent_attempts: 2 };
const daemon = 'setsid nohup sleep 98765 > /dev/null 2>&1 &';

describe('an agent that hangs, floods or leaves things running', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let mostMemory = 0;

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [
        { name: 'hung-model', files: repoFiles(), entry: impatient },
        { name: 'hung-later', files: repoFiles(), entry: impatient },
        { name: 'hung-command', files: repoFiles(), entry: { ...impatient, command_silence_minutes: 0.1 } },
        { name: 'flood', files: repoFiles() },
        { name: 'daemons', files: repoFiles(), entry: { setup: [daemon] } },
        {
          name: 'free-daemons',
          files: repoFiles(),
          entry: { sandbox: 'danger-full-access', verify: [{ name: 'daemon', run: daemon }] },
        },
        { name: 'quiet', files: repoFiles() },
      ],
      scenarios: [
        turn('hung-model', 'plan', [{ json: plan('Never ends') }]),
        turn('hung-model', 'task', [
          { write: { path: 'half.txt', content: 'good so far\n' } },
          { hang: 'headers' },
        ]),
        turn('hung-later', 'plan', [{ json: plan('Good', 'Never ends', 'Not begun') }]),
        turn('hung-later', 'task', [{ hang: 'stream' }], { task: 'never-ends' }),
        ...goodWork('hung-later').slice(1),
        turn('hung-command', 'plan', [{ json: plan('Wait') }]),
        turn('hung-command', 'task', [
          { run: 'sleep 98765' },
          { write: { path: 'after.txt', content: 'good\n' } },
          { json: handoff('Go on after a command that hung') },
        ]),
        turn('flood', 'plan', [{ json: plan('Shout') }]),
        turn('flood', 'task', [
          { huge: { bytes: 100_000_000, via: 'command' } },
          { write: { path: 'shout.txt', content: 'good\n' } },
          { json: handoff('Shout') },
        ]),
        ...['daemons', 'free-daemons'].flatMap((repo) => [
          turn(repo, 'plan', [{ json: plan('Start daemons') }]),
          turn(repo, 'task', [
            { run: daemon },
            { run: `env -i ${daemon}` },
            { write: { path: 'daemon.txt', content: 'good\n' } },
            { json: handoff('Start daemons') },
          ]),
        ]),
        ...goodWork('quiet'),
      ],
      options: { ...quickCheck, parallel_repos: 3, ci_grace_seconds: 0 },
    });
    const over = new AbortController();
    const watching = watchMemory(sandbox, over.signal);
    run = await sandbox.clone(['run']);
    over.abort();
    mostMemory = await watching;
  }, 180_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('ends the run with 4 and leaves nothing behind', async () => {
    expectRun(run, 4);
    await expectClean(sandbox, 'sleep 98765');
    expect(sandbox.model.problems).toEqual([]);
  });

  it('is left when the model never answers, and what it wrote is kept', async () => {
    const shown = await showJson(sandbox, 'hung-model');
    expect(shown).toMatchObject({ state: 'blocked', blocked_by: 'agent', landed_sha: null });
    expect(shown.turns.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['plan', 'completed'],
      ['task', 'stalled'],
      ['task', 'stalled'],
    ]);
    const [kept] = shown.salvage;
    expect(kept?.ref).toMatch(/^refs\/clone\/salvage\/hung-model-/);
    expect(await mirrorGit(sandbox, 'hung-model', 'show', `${kept?.ref ?? ''}:half.txt`)).toBe('good so far');
    expect(await remoteSubjects(sandbox, 'hung-model')).toEqual(['First commit']);
  });

  it('does not cost what was verified before it hung', async () => {
    const shown = await showJson(sandbox, 'hung-later');
    expect(shown).toMatchObject({
      state: 'cleaned',
      why: expect.stringMatching(/landed what was verified/) as unknown,
    });
    expect(shown.tasks.map(({ id, state }) => [id, state])).toEqual([
      ['good', 'done'],
      ['never-ends', 'blocked'],
      ['not-begun', 'dropped'],
    ]);
    expect(await remoteSubjects(sandbox, 'hung-later')).toEqual(['Do good', 'First commit']);
  });

  it('loses the command that hangs and goes on', async () => {
    const shown = await showJson(sandbox, 'hung-command');
    expect(shown).toMatchObject({ state: 'cleaned', tasks: [{ state: 'done' }] });
    expect(shown.turns.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['plan', 'completed'],
      ['task', 'completed'],
    ]);
    expect(await remoteFile(sandbox, 'hung-command', 'after.txt')).toBe('good');
  });

  it('may print 100 MB without costing memory', async () => {
    expect(await showJson(sandbox, 'flood')).toMatchObject({ state: 'cleaned' });
    expect(await remoteFile(sandbox, 'flood', 'shout.txt')).toBe('good');
    expect(mostMemory).toBeGreaterThan(20);
    expect(mostMemory).toBeLessThan(400);
  });

  it.each(['daemons', 'free-daemons'])('leaves no process of %s running', async (repo) => {
    expect(await showJson(sandbox, repo)).toMatchObject({ state: 'cleaned' });
    expect(await remoteFile(sandbox, repo, 'daemon.txt')).toBe('good');
    expect(await survivors(sandbox, 'sleep 98765')).toEqual([]);
  });

  it('does not touch the repositories beside it', async () => {
    expect(await showJson(sandbox, 'quiet')).toMatchObject({ state: 'cleaned' });
    expect((await statusJson(sandbox)).needs_you.map(({ repo, what }) => [repo, what])).toEqual([
      ['hung-model', 'agent'],
    ]);
  });
});

describe('an account at its limit', () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: ['a1-spent', 'a2-next', 'b1-spent', 'b2-next', 'c1-refused', 'c2-next'].map((name) => ({
        name,
        files: repoFiles(),
      })),
      scenarios: [
        turn('a1-spent', 'plan', [{ 'usage-limit': { resets_in_seconds: 3 } }]),
        ...goodWork('a2-next'),
        turn('b1-spent', 'plan', [{ 'usage-limit': {} }]),
        ...goodWork('b2-next'),
        turn('c1-refused', 'plan', [{ fail: 'auth' }]),
        ...goodWork('c2-next'),
      ],
      options: { ...quickCheck, parallel_repos: 1, ci_grace_seconds: 0 },
    });
  }, 180_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('waits until the limit ends, and visits the others then', async () => {
    const began = Date.now();
    const run = await sandbox.clone(['run', '--repo', 'a1-spent', '--repo', 'a2-next']);
    expectRun(run, 3);
    expect(run.stdout).toMatch(/parked until \d{4}-/);
    const spent = await showJson(sandbox, 'a1-spent');
    expect(spent).toMatchObject({ state: 'blocked', blocked_by: 'limit' });
    expect(spent.turns).toMatchObject([{ kind: 'plan', outcome: 'limited' }]);
    const next = await showJson(sandbox, 'a2-next');
    expect(next.state).toBe('cleaned');
    expect(Date.parse(next.started_at)).toBeGreaterThanOrEqual(Math.floor(began / 1000) * 1000 + 2000);
    expect(await remoteSubjects(sandbox, 'a2-next')).toEqual(['Do good-work', 'First commit']);
    await expectClean(sandbox);
  });

  it('starts nothing more when nobody says when it ends', async () => {
    const run = await sandbox.clone(['run', '--repo', 'b1-spent', '--repo', 'b2-next']);
    expectRun(run, 3);
    expect(await showJson(sandbox, 'b1-spent')).toMatchObject({ state: 'blocked', blocked_by: 'limit' });
    expect(asked(sandbox, 'b2-next')).toBe(0);
    expect(run.stdout).toMatch(/b2-next.*parked/);
    await expectClean(sandbox);
  });

  it('starts nothing more when its login is refused', async () => {
    const run = await sandbox.clone(['run', '--repo', 'c1-refused', '--repo', 'c2-next']);
    expectRun(run, 4);
    expect(await showJson(sandbox, 'c1-refused')).toMatchObject({ state: 'blocked', blocked_by: 'access' });
    expect(asked(sandbox, 'c2-next')).toBe(0);
    expect(await remoteSubjects(sandbox, 'c2-next')).toEqual(['First commit']);
    await expectClean(sandbox);
  });
});

/** How often the model was asked for a repository. */
function asked(sandbox: Sandbox, repo: string): number {
  return sandbox.model.requests.filter((request) => request.repo === repo).length;
}
