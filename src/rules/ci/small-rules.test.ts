import { describe, expect, it } from 'vitest';
import type { CiJob, CiRun } from '../../domain/ci.ts';
import { minutes, seconds } from '../../domain/time.ts';
import { classifyFailure, failingJobs, failingStep } from './classify-failure.ts';
import { failingNames, failureSignature, type RedRun, redBeforeUs } from './failure-signature.ts';
import { newestRuns, runsKey } from './newest-runs.ts';
import { pollDelay } from './poll-delay.ts';

function run(change: Partial<CiRun> = {}): CiRun {
  return {
    id: 1,
    workflowId: 10,
    workflow: 'CI',
    path: '.github/workflows/ci.yml',
    event: 'push',
    branch: 'main',
    sha: 'a'.repeat(40),
    status: 'completed',
    conclusion: 'failure',
    attempt: 1,
    number: 7,
    url: '',
    createdAt: 0,
    updatedAt: 0,
    ...change,
  };
}

function job(change: Partial<CiJob> = {}): CiJob {
  return {
    id: 5,
    runId: 1,
    name: 'test',
    status: 'completed',
    conclusion: 'failure',
    steps: [
      { number: 1, name: 'Set up job', conclusion: 'success' },
      { number: 2, name: 'npm test', conclusion: 'failure' },
    ],
    runnerName: 'runner-1',
    url: '',
    ...change,
  };
}

const refused = { steps: [], runnerName: null };
const notBegun = { steps: [{ number: 1, name: 'npm test', conclusion: null }], runnerName: null };

describe('the runs that count', () => {
  it.each<[what: string, runs: CiRun[], ids: number[]]>([
    ['the newest of a workflow', [run({ id: 1, number: 7 }), run({ id: 2, number: 8 })], [2]],
    ['the newest attempt', [run({ id: 1, attempt: 2 }), run({ id: 2, attempt: 1 })], [1]],
    ['one of each workflow', [run({ id: 1 }), run({ id: 2, workflowId: 11 })], [1, 2]],
    ['one of each event', [run({ id: 1 }), run({ id: 2, event: 'pull_request', number: 99 })], [1, 2]],
    ['none of another branch', [run({ id: 1 }), run({ id: 2, branch: 'v1.0', number: 8 })], [1]],
    [
      'those of a pull request, whatever its branch',
      [run({ id: 2, event: 'pull_request', branch: 'x' })],
      [2],
    ],
    [
      'none that a clock or a person started',
      [run({ event: 'schedule' }), run({ event: 'workflow_dispatch' })],
      [],
    ],
    ['those that follow on another', [run({ id: 3, event: 'workflow_run' })], [3]],
  ])('are %s', (_what, runs, ids) => {
    expect(newestRuns(runs, 'main').map((one) => one.id)).toEqual(ids);
  });

  it('come in an order that does not depend on the list', () => {
    const a = run({ id: 1, path: 'b.yml' });
    const b = run({ id: 2, path: 'a.yml', workflowId: 11 });
    expect(newestRuns([a, b], 'main')).toEqual(newestRuns([b, a], 'main'));
    expect(runsKey([a])).not.toBe(runsKey([{ ...a, status: 'queued' }]));
    expect(runsKey([a])).toBe(runsKey([{ ...a, updatedAt: 5 }]));
  });
});

describe('a failure', () => {
  it.each<[what: string, run: Partial<CiRun>, jobs: CiJob[], is: string]>([
    ['of a step', {}, [job()], 'code'],
    ['of a step on a runner without a name', {}, [job({ runnerName: null })], 'code'],
    ['of a job that no machine took', {}, [job(refused)], 'infra'],
    ['of a job whose steps never began', {}, [job(notBegun)], 'infra'],
    ['of a job that got a machine and no further', {}, [job({ ...notBegun, runnerName: 'r' })], 'code'],
    ['of one job that worked and one that did not', {}, [job(refused), job()], 'code'],
    ['with what depends on it skipped', {}, [job(), job({ conclusion: 'skipped', steps: [] })], 'code'],
    ['of a run without jobs', {}, [], 'infra'],
    [
      'of a run without jobs that is called like its file',
      { workflow: '.github/workflows/ci.yml' },
      [],
      'workflow_file',
    ],
    ['to start', { conclusion: 'startup_failure' }, [], 'workflow_file'],
    ['of a run whose jobs did not fail', {}, [job({ conclusion: 'cancelled' })], 'infra'],
    ['to finish in time', { conclusion: 'timed_out' }, [job({ conclusion: 'timed_out' })], 'timeout'],
    ['of a step, while another job ran out of time', {}, [job(), job({ conclusion: 'timed_out' })], 'code'],
    ['to finish, without jobs', { conclusion: 'timed_out' }, [], 'timeout'],
    [
      'to finish, with no job to blame',
      { conclusion: 'timed_out' },
      [job({ conclusion: 'success' })],
      'timeout',
    ],
  ])('%s is %s', (_what, change, jobs, is) => {
    expect(classifyFailure(run(change), jobs)).toBe(is);
  });

  it('is of the jobs that failed themselves, and of the step that failed first', () => {
    const jobs = [
      job(),
      job({ name: 'deploy', conclusion: 'skipped' }),
      job({ name: 'x', conclusion: null }),
    ];
    expect(failingJobs(jobs).map((one) => one.name)).toEqual(['test']);
    expect(failingStep(job())).toBe('npm test');
    expect(failingStep(job(refused))).toBeUndefined();
  });
});

