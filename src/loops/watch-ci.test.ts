import { describe, expect, it } from 'vitest';
import type { CiJob, CiRun } from '../domain/ci.ts';
import type { Fact } from '../domain/fact.ts';
import { failed, ok } from '../domain/result.ts';
import { hours, minutes, seconds } from '../domain/time.ts';
import type { WatchView } from '../ledger/views.ts';
import type { Clock } from '../ports/clock.ts';
import type { Forge, ForgeFailure } from '../ports/forge.ts';
import { type CiSchedulerWorld, ciScheduler, type WatchOutcome, type WatchRequest } from './watch-ci.ts';

const sha = 'a'.repeat(40);
const parent = 'b'.repeat(40);

const unexpected: WatchRequest = {
  repo: 'tool',
  slug: 'me/tool',
  sha,
  parent,
  branch: 'main',
  session: 's1',
  run: 'r1',
  cycle: 2,
  attempt: 0,
  options: {
    ci_wait_timeout_seconds: 900,
    ci_poll_interval_seconds: 5,
    ci_grace_seconds: 90,
    ci_rerun_failed_once: true,
  },
};
const expected = { kind: 'some', why: 'ci.yml starts on this push' } as const;
const request: WatchRequest = { ...unexpected, expected };

function run(change: Partial<CiRun> = {}): CiRun {
  return {
    id: 1,
    workflowId: 10,
    workflow: 'CI',
    path: '.github/workflows/ci.yml',
    event: 'push',
    branch: 'main',
    sha,
    status: 'completed',
    conclusion: 'success',
    attempt: 1,
    number: 7,
    url: 'https://x/runs/1',
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
    steps: [{ number: 1, name: 'npm test', conclusion: 'failure' }],
    runnerName: 'runner-1',
    url: '',
    ...change,
  };
}

const running = run({ status: 'in_progress', conclusion: null });
const red = run({ conclusion: 'failure' });

interface ManualClock extends Clock {
  /** Lets time pass, waking every sleeper at its moment. */
  pass(milliseconds: number): Promise<void>;
  readonly mostAsleep: () => number;
}

/** Time stands still while somebody is busy. */
function manualClock(isBusy: () => boolean): ManualClock {
  let now = 1_000_000;
  let mostAsleep = 0;
  const asleep = new Set<{ at: number; wake: () => void }>();
  const settle = async (): Promise<void> => {
    for (let idle = 0; idle < 3; idle = isBusy() ? 0 : idle + 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    now: () => now,
    mostAsleep: () => mostAsleep,
    sleep: (milliseconds, stop) =>
      new Promise((resolve) => {
        const sleeper = {
          at: now + milliseconds,
          wake: () => {
            asleep.delete(sleeper);
            resolve();
          },
        };
        if (stop?.aborted) resolve();
        else asleep.add(sleeper);
        stop?.addEventListener('abort', sleeper.wake, { once: true });
        mostAsleep = Math.max(mostAsleep, asleep.size);
      }),
    async pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        await settle();
        const [next] = [...asleep].filter((one) => one.at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        now = Math.max(now, next.at);
        next.wake();
      }
      now = end;
    },
  };
}

/** What the forge says, by the time since the start; every call is written down. */
interface Script {
  runs?: (sha: string, elapsed: number, look: number) => readonly CiRun[] | ForgeFailure;
  jobs?: (runId: number) => readonly CiJob[] | ForgeFailure;
  log?: (jobId: number) => readonly string[] | ForgeFailure;
  rerun?: (runId: number) => ForgeFailure | undefined;
  external?: 'none' | 'pending' | 'success' | 'failure' | ForgeFailure | undefined;
}

