import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { agentIn, type Going, pushesTo, startClone, turnsOf, until } from './ci-support.ts';
import { entriesOf, firstVersion, goodIdea, ideasOf, writeIdeas } from './ideas-support.ts';
import { killOnce, processWith } from './process-support.ts';
import { checkoutOf, expectClean, expectRun, handoff, noWork, remoteSubjects, turn } from './support.ts';

/** How often the ledger of a sandbox has a fact about a step, read as it is written. */
function factsIn(sandbox: Sandbox): (type: string, step: string) => number {
  const file = path.join(sandbox.home, '.clone/state.db');
  return (type, step) => {
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(file, { readOnly: true });
      const asked = "SELECT count(*) AS found FROM event WHERE type = ? AND fact ->> '$.step' = ?";
      return Number(db.prepare(asked).get(type, step)?.['found'] ?? 0);
    } catch {
      // Not there yet, or being made.
      return 0;
    } finally {
      db?.close();
    }
  };
}

/** What must be there in the end, however often it was killed: one of each. */
async function expectOneOfEach(sandbox: Sandbox, name: string): Promise<void> {
  expect((await ideasOf(sandbox)).filter((one) => one.id === name)).toMatchObject([{ status: 'ACTIVE' }]);
  expect((await entriesOf(sandbox)).filter((one) => one['name'] === name)).toHaveLength(1);
  expect((await readdir(sandbox.code)).filter((one) => one.includes(name))).toEqual([name]);
  expect(await remoteSubjects(sandbox, name)).toEqual([`Begin ${name}`]);
  const made = sandbox.github.requests.filter(
    ({ method, path: asked, status }) => method === 'POST' && asked.endsWith('/user/repos') && status === 201,
  );
  expect(made.length).toBeLessThanOrEqual((await ideasOf(sandbox)).length);
  expect((await checkoutOf(sandbox, name)).status).toBe('');
}

describe('an idea whose process is killed after every fact in turn', () => {
  it('is one folder, one repository and one entry in the end, and its files are made once', async () => {
    await using sandbox = await startSandbox({
      repos: [],
      scenarios: [goodIdea('often-killed')],
      options: { ci_grace_seconds: 0.3 },
    });
    await writeIdeas(sandbox, { id: 'often-killed', title: 'Often killed' });
    const facts = factsIn(sandbox);
    const steps = ['folder', 'files', 'repository', 'github', 'push', 'portfolio'];
    let kills = 0;
    for (const step of steps)
      for (const type of ['idea-step-began', 'idea-step-ended']) {
        if (facts('idea-step-ended', step) > 0) continue;
        const going = startClone(sandbox, ['ideas', 'process']);
        const over = going.done.then(() => true);
        await Promise.race([until(`${type} ${step}`, () => facts(type, step) > 0, 1), over]);
        going.child.kill('SIGKILL');
        if ((await going.done).signal === 'SIGKILL') kills += 1;
      }
    expect(kills).toBeGreaterThanOrEqual(4);
    const last = await sandbox.clone(['ideas', 'process']);
    expectRun(last, 0);
    await expectOneOfEach(sandbox, 'often-killed');
    // Killed when its files were told to be begun, it may have asked once more; never when they were done.
    expect(turnsOf(sandbox, 'often-killed')).toBeLessThanOrEqual(2);
    expect(pushesTo(sandbox, 'often-killed')).toBeLessThanOrEqual(2);
    await expectClean(sandbox);
  }, 90_000);
});

describe('ideas whose process is killed in the middle of every step at once', () => {
  let sandbox: Sandbox;
  let going: Going;
  const names = ['in-turn', 'in-check', 'in-create', 'after-create', 'in-push', 'after-push'];

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [],
      scenarios: [
        turn('in-turn', 'task', [firstVersion({ 'half.txt': 'half\n' }), { hang: 'stream' }], { call: 1 }),
        turn(
          'in-check',
          'task',
          [firstVersion({ 'test.sh': 'sleep 47.13\n' }), { json: handoff('Begin in-check') }],
          { call: 1 },
        ),
        ...names.map((name) => goodIdea(name)),
        turn('/./', 'plan', [{ json: noWork('It has only begun.') }]),
      ],
      options: { parallel_repos: 6, ci_grace_seconds: 0.3 },
    });
    await writeIdeas(sandbox, ...names.map((name) => ({ id: name, title: name })));
    // What is asked is done for some, and only its answer is lost.
    const { github } = sandbox;
    github.fault({ path: '*/alice/in-create', method: 'GET', delayMs: 4000 });
    github.fault({ path: '*/alice/after-create/branches', method: 'GET', delayMs: 4000 });
    github.fault({ path: '*/in-push.git/git-receive-pack', method: 'POST', delayMs: 4000 });
    going = startClone(sandbox, ['run']);
    const asked = (part: string) => () => github.requests.some(({ path: one }) => one.includes(part));
    await killOnce(
      going,
      Promise.all([
        agentIn(sandbox, 'in-turn', 'task'),
        processWith(sandbox, 'sleep 47.13'),
        until('the look for in-create', asked('/alice/in-create')),
        until('the making of after-create', () => {
          try {
            return github.repo('alice/after-create').private;
          } catch {
            return false;
          }
        }),
        until('the push of in-push', () => pushesTo(sandbox, 'in-push') > 0),
        until('the push of after-push', async () => {
          try {
            return (await remoteSubjects(sandbox, 'after-push')).length > 0;
          } catch {
            return false;
          }
        }),
      ]),
    );
    github.clearFaults();
  }, 90_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('become one folder, one repository and one entry each with the next run', async () => {
    const again = await sandbox.clone(['run']);
    expectRun(again, 0);
    for (const name of names) await expectOneOfEach(sandbox, name);
    await expectClean(sandbox);
  }, 60_000);

  it('have lost nothing that the agent had half made', async () => {
    const mirrors = path.join(sandbox.home, '.clone/mirrors');
    const mirror = (await readdir(mirrors)).find((name) => name.startsWith('idea-in-turn-')) ?? '';
    const refs = await sandbox.git(mirrors, '--git-dir', mirror, 'for-each-ref', '--format=%(refname)');
    expect(refs).toMatch(/refs\/clone\/salvage\/in-turn-\w+\/unfinished/);
  });
});

describe('two processes that take up the same idea at once', () => {
  it('make it once, and the second says who is at it', async () => {
    await using sandbox = await startSandbox({
      repos: [],
      scenarios: [
        turn('shared', 'task', [{ delay: 4000, ...firstVersion() }, { json: handoff('Begin shared') }]),
      ],
      options: { ci_grace_seconds: 0.3 },
    });
    await writeIdeas(sandbox, { id: 'shared', title: 'Shared' });
    const one = startClone(sandbox, ['ideas', 'process']);
    await agentIn(sandbox, 'shared', 'task');
    const two = await sandbox.clone(['ideas', 'process']);
    expect(two.exitCode).toBe(5);
    expect(two.stdout).toMatch(/shared: waits: run \S+, idea shared.* is at it/);
    expect((await one.done).exitCode).toBe(0);
    await expectOneOfEach(sandbox, 'shared');
    expect(turnsOf(sandbox, 'shared')).toBe(1);
  }, 60_000);
});
