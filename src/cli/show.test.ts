import { describe, expect, it } from 'vitest';
import {
  ciRun,
  commit,
  evidence,
  inSession,
  landed,
  moved,
  planned,
  queued,
  runStarted,
  task,
  turnEnded,
  turnStarted,
  usage,
  watchEnded,
  watchStarted,
} from '../../test/fakes/facts.ts';
import { lookingWorld, perform, repo } from '../../test/fakes/looking-context.ts';
import type { Delivery } from '../status/delivery.ts';
import { showCommand } from './show.ts';

const sha = 'abcdef0123456789abcdef0123456789abcdef01';

async function told() {
  const world = lookingWorld();
  world.portfolio = [repo('jwt'), repo('csv')];
  await world.ledger.record(
    runStarted(),
    queued(),
    moved('setup', { facts: { fence: 4, headSha: 'b0' } }),
    { type: 'workspace-opened', ...inSession, folder: '/w', branch: 'clone/s1', base: 'b0', target: 'main' },
    moved('active'),
    turnStarted('s1/1-plan', { kind: 'plan' }),
    turnEnded('s1/1-plan', { kind: 'plan', thread: 'th', usage: usage(100, 10, 50), seconds: 12 }),
    planned(task('t1'), task('t2')),
    turnStarted('s1/2-task-t1', { task: 't1' }),
    turnEnded('s1/2-task-t1', { outcome: { kind: 'timeout', message: 'an hour' } }),
    { type: 'check-ran', ...inSession, evidence: evidence('test', { seconds: 3, tree: 'tree1' }) },
    { type: 'task-committed', ...inSession, task: 't1', commit: commit('c1', 't1') },
    {
      type: 'task-ended',
      ...inSession,
      task: 't1',
      state: 'done',
      why: 'it works',
      claims: [{ text: 'tests pass', how: 'npm test' }],
    },
    { type: 'task-ended', ...inSession, task: 't2', state: 'rejected', why: 'test stayed red', claims: [] },
    { type: 'over-claimed', ...inSession, claim: 'all green', saw: 'exit 1' },
    moved('completed_unreviewed'),
    { type: 'gate-judged', ...inSession, gate: 'secrets', findings: [] },
    {
      type: 'gate-judged',
      ...inSession,
      gate: 'size',
      findings: [{ gate: 'size', severity: 'P1', file: 'a.ts', message: 'too large', hint: 'split it' }],
    },
    moved('accepted'),
    moved('merged'),
    landed(sha, { commits: [commit(sha, 't1')] }),
    moved('pushed'),
    { type: 'salvaged', ...inSession, ref: 'refs/clone/salvage/x', sha: 'c9', why: 'red' },
    moved('cleaned'),
    watchStarted(sha),
    { type: 'watch-saw', ...inSession, sha, runs: [ciRun(1)] },
    watchEnded(sha, 'green', { url: 'https://forge.test/1' }),
  );
  return world;
}
async function show(world: Awaited<ReturnType<typeof told>>, ...args: string[]): Promise<string> {
  await perform(showCommand(world.context), args);
  return world.out();
}