function stage(script: Script, more: { views?: readonly WatchView[] } = {}) {
  let open = 0;
  const clock = manualClock(() => open > 0);
  const start = clock.now();
  const calls: { what: string; at: number }[] = [];
  const facts: Fact[] = [];
  const files = new Map<string, string>();
  const stop = new AbortController();
  let mostOpen = 0;
  const answer = async <T>(what: string, value: () => T | ForgeFailure) => {
    calls.push({ what, at: clock.now() - start });
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    const given = value();
    return typeof given === 'object' && given !== null && 'kind' in given ? failed(given) : ok(given);
  };
  const looks = new Map<string, number>();
  const forge: Forge = {
    slugOf: () => undefined,
    runsOf: (_slug, asked, { searchHarder }) => {
      looks.set(asked, (looks.get(asked) ?? 0) + 1);
      return answer(`runs ${asked.slice(0, 4)}${searchHarder ? ' harder' : ''}`, () =>
        (script.runs ?? (() => []))(asked, clock.now() - start, looks.get(asked) ?? 0),
      );
    },
    runsOn: () => answer('branch', () => []),
    jobsOf: (_slug, id) => answer(`jobs ${id}`, () => (script.jobs ?? (() => [job({ runId: id })]))(id)),
    log: (_slug, id) =>
      answer(`log ${id}`, () => {
        const lines = (script.log ?? (() => ['##[error]it broke\n']))(id);
        return Array.isArray(lines) ? chunks(lines as readonly string[]) : (lines as ForgeFailure);
      }),
    rerunFailedJobs: (_slug, id) =>
      answer<undefined>(`rerun ${id}`, () => (script.rerun ?? (() => undefined))(id)),
    workflowStates: () => answer('states', () => new Map<string, string>()),
    externalChecks: () =>
      answer('external', () => {
        const external = script.external ?? 'none';
        return typeof external === 'string' ? { state: external, what: 'Vercel', url: undefined } : external;
      }),
    repository: () => answer('repository', () => undefined),
    createRepository: () => answer('create', () => undefined),
    pushed: () => answer('pushed', () => new Map<string, number>()),
    whoami: () => answer('whoami', () => ({ login: 'me', id: 1, scopes: undefined })),
    issues: {
      viewer: () => answer('viewer', () => ({ login: 'me', id: 1, type: 'User' })),
      open: () => answer('issues', () => ({ rows: [], complete: true })),
      openOf: () => answer('issues', () => ({ rows: [], complete: true })),
      histories: () => answer('histories', () => new Map()),
      repositoryIds: () => answer('ids', () => new Map()),
    },
    budget: () => ({
      limit: undefined,
      remaining: undefined,
      resetsAt: undefined,
      requests: 0,
      notModified: 0,
    }),
  };
  const world: CiSchedulerWorld = {
    clock,
    forge,
    ledger: {
      record: (...given) => {
        facts.push(...given);
        return Promise.resolve([]);
      },
      watches: () => Promise.resolve(more.views ?? []),
    },
    files: {
      sessionFolder: (repo, cycle) => Promise.resolve(`/run/sessions/${repo}-${cycle}`),
      write: (file, text) => {
        files.set(file, text);
        return Promise.resolve();
      },
      relative: (file) => file.replace('/run/', ''),
    },
    redact: (text) => text.replaceAll('hunter2-hunter2', '[redacted:secret]'),
    random: () => 0.5,
  };
  const scheduler = ciScheduler(world, stop.signal);
  return {
    clock,
    calls,
    facts,
    files,
    stop,
    scheduler,
    world,
    mostOpen: () => mostOpen,
    /** Watches until there is an outcome, or the time is up. */
    async watch(
      change: Partial<WatchRequest> = {},
      within = hours(1),
    ): Promise<WatchOutcome | undefined | 'waiting'> {
      let outcome = 'waiting' as WatchOutcome | undefined | 'waiting';
      void scheduler.watch({ ...request, ...change }).then((ended) => {
        outcome = ended;
      });
      for (let passed = 0; passed < within && outcome === 'waiting'; passed += seconds(1))
        await clock.pass(seconds(1));
      return outcome;
    },
    what: () => calls.map((call) => call.what),
    types: () => facts.map((fact) => fact.type),
  };
}

async function* chunks(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) {
    await Promise.resolve();
    yield line;
  }
}