describe('the signature', () => {
  const red = (change: Partial<RedRun> = {}): RedRun[] => [{ run: run(), jobs: [job()], ...change }];
  const base = failureSignature(red(), []);

  it.each<[what: string, same: RedRun[]]>([
    ['another run at another time', red({ run: run({ id: 9, number: 12, attempt: 3, updatedAt: 99 }) })],
    ['another sha', red({ run: run({ sha: 'b'.repeat(40) }) })],
    ['another cell of a matrix', red({ jobs: [job({ id: 8, name: 'test (22, linux)' })] })],
    ['several cells', red({ jobs: [job({ name: 'test (20)' }), job({ name: 'test (22)' })] })],
    ['jobs beside that passed', red({ jobs: [job(), job({ name: 'lint', conclusion: 'success' })] })],
  ])('is the same for %s', (_what, same) => {
    expect(failureSignature(same, [])).toBe(base);
  });

  it.each<[what: string, different: RedRun[]]>([
    ['another workflow', red({ run: run({ path: '.github/workflows/docs.yml' }) })],
    ['another job', red({ jobs: [job({ name: 'lint' })] })],
    ['another step', red({ jobs: [job({ steps: [{ number: 1, name: 'npm ci', conclusion: 'failure' }] })] })],
    [
      'a step that ran out of time',
      red({ jobs: [job({ steps: [{ number: 1, name: 'e2e', conclusion: 'timed_out' }] })] }),
    ],
    ['a second job', red({ jobs: [job(), job({ name: 'lint' })] })],
    ['a run without jobs', red({ jobs: [] })],
    ['a run without jobs or a word', red({ run: run({ conclusion: null }), jobs: [] })],
  ])('is another for %s', (_what, different) => {
    expect(failureSignature(different, [])).not.toBe(base);
  });

  it('does not see numbers and ids in the names of steps', () => {
    const step = (name: string): RedRun[] =>
      red({ jobs: [job({ steps: [{ number: 1, name, conclusion: 'failure' }] })] });
    expect(failureSignature(step('Run x@f2c7bd1b 12'), [])).toBe(
      failureSignature(step('Run x@0123abcd 13'), []),
    );
  });

  const withLog = (excerpt: string, name = 'test'): string =>
    failureSignature(red(), [{ run: run(), job: job({ name }), step: 'npm test', excerpt }]);

  it.each<[what: string, one: string, other: string]>([
    ['the moment', 'Error: gone at 12:01:07', 'Error: gone at 23:59:00'],
    ['the folder', 'Error: cannot read /tmp/x1/app/a.js', 'Error: cannot read /home/runner/work/app/a.js'],
    ['the id', 'Error: commit 0123abc4def is bad', 'Error: commit fedcba98765 is bad'],
    ['what is not an error', 'ok 1\nError: x', 'ok 2 and more\nError: x'],
    ['the runner’s last words', '##[error]Process completed with exit code 1.', 'nothing'],
  ])('does not depend on %s', (_what, one, other) => {
    expect(withLog(one)).toBe(withLog(other));
  });

  it('tells two errors of one step apart', () => {
    expect(withLog('Error: a is not defined')).not.toBe(withLog('Error: b is not defined'));
    expect(withLog('Error: a', 'test (22)')).toBe(withLog('Error: a', 'test (24)'));
  });
});

describe('red before us', () => {
  const of = (...names: string[]): RedRun[] => [{ run: run(), jobs: names.map((name) => job({ name })) }];

  it.each<[what: string, parent: RedRun[], ours: RedRun[], before: boolean]>([
    ['the same job', of('test'), of('test'), true],
    ['one of the jobs that failed before', of('test', 'lint'), of('lint'), true],
    ['a job more', of('test'), of('test', 'lint'), false],
    ['a parent that passed', [], of('test'), false],
    ['another cell of the matrix', of('test (20)'), of('test (22)'), false],
    ['the run itself, twice', of(), of(), true],
    ['nothing', of('test'), [], false],
  ])('%s: %s', (_what, parent, ours, before) => {
    expect(redBeforeUs({ parent, ours })).toBe(before);
  });

  it('is told by the names of jobs, each once', () => {
    expect(
      failingNames([...of('test', 'build'), ...of('test'), { run: run({ path: 'x.yml' }), jobs: [] }]),
    ).toEqual(['ci.yml / build', 'ci.yml / test', 'x.yml / (the run itself)']);
  });
});

describe('the next look', () => {
  const age = { ageMs: 0, baseMs: seconds(5), unchangedPolls: 1, random: 0.5 };

  it.each<[what: string, change: Partial<typeof age> & { pending?: number }, ms: number]>([
    ['first comes after 3 s', {}, 3000],
    ['then every 5 s', { ageMs: seconds(3) }, 5000],
    ['after a minute every 10 s', { ageMs: minutes(1) }, 10_000],
    ['after five minutes every 20 s at least', { ageMs: minutes(5), random: 0 }, 18_000],
    ['after five minutes every 30 s at most', { ageMs: minutes(5), random: 1 }, 33_000],
    ['comes sooner when something just moved', { ageMs: minutes(6), unchangedPolls: 0 }, 10_000],
    ['follows the option', { ageMs: minutes(1), baseMs: 50 }, 100],
    ['leaves room when many wait', { ageMs: seconds(3), pending: 100 }, 20_000],
    ['is never now', { baseMs: 0 }, 1],
  ])('%s', (_what, change, ms) => {
    expect(pollDelay({ ...age, ...change })).toBe(ms);
  });
});
