import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { ciFiles, fixes, pushesTo, quickRun, type Seen, seenIn, workflow, works } from './ci-support.ts';
import { expectClean, expectRun, remoteSubjects, showJson } from './support.ts';

describe('a GitHub that stumbles while CI is watched', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let seen: Seen;
  const slow = workflow({ Test: 'sleep 3\nsh ci.sh' });
  const troubled = ['fails', 'hangs-up', 'asks-to-wait', 'is-tired', 'no-rights', 'log-fails', 'lost-rerun'];

  beforeAll(async () => {
    sandbox = await startSandbox({
      options: { ...quickRun, ci_rerun_failed_once: false },
      repos: [
        { name: 'steady', files: ciFiles({}, slow) },
        ...troubled.map((name) => ({
          name,
          files: ciFiles(),
          ...(name === 'lost-rerun' ? { entry: { ci_rerun_failed_once: true } } : {}),
        })),
        { name: 'late', files: ciFiles() },
        { name: 'missing', files: ciFiles(), entry: { ci_wait_timeout_seconds: 3 } },
      ],
      scenarios: [
        ...['log-fails', 'lost-rerun'].flatMap((repo) => [
          works(repo, { 'ours.txt': 'RED\n' }),
          fixes(repo, { 'ours.txt': 'fine\n' }),
        ]),
        ...['steady', 'fails', 'hangs-up', 'asks-to-wait', 'is-tired', 'no-rights', 'late', 'missing'].map(
          (repo) => works(repo, { 'ours.txt': 'fine\n' }),
        ),
      ],
    });
    const runsOf = (repo: string): { path: string } => ({ path: `/repos/alice/${repo}/actions/runs` });
    const { github } = sandbox;
    github.fault({ ...runsOf('fails'), status: 500, times: 4 });
    github.fault({ path: '/repos/alice/fails/actions/workflows', status: 502, times: 'always' });
    github.fault({ ...runsOf('hangs-up'), dropConnection: true, times: 4 });
    github.fault({ ...runsOf('asks-to-wait'), status: 429, headers: { 'retry-after': '1' } });
    github.fault({
      ...runsOf('is-tired'),
      status: 403,
      headers: { 'retry-after': '1' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    });
    github.fault({
      ...runsOf('no-rights'),
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
      times: 'always',
    });
    github.fault({ path: '/repos/alice/log-fails/actions/jobs/*/logs', status: 500, times: 'always' });
    github.fault({
      method: 'POST',
      path: '/repos/alice/lost-rerun/actions/runs/*/rerun-failed-jobs',
      dropConnection: true,
      afterwards: true,
    });
    run = await sandbox.clone(['run', ...['steady', ...troubled].flatMap((repo) => ['--repo', repo])]);
    seen = seenIn(sandbox);
  }, 120_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  function asked(repo: string, what: RegExp) {
    return sandbox.github.requests.filter(
      ({ kind, path }) => kind === 'rest' && path.includes(`/repos/alice/${repo}/`) && what.test(path),
    );
  }

  it('does not hurt the run', async () => {
    expectRun(run, 0);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it.each([
    ['fails', 'green', /passed: CI/],
    ['hangs-up', 'green', /passed: CI/],
    ['asks-to-wait', 'green', /passed: CI/],
    ['is-tired', 'green', /passed: CI/],
    ['no-rights', 'infra', /may not read the Actions.*not accessible/],
    ['log-fails', 'fixed', /passed: CI/],
    ['lost-rerun', 'fixed', /passed: CI/],
  ])('that %s still comes to the verdict %s, with few questions', async (repo, verdict, why) => {
    const { ci, state } = await seen.show(repo);
    expect([state, ci.state]).toEqual(['cleaned', verdict]);
    expect(ci.why).toMatch(why);
    expect(asked(repo, /./).length).toBeLessThan(60);
  });

  it.each(['asks-to-wait', 'is-tired'])(
    'is left in peace for as long as it asked to be, when it %s',
    (repo) => {
      const looks = asked(repo, /actions\/runs$/);
      const refused = looks.findIndex(({ status }) => status === 429 || status === 403);
      const [from, to] = [looks[refused]?.at.getTime() ?? 0, looks[refused + 1]?.at.getTime() ?? 0];
      expect(to - from).toBeGreaterThanOrEqual(1000);
    },
  );

  it('is asked with conditions, so that nothing new costs nothing', () => {
    const looks = asked('steady', /actions\/runs$/).filter(({ query }) => query.includes('head_sha='));
    const [first, ...others] = looks.map(({ headers }) => headers['if-none-match']);
    expect(first).toBeUndefined();
    expect(others.filter((condition) => condition === undefined)).toEqual([]);
    expect(looks.map(({ status }) => status)).toContain(304);
  });

  it('is asked once for a re-run whose answer was lost', () => {
    expect(asked('lost-rerun', /rerun-failed-jobs$/)).toHaveLength(1);
  });

  it('and shows a run only seconds after the push is waited for', async () => {
    sandbox.github.visibility(3_000);
    expectRun(await sandbox.clone(['run', '--repo', 'late']), 0);
    expect((await showJson(sandbox, 'late')).ci).toMatchObject({ state: 'green', why: 'passed: CI' });
  });

  it('and never shows the run that had to come is not taken for one without CI', async () => {
    sandbox.github.visibility(3_600_000);
    expectRun(await sandbox.clone(['run', '--repo', 'missing']), 0);
    const { ci } = await showJson(sandbox, 'missing');
    expect(ci.state).toBe('ci_missing');
    expect(ci.why).toMatch(/no run came in 3 s, though ci\.yml/);
    expect(pushesTo(sandbox, 'missing')).toBe(1);
    expect(await remoteSubjects(sandbox, 'missing')).toEqual(['Work on missing', 'First commit']);
  });
});