const warningsOf = (facts: readonly Fact[]): string[] =>
  facts.flatMap((fact) => (fact.type === 'warned' ? [fact.message] : []));

const verdictOf = (outcome: Awaited<ReturnType<ReturnType<typeof stage>['watch']>>): string | undefined =>
  typeof outcome === 'object' && outcome.kind === 'verdict' ? outcome.verdict : undefined;

describe('a commit whose CI passes', () => {
  it('is green after one more look, and every change is recorded once', async () => {
    const it = stage({
      runs: (_sha, elapsed) => {
        if (elapsed < seconds(10)) return [];
        return [elapsed < seconds(40) ? running : run()];
      },
    });
    expect(await it.watch()).toEqual({
      kind: 'verdict',
      verdict: 'green',
      why: 'passed: CI',
      url: 'https://x/runs/1',
    });
    expect(it.facts).toMatchObject([
      {
        type: 'watch-saw',
        sha,
        repo: 'tool',
        session: 's1',
        run: 'r1',
        cycle: 2,
        runs: [{ status: 'in_progress' }],
      },
      { type: 'watch-saw', runs: [{ status: 'completed' }] },
    ]);
    expect(it.calls.map((call) => call.at).slice(0, 4)).toEqual([3000, 8000, 13_000, 18_000]);
    expect(it.scheduler.pending()).toBe(0);
  });

  it('may become visible late', async () => {
    const it = stage({ runs: (_sha, elapsed) => (elapsed < minutes(8) ? [] : [run()]) });
    expect(verdictOf(await it.watch())).toBe('green');
    expect(
      it.calls.filter((call) => call.what.endsWith('harder')).every((call) => call.at >= seconds(90)),
    ).toBe(true);
  });

  it('may get a second workflow late, which counts', async () => {
    const docs = run({ id: 2, workflowId: 11, workflow: 'Docs', conclusion: 'failure' });
    const it = stage({ runs: (_sha, _elapsed, look) => (look === 1 ? [run()] : [run(), docs]) });
    expect(await it.watch()).toMatchObject({ kind: 'red', failure: { jobs: ['ci.yml / test'] } });
  });

  it('may vanish from the list again', async () => {
    const it = stage({ runs: (_sha, _elapsed, look) => (look === 2 ? [] : [look === 1 ? running : run()]) });
    expect(verdictOf(await it.watch())).toBe('green');
    expect(it.types()).toEqual(['watch-saw', 'watch-saw']);
  });

  it('watched twice is looked at once', async () => {
    const it = stage({ runs: () => [run()] });
    const both = Promise.all([it.scheduler.watch(request), it.scheduler.watch(request)]);
    await it.clock.pass(minutes(1));
    const [first, second] = await both;
    expect(first).toBe(second);
    expect(it.calls).toHaveLength(2);
  });
});

describe('a commit without runs', () => {
  it('is ci_missing when one should have come', async () => {
    expect(verdictOf(await stage({}).watch())).toBe('ci_missing');
  });

  it('is no_ci when none was to come, soon after the grace', async () => {
    const it = stage({});
    expect(verdictOf(await it.watch({ expected: { kind: 'none', why: 'no workflow' } }))).toBe('no_ci');
    expect(it.calls.at(-1)?.at).toBeLessThan(minutes(2));
  });

  it('is judged by what the ledger expected, and else by nothing', async () => {
    const view = {
      sha,
      expected: { kind: 'none', why: 'no workflow' },
      runs: [],
      startedAt: 1_000_000,
    } as unknown;
    expect(verdictOf(await stage({}, { views: [view as WatchView] }).watch({ expected: undefined }))).toBe(
      'no_ci',
    );
    const it = stage({});
    const outcome = it.scheduler.watch(unexpected);
    await it.clock.pass(minutes(20));
    expect(await outcome).toMatchObject({
      verdict: 'no_ci',
      why: expect.stringContaining('nobody looked') as unknown,
    });
  });

  it.each<[external: Script['external'], verdict: string]>([
    ['success', 'green'],
    ['failure', 'red'],
    ['pending', 'timeout'],
    [{ kind: 'access', message: 'no' }, 'no_ci'],
  ])('follows what others say: %j', async (external, verdict) => {
    const it = stage({ external });
    expect(verdictOf(await it.watch({ expected: { kind: 'none', why: 'no workflow' } }))).toBe(verdict);
  });
});

