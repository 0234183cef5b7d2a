import { describe, expect, it } from 'vitest';
import {
  ciRun,
  commit,
  evidence,
  finding,
  inSession,
  landed,
  moved,
  planned,
  queued,
  reviewed,
  runStarted,
  task,
  turnEnded,
  turnStarted,
  usage,
  watchEnded,
  watchStarted,
} from '../../test/fakes/facts.ts';
import { lookingWorld, perform, repo } from '../../test/fakes/looking-context.ts';
import type { CiRun } from '../domain/ci.ts';
import type { Delivery } from '../status/delivery.ts';
import { showCommand } from './show.ts';

const sha = 'abcdef0123456789abcdef0123456789abcdef01';

function passed(id: number, of: string): CiRun {
  const at = Date.UTC(2026, 10, 20, 21);
  const over = { status: 'completed', conclusion: 'success', createdAt: at, updatedAt: at + 42_000 };
  return ciRun(id, { sha: of, ...over });
}

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
    turnEnded('s1/1-plan', { kind: 'plan', thread: 'th', usage: usage(100, 10, 50), seconds: 12.000400001 }),
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
    reviewed('blocking', { findings: [finding('P1', 'It is wrong'), finding('P3', 'Small')] }),
    reviewed('failed', { turn: 's1/review-2', why: 'no answer', edited: true }),
    moved('accepted'),
    moved('merged'),
    landed(sha, { commits: [{ ...commit(sha, 't1'), paths: ['a.ts', 'b/c.ts'] }] }),
    moved('pushed'),
    { type: 'salvaged', ...inSession, ref: 'refs/clone/salvage/x', sha: 'c9', why: 'red' },
    moved('cleaned'),
    watchStarted(sha),
    { type: 'watch-saw', ...inSession, sha, runs: [ciRun(1, { sha })] },
    { type: 'watch-saw', ...inSession, sha, runs: [passed(1, sha), passed(2, 'another')] },
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
      commits: [{ sha, subject: `Subject ${sha}`, task: 't1', files: ['a.ts', 'b/c.ts'], files_count: 2 }],
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
        {
          check: 'test',
          command: 'npm run test',
          exit_code: 0,
          seconds: 3,
          label: 'local',
          tree: 'tree1',
          commit: null,
          url: null,
          conclusion: null,
        },
        {
          check: 'CI: ci',
          command: null,
          exit_code: 0,
          seconds: 42,
          label: 'direct',
          tree: null,
          commit: sha,
          at: '2026-11-20T21:00:42Z',
          url: 'https://forge.test/runs/1',
          conclusion: 'success',
        },
      ],
      over_claims: [{ claim: 'all green', saw: 'exit 1' }],
      gates: [
        { gate: 'secrets', verdict: 'allow', findings: [] },
        { gate: 'size', verdict: 'refuse', findings: [{ file: 'a.ts', severity: 'P1' }] },
      ],
      review: [
        {
          agent: 'codex',
          turn: 's1/review-1',
          outcome: 'blocking',
          why: null,
          findings: [
            { severity: 'P1', file: 'a.ts', line: 3, message: 'It is wrong', why: 'It is.' },
            { severity: 'P3' },
          ],
        },
        { turn: 's1/review-2', outcome: 'failed', why: 'no answer', edited: true, findings: [] },
      ],
      ci: {
        state: 'green',
        attempts: 0,
        sha,
        url: 'https://forge.test/1',
        runs: [{ id: 1, workflow_id: 1 }, { id: 2 }],
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
      '2: a.ts, b/c.ts',
      'success on abcdef012345, https://forge.test/runs/1',
      'fence 4, head sha b0',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('has direct evidence for every run of CI that ended on a commit of the session, its fixes among them', async () => {
    const world = await told();
    const fix = 'f'.repeat(40);
    const over = { sha: fix, status: 'completed', createdAt: 0, updatedAt: 5000 };
    await world.ledger.record(
      landed(fix),
      watchStarted(fix, { attempt: 1 }),
      {
        type: 'watch-saw',
        ...inSession,
        sha: fix,
        runs: [
          ciRun(3, { ...over, workflow: 'test', conclusion: 'failure' }),
          ciRun(4, { ...over, workflow: 'lint', conclusion: 'skipped' }),
          ciRun(5, { ...over, workflow: 'docs', conclusion: 'success' }),
          ciRun(6, { ...over, workflow: 'again', conclusion: 'success', attempt: 2 }),
        ],
      },
      // Started again: until it ends it proves nothing.
      {
        type: 'watch-saw',
        ...inSession,
        sha: fix,
        runs: [ciRun(5, { sha: fix, workflow: 'docs', attempt: 2 })],
      },
    );
    const { evidence: seen } = JSON.parse(await show(world, 's1', '--json')) as Delivery;
    const direct = seen.filter(({ label }) => label === 'direct');
    expect(
      direct.map((one) => [one.check, one.commit, one.conclusion, one.exit_code, one.seconds, one.note]),
    ).toEqual([
      ['CI: ci', sha, 'success', 0, 42, null],
      ['CI: test', fix, 'failure', 1, 5, null],
      ['CI: lint', fix, 'skipped', null, 5, null],
      ['CI: again', fix, 'success', 0, null, 'attempt 2'],
    ]);
  });

  it('has the number of files where an earlier version told no more', async () => {
    const world = lookingWorld();
    await world.ledger.record(queued(), moved('setup'), moved('active'), planned(task('t1')), {
      type: 'task-committed',
      ...inSession,
      task: 't1',
      commit: commit('c1', 't1'),
    });
    const { commits } = JSON.parse(await show(world, 's1', '--json')) as Delivery;
    expect(commits).toMatchObject([{ sha: 'c1', files: [], files_count: 2 }]);
    expect(await show(world, 's1')).toMatch(/Subject c1 +t1 +2\n/);
  });

  it('names the first files of a commit that touched many, though it does not land', async () => {
    const world = lookingWorld();
    const paths = Array.from({ length: 500 }, (_, index) => `f${index}`);
    await world.ledger.record(queued(), moved('setup'), moved('active'), planned(task('t1')), {
      type: 'task-committed',
      ...inSession,
      task: 't1',
      commit: { ...commit('c1', 't1'), files: 700, paths },
    });
    expect(await show(world, 's1')).toContain('700: f0, f1, f2, …');
    expect(JSON.stringify(await world.ledger.session('s1'))).not.toContain('f499');
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

  it.each([
    ['an idea', 'new', { id: 'new', title: 'Tokens' }],
    ['the session of a repository rather than the idea of its name', 'jwt', { session: 's1' }],
  ])('shows %s', async (_what, id, page) => {
    const world = await told();
    await world.ledger.record({ type: 'idea-taken-up', idea: id, title: 'Tokens', name: id, path: '' });
    expect(JSON.parse(await show(world, id, '--json'))).toMatchObject(page);
  });

  it('asks for more of an id that begins several commits', async () => {
    const world = await told();
    const other = `${sha.slice(0, 10)}${'9'.repeat(30)}`;
    await world.ledger.record(queued({ session: 's2' }), landed(other, { session: 's2' }));
    await expect(show(world, sha.slice(0, 8))).rejects.toMatchObject({ code: 'ambiguous', exitCode: 2 });
    expect(JSON.parse(await show(world, other, '--json'))).toMatchObject({ session: 's2' });
  });
});
