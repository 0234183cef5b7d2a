import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  agentIn,
  ciFiles,
  during,
  fixes,
  humanPushes,
  open,
  paused,
  promptsOf,
  pushesTo,
  quickRun,
  type Seen,
  seenIn,
  turnsOf,
  workflow,
  works,
} from './ci-support.ts';
import {
  expectClean,
  expectRun,
  handoff,
  remoteFile,
  remoteGit,
  remoteLog,
  remoteSubjects,
  repoFiles,
  turn,
} from './support.ts';

const red = { 'ours.txt': 'RED\n' };
const fine = { 'ours.txt': 'fine\n' };
const twoSteps = workflow({ Test: 'sh ci.sh', Lint: '! grep -n UGLY ./*.txt' });
const flaky = workflow({ Test: 'echo "attempt $GITHUB_RUN_ATTEMPT"; test "$GITHUB_RUN_ATTEMPT" -gt 1' });
const matrix = workflow(
  { Test: 'if [ "${{ matrix.version }}" = 22 ]; then sh ci.sh; fi' },
  { job: '    strategy: { fail-fast: false, matrix: { version: [20, 22, 24] } }' },
);

describe('CI of what was pushed', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let seen: Seen;

  beforeAll(async () => {
    sandbox = await startSandbox({
      options: { ...quickRun, ci_rerun_failed_once: false, ci_wait_timeout_seconds: 60 },
      repos: [
        { name: 'green', files: ciFiles() },
        { name: 'mended', files: ciFiles() },
        { name: 'flaky', files: ciFiles({}, flaky), entry: { ci_rerun_failed_once: true } },
        { name: 'red-before', files: ciFiles() },
        { name: 'same-again', files: ciFiles() },
        { name: 'exhausted', files: ciFiles({}, twoSteps), entry: { ci_max_fix_attempts: 1 } },
        { name: 'taken-back', files: ciFiles(), entry: { ci_on_exhausted: 'revert' } },
        { name: 'no-fixes', files: ciFiles(), entry: { ci_autofix_enabled: false } },
        { name: 'idle-fix', files: ciFiles() },
        { name: 'no-workflow', files: repoFiles() },
        { name: 'filtered', files: ciFiles({}, workflow({}, { on: '{ push: { paths: [src/**] } }' })) },
        { name: 'refused', files: ciFiles() },
        { name: 'broken-file', files: repoFiles() },
        {
          name: 'slow',
          files: ciFiles({}, workflow({ Test: 'sleep 50' })),
          entry: { ci_wait_timeout_seconds: 2 },
        },
        { name: 'matrix', files: ciFiles({}, matrix) },
        { name: 'optional', files: ciFiles({}, workflow(undefined, { job: '    continue-on-error: true' })) },
      ],
      scenarios: [
        ...[
          'mended',
          'same-again',
          'exhausted',
          'taken-back',
          'no-fixes',
          'idle-fix',
          'matrix',
          'optional',
        ].map((repo) => works(repo, red)),
        ...['green', 'flaky', 'red-before', 'no-workflow', 'filtered', 'refused', 'broken-file', 'slow'].map(
          (repo) => works(repo, fine),
        ),
        turn('mended', 'ci-fix', [
          { expect: { prompt: 'a file says RED' } },
          { write: { path: 'ours.txt', content: 'fine\n' } },
          { json: handoff('Say it in another colour') },
        ]),
        fixes('same-again', { 'ours.txt': 'still RED\n' }),
        fixes('exhausted', { 'ours.txt': 'UGLY\n' }),
        fixes('taken-back', { 'ours.txt': 'still RED\n' }, { before: [paused('taken-back')] }),
        turn('idle-fix', 'ci-fix', [
          { json: handoff('Nothing', { status: 'blocked', summary: 'I do not see it.' }) },
        ]),
        fixes('matrix', fine),
      ],
    });
    await humanPushes(sandbox, 'red-before', { 'theirs.txt': 'RED\n' });
    await humanPushes(sandbox, 'broken-file', {
      '.github/workflows/ci.yml': 'name: CI\non: push\njobs: [\n',
    });
    sandbox.github.script((job) => (job.repository === 'alice/refused' ? 'no-runner' : undefined));
    run = await during(sandbox.clone(['run']), async () => {
      await agentIn(sandbox, 'taken-back', 'ci-fix');
      await humanPushes(sandbox, 'taken-back', { 'theirs.txt': 'keep me\n' });
      await open(sandbox, 'taken-back');
    });
    seen = seenIn(sandbox);
  }, 150_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('ends the run with 1 where something stays red, without a bug showing', async () => {
    expectRun(run, 1);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it.each([
    ['green', 'green', 0],
    ['mended', 'fixed', 1],
    ['flaky', 'green', 0],
    ['red-before', 'red', 0],
    ['same-again', 'red', 1],
    ['exhausted', 'red', 1],
    ['taken-back', 'reverted', 1],
    ['no-fixes', 'red', 0],
    ['idle-fix', 'red', 1],
    ['no-workflow', 'no_ci', 0],
    ['filtered', 'no_ci', 0],
    ['refused', 'infra', 0],
    ['broken-file', 'red', 0],
    ['slow', 'timeout', 0],
    ['matrix', 'fixed', 1],
    ['optional', 'green', 0],
  ])('of %s comes to the verdict %s after %i fix passes', async (repo, verdict, passes) => {
    const show = await seen.show(repo);
    expect([show.state, show.ci.state, show.ci.why]).toEqual(['cleaned', verdict, expect.any(String)]);
    expect(turnsOf(sandbox, repo, 'ci-fix')).toBe(passes);
    const { ci, repos } = await seen.status();
    expect(ci.filter((one) => one.repo === repo && ['pending', 'fixing'].includes(one.state))).toEqual([]);
    expect(repos.find(({ name }) => name === repo)?.ci).toBe(verdict);
  });

  it('is direct evidence on the landed commit and on its fix, whose files are named', async () => {
    const { commits, evidence, ci } = await seen.show('mended');
    const direct = evidence.filter(({ label }) => label === 'direct');
    expect(direct.map(({ commit, conclusion, exit_code: exit }) => [commit, conclusion, exit])).toEqual([
      [commits[0]?.sha, 'failure', 1],
      [ci.sha, 'success', 0],
    ]);
    expect(direct[0]).toMatchObject({
      check: 'CI: CI',
      command: null,
      url: expect.stringMatching(/^http/) as string,
    });
    expect(commits.flatMap(({ files }) => files)).toContain('ours.txt');
    for (const { files, files_count: count } of commits) expect(files).toHaveLength(count);
  });

  it('is mended by a fix pass on the same thread (B1), whose commit says so', async () => {
    const show = await seen.show('mended');
    expect(show.turns.map(({ kind }) => kind)).toEqual(['task', 'ci-fix']);
    expect(new Set(show.turns.map(({ thread }) => thread)).size).toBe(1);
    const [fix, work] = await remoteLog(sandbox, 'mended');
    expect(fix?.subject).toBe('Say it in another colour');
    expect(fix?.message).toMatch(/^Clone-Turn: ci-fix$/m);
    expect(fix?.message).toMatch(new RegExp(`^Clone-Session: ${show.session}$`, 'm'));
    expect(work?.message).toMatch(/^Clone-Task: session$/m);
    expect(show.landed_sha).toBe(fix?.sha);
    const tree = await remoteGit(sandbox, 'mended', 'rev-parse', 'HEAD^{tree}');
    expect(show.evidence.filter((one) => one.tree === tree && one.exit_code === 0)).toHaveLength(1);
    expect(await sandbox.git(sandbox.checkout('mended'), 'rev-parse', 'HEAD')).toBe(fix?.sha);
    expect(pushesTo(sandbox, 'mended')).toBe(2);
  });

  it('is run again once when it is flaky, and costs no turn', () => {
    const [flakyRun] = sandbox.github.runs('alice/flaky');
    expect(flakyRun?.attempts.map(({ conclusion }) => conclusion)).toEqual(['failure', 'success']);
    expect(turnsOf(sandbox, 'flaky')).toBe(1);
  });

  it('is not ours to mend when it was red before us in the same job', async () => {
    const { ci } = await seen.show('red-before');
    expect(ci.why).toMatch(/red before us: ci\.yml \/ test/);
  });

  it('is given up when it fails in the same way after a fix', async () => {
    const { ci } = await seen.show('same-again');
    expect(ci.why).toMatch(/failed in the same way again/);
    expect(await remoteFile(sandbox, 'same-again', 'ours.txt')).toBe('still RED');
  });

  it('is left red when the passes are used up', async () => {
    const { ci } = await seen.show('exhausted');
    expect(ci.why).toMatch(/still fails after 1 fix pass/);
    expect(await remoteGit(sandbox, 'exhausted', 'rev-list', '--count', 'HEAD')).toBe('3');
    const { needs_you: needs } = await seen.status();
    expect(needs.map(({ repo, what }) => [repo, what])).toContainEqual(['exhausted', 'ci_red']);
  });

  it('takes our own commits back when asked to, and keeps those of a person', async () => {
    const show = await seen.show('taken-back');
    const log = await remoteLog(sandbox, 'taken-back');
    expect(log.map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^Revert [0-9a-f]{12}: CI stayed red/),
      expect.stringMatching(/^Revert [0-9a-f]{12}: CI stayed red/),
      'Mend taken-back',
      'By a person',
      'Work on taken-back',
      'First commit',
    ]);
    expect(await remoteFile(sandbox, 'taken-back', 'theirs.txt')).toBe('keep me');
    expect(await remoteFile(sandbox, 'taken-back', 'ours.txt')).toBeUndefined();
    expect(log[0]?.message).toMatch(new RegExp(`^Clone-Session: ${show.session}$`, 'm'));
    const tree = await remoteGit(sandbox, 'taken-back', 'rev-parse', 'HEAD^{tree}');
    expect(show.evidence.filter((one) => one.tree === tree && one.exit_code === 0)).not.toEqual([]);
    const [last] = sandbox.github.runs('alice/taken-back').slice(-1);
    expect([last?.plan.headSha, last?.attempts[0]?.conclusion]).toEqual([log[0]?.sha, 'success']);
  });

  it('lands nothing of a fix pass that changed nothing', async () => {
    const { ci } = await seen.show('idle-fix');
    expect(ci.why).toMatch(/changed nothing: I do not see it/);
    expect(await remoteSubjects(sandbox, 'idle-fix')).toEqual(['Work on idle-fix', 'First commit']);
  });

  it.each([
    ['there is no workflow', 'no-workflow', /no workflow/],
    ['the paths of the workflow leave us out', 'filtered', /ci\.yml/],
  ])('is not waited for when %s', async (_what, repo, why) => {
    const { ci, states } = await seen.show(repo);
    expect(ci.why).toMatch(why);
    expect(ci.runs).toEqual([]);
    expect(states.at(-1)?.state).toBe('cleaned');
  });

  it('is nobody’s fault when the runner was refused', async () => {
    const { ci } = await seen.show('refused');
    expect(ci.why).toMatch(/no machine worked on ci\.yml \/ test/);
  });

  it('knows a workflow file that a person broke before us', async () => {
    const { ci } = await seen.show('broken-file');
    expect(ci.why).toMatch(/red before us: ci\.yml/);
  });

  it('tells a fix pass which cell of a matrix failed', () => {
    const [prompt] = promptsOf(sandbox, 'matrix', 'ci-fix');
    expect(prompt).toContain('job `test (22)`');
    expect(prompt).not.toContain('job `test (20)`');
  });
});