describe('a red commit', () => {
  it('is run again once, and green if that passes', async () => {
    const it = stage({
      runs: (asked, elapsed) => {
        if (asked === parent) return [];
        if (elapsed < seconds(30)) return [red];
        return [elapsed < seconds(60) ? { ...running, attempt: 2 } : run({ attempt: 2 })];
      },
    });
    expect(verdictOf(await it.watch())).toBe('green');
    expect(it.what().filter((what) => what.startsWith('rerun'))).toEqual(['rerun 1']);
    expect(it.facts.filter((fact) => fact.type === 'ci-rerun-asked')).toMatchObject([{ sha, runs: [1] }]);
    expect(it.what().some((what) => what.startsWith('log'))).toBe(false);
  });

  it('that stays red is read: job, step, log without secrets', async () => {
    const it = stage({
      runs: (asked, elapsed) =>
        asked === parent ? [] : [{ ...red, attempt: elapsed < seconds(30) ? 1 : 2 }],
      log: () => [
        'one hunter2-',
        'hunter2 two\n##[err',
        'or]expected 1 to be 2\u200b<!-- do this -->\n',
        'hunter2\u200b-hunter2',
      ],
    });
    const outcome = await it.watch();
    expect(outcome).toMatchObject({
      kind: 'red',
      beforeUs: false,
      failure: {
        signature: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
        jobs: ['ci.yml / test'],
        url: 'https://x/runs/1',
        excerpts: [
          {
            job: { id: 5 },
            step: 'npm test',
            excerpt: 'one [redacted:secret] two\n##[error]expected 1 to be 2\n[redacted:secret]',
          },
        ],
      },
    });
    expect(it.facts.at(-1)).toMatchObject({
      type: 'ci-failure-read',
      sha,
      jobs: ['ci.yml / test'],
      log: 'sessions/tool-2/ci-aaaaaaaaaaaa.log',
    });
    expect(it.files.get('/run/sessions/tool-2/ci-aaaaaaaaaaaa.log')).toMatch(
      /^# CI \/ test \/ npm test\none \[redacted/,
    );
    expect(it.types().filter((type) => type === 'ci-rerun-asked')).toHaveLength(1);
  });

  it('is not run again when the option says so', async () => {
    const it = stage({ runs: (asked) => (asked === parent ? [] : [red]) });
    expect(await it.watch({ options: { ...request.options, ci_rerun_failed_once: false } })).toMatchObject({
      kind: 'red',
    });
    expect(it.what().some((what) => what.startsWith('rerun'))).toBe(false);
  });

  it.each<ForgeFailure>([
    { kind: 'access', message: 'no write' },
    { kind: 'unavailable', message: 'down' },
  ])('is read as it is when the forge does not run it again: $kind', async (failure) => {
    const it = stage({ runs: (asked) => (asked === parent ? [] : [red]), rerun: () => failure });
    expect(await it.watch()).toMatchObject({
      kind: 'red',
      failure: { excerpts: [{ excerpt: '##[error]it broke' }] },
    });
    expect(it.types()).toEqual(['watch-saw', 'ci-failure-read']);
  });

  it('waits with its re-run while the forge asks for time', async () => {
    let refused = 0;
    const it = stage({
      runs: (asked, elapsed) => (asked === parent ? [] : [elapsed < minutes(10) ? red : run({ attempt: 2 })]),
      rerun: () =>
        refused++ === 0 ? { kind: 'later', until: 1_000_000 + minutes(5), message: 'slow down' } : undefined,
    });
    expect(verdictOf(await it.watch())).toBe('green');
    expect(it.calls.filter((call) => call.what === 'rerun 1').map((call) => call.at >= minutes(5))).toEqual([
      false,
      true,
    ]);
  });

  it('whose parent failed in the same job was red before us', async () => {
    const it = stage({ runs: (asked) => [{ ...red, id: asked === parent ? 2 : 1 }] });
    expect(await it.watch()).toMatchObject({
      kind: 'red',
      beforeUs: true,
      failure: { excerpts: [], jobs: ['ci.yml / test'] },
    });
    expect(it.what()).toEqual(['runs aaaa', 'jobs 1', 'runs bbbb', 'jobs 2']);
    expect(it.types()).toEqual(['watch-saw']);
  });

  it.each<[what: string, change: Partial<WatchRequest>, script: Script]>([
    ['whose parent failed in another job', {}, { jobs: (id) => [job({ name: id === 2 ? 'lint' : 'test' })] }],
    ['that is a fix of our own red commit', { attempt: 1 }, {}],
    ['that began the branch', { parent: '0'.repeat(40) }, {}],
    [
      'whose parent nobody can read',
      {},
      { runs: (asked) => (asked === parent ? { kind: 'gone', message: 'no' } : [red]) },
    ],
    ['whose parent passed', {}, { runs: (asked) => [asked === parent ? run() : red] }],
  ])('%s is ours', async (_what, change, script) => {
    const runs = (asked: string) => [{ ...red, id: asked === parent ? 2 : 1 }];
    const options = { ...request.options, ci_rerun_failed_once: false };
    expect(await stage({ runs, ...script }).watch({ options, ...change })).toMatchObject({ beforeUs: false });
  });

  it('without a machine is infra: no re-run, no fix', async () => {
    const it = stage({ runs: () => [red], jobs: () => [job({ steps: [], runnerName: null })] });
    expect(await it.watch()).toEqual({
      kind: 'verdict',
      verdict: 'infra',
      why: 'no machine worked on ci.yml / test: refused, out of budget, or cancelled',
      url: 'https://x/runs/1',
    });
    expect(it.what()).toEqual(['runs aaaa', 'jobs 1']);
  });

  it('by a broken workflow file says so instead of a log', async () => {
    const broken = run({ conclusion: 'startup_failure', workflow: '.github/workflows/ci.yml' });
    const it = stage({
      runs: (asked) => (asked === parent ? [] : [broken]),
      jobs: () => ({ kind: 'gone', message: 'no jobs' }),
      rerun: () => ({ kind: 'access', message: 'cannot be retried' }),
    });
    const outcome = await it.watch();
    expect(outcome).toMatchObject({ kind: 'red', failure: { jobs: ['ci.yml / (the run itself)'] } });
    expect(it.files.values().next().value).toContain('Its file is not valid');
  });

  it('of many jobs is read in three of them, of each name one', async () => {
    const names = ['test (20)', 'test (22)', 'lint', 'build'];
    const it = stage({
      runs: (asked) => (asked === parent ? [] : [red]),
      jobs: () => names.map((name, at) => job({ id: at + 1, name })),
      log: (id) => (id === 3 ? { kind: 'gone', message: 'expired' } : [`##[error]${id}\n`]),
    });
    const outcome = await it.watch({ options: { ...request.options, ci_rerun_failed_once: false } });
    const excerpts = typeof outcome === 'object' && outcome.kind === 'red' ? outcome.failure.excerpts : [];
    expect(excerpts.map((one) => [one.job.name, one.excerpt])).toEqual([
      ['test (20)', '##[error]1'],
      ['lint', '(no log: expired)'],
      ['build', '##[error]4'],
    ]);
  });

  it('whose jobs cannot be read now is looked at again', async () => {
    let asked = 0;
    const it = stage({
      runs: (of) => (of === parent ? [] : [red]),
      jobs: () => (asked++ === 0 ? { kind: 'unavailable', message: 'down' } : [job()]),
    });
    expect(await it.watch({ options: { ...request.options, ci_rerun_failed_once: false } })).toMatchObject({
      kind: 'red',
    });
  });
});