describe('clone show', () => {
  it.each([
    ['a session', 's1'],
    ['a repository, its last session', 'jwt'],
    ['a commit, the session that made it', sha],
    ['the beginning of a commit', 'abcdef0'],
    ['a commit in capital letters', 'ABCDEF012'],
  ])('finds %s', async (_what, name) => {
    const delivery = JSON.parse(await show(await told(), name, '--json')) as Delivery;
    expect(delivery.session).toBe('s1');
  });

  it('tells the whole delivery as JSON', async () => {
    const delivery = JSON.parse(await show(await told(), 's1', '--json')) as Delivery;
    expect(delivery).toMatchObject({
      schema_version: 1,
      session: 's1',
      repo: 'jwt',
      run: 'r1',
      cycle: 1,
      state: 'cleaned',
      base_sha: 'b0',
      branch: 'clone/s1',
      target_branch: 'main',
      commits: [{ sha, subject: `Subject ${sha}`, task: 't1', files: 2 }],
      landed_sha: sha,
      tasks: [
        {
          id: 't1',
          title: 'Task t1',
          kind: 'fix',
          state: 'done',
          why: 'it works',
          commit: sha,
          claims: [{ text: 'tests pass', how: 'npm test' }],
        },
        { id: 't2', state: 'rejected', why: 'test stayed red', commit: null },
      ],
      turns: [
        {
          kind: 'plan',
          agent: 'codex',
          thread: 'th',
          outcome: 'completed',
          message: null,
          seconds: 12,
          usage: { input_tokens: 100, cached_input_tokens: 50, output_tokens: 10 },
        },
        { kind: 'task', outcome: 'timeout', message: 'an hour' },
      ],
      evidence: [
        { check: 'test', command: 'npm run test', exit_code: 0, seconds: 3, label: 'local', tree: 'tree1' },
      ],
      over_claims: [{ claim: 'all green', saw: 'exit 1' }],
      gates: [
        { gate: 'secrets', verdict: 'allow', findings: [] },
        { gate: 'size', verdict: 'refuse', findings: [{ file: 'a.ts', severity: 'P1' }] },
      ],
      review: [],
      ci: {
        state: 'green',
        attempts: 0,
        sha,
        url: 'https://forge.test/1',
        runs: [{ id: 1, workflow_id: 1 }],
      },
      salvage: [{ ref: 'refs/clone/salvage/x', sha: 'c9', why: 'red' }],
    });
    expect(delivery.states.map(({ state }) => state)).toEqual([
      'queued',
      'setup',
      'active',
      'completed_unreviewed',
      'accepted',
      'merged',
      'pushed',
      'cleaned',
    ]);
    expect(delivery.states[1]).toEqual({
      state: 'setup',
      at: '2026-11-20T21:00:00Z',
      facts: { fence: 4, head_sha: 'b0' },
    });
  });

  it('tells it in words, on one screen', async () => {
    const text = await show(await told(), 'jwt');
    for (const words of [
      'jwt, session s1',
      'abcdef012345',
      'Task t1',
      'tests pass',
      'npm run test',
      'size',
      'a.ts: too large',
      'green',
      'refs/clone/salvage/x',
      'timeout',
      'completed_unreviewed',
      'exit 1',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('says that nobody watched what was never pushed', async () => {
    const world = lookingWorld();
    await world.ledger.record(queued());
    const delivery = JSON.parse(await show(world, 's1', '--json')) as Delivery;
    expect(delivery).toMatchObject({
      ci: { state: 'not_watched', runs: [] },
      landed_sha: null,
      base_sha: null,
      turns: [],
    });
  });

  it.each<[what: string, name: string, code: string, hint: string]>([
    ['a repository with a slip', 'jwtt', 'unknown', 'did you mean jwt?'],
    ['something else', 'zzzzzzzzzzzz', 'unknown', 'clone status lists'],
    ['a commit that nobody made', 'deadbeef', 'unknown', 'clone status lists'],
    ['a repository that was not visited', 'csv', 'never-touched', 'clone run --repo csv'],
  ])('refuses %s with what may be meant', async (_what, name, code, hint) => {
    await expect(show(await told(), name)).rejects.toMatchObject({
      code,
      exitCode: 2,
      hint: expect.stringContaining(hint) as string,
    });
  });

  it('asks for more of an id that begins several commits', async () => {
    const world = await told();
    const other = `${sha.slice(0, 10)}${'9'.repeat(30)}`;
    await world.ledger.record(queued({ session: 's2' }), landed(other, { session: 's2' }));
    await expect(show(world, sha.slice(0, 8))).rejects.toMatchObject({ code: 'ambiguous', exitCode: 2 });
    expect(JSON.parse(await show(world, other, '--json'))).toMatchObject({ session: 's2' });
  });
});