describe('a forge that does not answer', () => {
  it('because of a limit is left alone until then, for all commits', async () => {
    const until = 1_000_000 + minutes(20);
    const it = stage({
      runs: (_sha, elapsed) => (elapsed < minutes(20) ? { kind: 'later', until, message: 'limit' } : [run()]),
    });
    const others = ['c', 'd'].map((letter) => it.scheduler.watch({ ...request, sha: letter.repeat(40) }));
    const pending = it.watch();
    await it.clock.pass(minutes(10));
    expect(it.scheduler.pausedUntil()).toBe(until);
    expect(it.calls.length).toBeLessThanOrEqual(3);
    expect(verdictOf(await pending)).toBe('green');
    await it.clock.pass(minutes(2));
    expect((await Promise.all(others)).map(verdictOf)).toEqual(['green', 'green']);
    expect(it.calls.filter((call) => call.at > seconds(10) && call.at < minutes(20))).toEqual([]);
    expect(it.scheduler.pausedUntil()).toBeUndefined();
    expect(warningsOf(it.facts)).toEqual(['CI is not asked about before 1970-01-01T00:36:40Z: limit']);
  });

  it('to this token makes it infra', async () => {
    const it = stage({ runs: () => ({ kind: 'access', message: '403: no' }) });
    expect(await it.watch()).toMatchObject({
      verdict: 'infra',
      why: 'the token may not read the Actions of me/tool: 403: no',
    });
    expect(it.calls).toHaveLength(1);
  });

  it('because nothing is there makes it infra at the third time', async () => {
    const it = stage({ runs: () => ({ kind: 'gone', message: 'Not Found' }) });
    expect(await it.watch()).toMatchObject({
      verdict: 'infra',
      why: 'me/tool is not to be found: Not Found',
    });
    expect(it.calls).toHaveLength(3);
  });

  it('for a while is asked less and less often', async () => {
    const it = stage({
      runs: (_sha, elapsed) => (elapsed < minutes(30) ? { kind: 'unavailable', message: 'down' } : [run()]),
    });
    expect(verdictOf(await it.watch())).toBe('green');
    expect(it.calls.length).toBeLessThan(25);
  });

  it('is told of once, when it does not come back at once, and anew after it did', async () => {
    const down: ForgeFailure = { kind: 'unavailable', message: 'down' };
    const isDown = (elapsed: number): boolean => {
      const minute = elapsed / minutes(1);
      return minute < 0.1 || (minute > 1 && minute < 4) || (minute > 6 && minute < 9);
    };
    const it = stage({ runs: (_sha, elapsed) => (isDown(elapsed) ? down : [running]) });
    const said = 'CI cannot be asked about for now: down; we go on asking';
    for (const [until, times] of [
      [0.5, 0],
      [5, 1],
      [10, 2],
    ] as const) {
      await it.watch({}, minutes(until) - it.clock.now() + 1_000_000);
      expect(warningsOf(it.facts)).toEqual(Array.from({ length: times }, () => said));
    }
  });

  it('for hours ends in a timeout', async () => {
    const it = stage({ runs: () => ({ kind: 'unavailable', message: 'down' }) });
    expect(await it.watch({}, hours(7))).toMatchObject({
      verdict: 'timeout',
      why: 'the forge could not be asked: down',
    });
  });

  it('at all, since there is none, leaves the watch open', async () => {
    const { world, stop } = stage({});
    expect(await ciScheduler({ ...world, forge: undefined }, stop.signal).watch(request)).toBeUndefined();
  });
});

describe('the scheduler', () => {
  it('watches a hundred commits with one timer, few at a time and not too often', async () => {
    const it = stage({
      runs: (asked, elapsed) => {
        const nth = Number.parseInt(asked.slice(0, 8), 16);
        return [elapsed < seconds(60 + nth) ? running : run()].map((one) => ({
          ...one,
          id: nth + 1,
          sha: asked,
        }));
      },
    });
    const all = Array.from({ length: 100 }, (_, nth) =>
      it.scheduler.watch({
        ...request,
        repo: `r${nth}`,
        sha: nth.toString(16).padStart(8, '0').padEnd(40, '0'),
      }),
    );
    await it.clock.pass(minutes(1));
    expect(it.scheduler.pending()).toBe(100);
    expect(it.calls.length).toBeLessThan(900);
    await it.clock.pass(minutes(5));
    expect((await Promise.all(all)).map(verdictOf)).toEqual(Array.from({ length: 100 }, () => 'green'));
    expect(it.clock.mostAsleep()).toBe(1);
    expect(it.mostOpen()).toBeLessThanOrEqual(4);
    const looks = it.calls.length;
    await it.clock.pass(hours(1));
    expect(it.calls).toHaveLength(looks);
  });

  it('takes new commits after it had none', async () => {
    const it = stage({ runs: () => [run()] });
    expect(verdictOf(await it.watch())).toBe('green');
    await it.clock.pass(minutes(5));
    expect(verdictOf(await it.watch({ sha: 'c'.repeat(40) }))).toBe('green');
  });

  it('told to stop leaves every watch open', async () => {
    const it = stage({ runs: () => [running] });
    const watched = it.scheduler.watch(request);
    await it.clock.pass(minutes(1));
    it.stop.abort();
    expect(await watched).toBeUndefined();
    expect(it.scheduler.pending()).toBe(0);
    const looks = it.calls.length;
    await it.clock.pass(minutes(5));
    expect(it.calls).toHaveLength(looks);
    expect(await it.scheduler.watch(request)).toBeUndefined();
  });

  it('told to stop while it reads a failure records nothing of it', async () => {
    const it = stage({
      runs: (asked) => (asked === parent ? [] : [red]),
      log: () => {
        it.stop.abort();
        return ['##[error]x\n'];
      },
    });
    expect(await it.watch({ options: { ...request.options, ci_rerun_failed_once: false } })).toBeUndefined();
    expect(it.types()).toEqual(['watch-saw']);
  });

  it('told to stop while it looks records nothing more', async () => {
    const it = stage({
      runs: () => {
        it.stop.abort();
        return [run()];
      },
    });
    expect(await it.watch()).toBeUndefined();
    expect(it.facts).toEqual([]);
  });

  it('started again goes on where the ledger stands', async () => {
    const view: WatchView = {
      ...unexpected,
      expected,
      startedAt: 1_000_000 - minutes(5),
      state: 'pending',
      runs: [red],
      rerunAsked: true,
      signatures: [],
      why: '',
      url: undefined,
      endedAt: undefined,
    };
    const it = stage(
      {
        runs: (asked, elapsed) =>
          asked === parent ? [] : [elapsed < seconds(30) ? red : { ...red, attempt: 2 }],
      },
      { views: [view] },
    );
    expect(await it.watch({ expected: undefined })).toMatchObject({ kind: 'red', beforeUs: false });
    expect(it.what().some((what) => what.startsWith('rerun'))).toBe(false);
    expect(it.types()).toEqual(['watch-saw', 'ci-failure-read']);
    expect(it.calls.find((call) => call.what.startsWith('jobs'))?.at).toBeGreaterThanOrEqual(seconds(30));
  });

  it('keeps a bug in one watch away from the others', async () => {
    const it = stage({ runs: (asked) => [run({ sha: asked })] });
    const world: CiSchedulerWorld = {
      ...it.world,
      ledger: {
        ...it.world.ledger,
        record: (...facts) =>
          facts[0]?.repo === 'bad' ? Promise.reject(new Error('a bug')) : Promise.resolve([]),
      },
    };
    const scheduler = ciScheduler(world, it.stop.signal);
    const bad = expect(scheduler.watch({ ...request, repo: 'bad', sha: 'd'.repeat(40) })).rejects.toThrow(
      'a bug',
    );
    const good = scheduler.watch(request);
    await it.clock.pass(minutes(1));
    await bad;
    expect(verdictOf(await good)).toBe('green');
  });
});
