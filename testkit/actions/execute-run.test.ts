import { describe, expect, it } from 'vitest';
import { type Executed, isRunning, jobOf, printed, pushed } from './executed.ts';

function ends({ jobs }: Executed): Record<string, string | null> {
  return Object.fromEntries(Object.entries(jobs).map(([key, job]) => [key, job.conclusion]));
}

function workflow(jobs: string): string {
  return `on: push\njobs:\n${jobs.trim().replaceAll(/^/gm, '  ')}\n`;
}

describe('a run', () => {
  it('skips whoever needs a failed job, and whoever needs those', async () => {
    await using executable = await pushed(
      workflow(`
bad: {runs-on: x, steps: [{run: exit 1}]}
next: {needs: bad, runs-on: x, steps: [{run: echo}]}
after: {needs: [next], runs-on: x, steps: [{run: echo}]}
cleanup: {needs: after, if: always(), runs-on: x, steps: [{run: "echo \${{ needs.after.result }}"}]}
alarm: {needs: [bad, next], if: failure(), runs-on: x, steps: [{run: "echo \${{ needs.bad.result }}"}]}
free: {runs-on: x, steps: [{run: echo}]}
`),
    );
    const executed = await executable.execute();
    expect(executed.conclusion).toBe('failure');
    expect(ends(executed)).toEqual({
      bad: 'failure',
      next: 'skipped',
      after: 'skipped',
      cleanup: 'success',
      alarm: 'success',
      free: 'success',
    });
    expect(executed.jobs['next']).toMatchObject({ status: 'completed', steps: [], runnerName: null });
    expect(executed.logs['next']).toBeUndefined();
    expect(printed(executed.logs['cleanup'])).toEqual(['skipped']);
    expect(printed(executed.logs['alarm'])).toEqual(['failure']);
  });

  it('passes outputs on to the jobs that need them', async () => {
    await using executable = await pushed(
      workflow(`
make:
  runs-on: x
  outputs: {tag: "\${{ steps.tag.outputs.name }}", none: "\${{ steps.nothing.outputs.x }}"}
  steps: [{id: tag, run: 'echo "name=v1" >> "$GITHUB_OUTPUT"'}]
use:
  needs: make
  if: needs.make.outputs.tag == 'v1' && github.event_name == 'push'
  runs-on: x
  env: {TAG: "\${{ needs.make.outputs.tag }}"}
  steps: [{run: 'echo "$TAG"'}]
`),
    );
    const executed = await executable.execute();
    expect(printed(executed.logs['use'])).toEqual(['v1']);
  });

  it('succeeds in spite of a job that may fail', async () => {
    await using executable = await pushed(
      workflow(`
shaky: {runs-on: x, continue-on-error: true, steps: [{run: exit 1}]}
next: {needs: shaky, runs-on: x, steps: [{run: "echo \${{ needs.shaky.result }}"}]}
`),
    );
    const executed = await executable.execute();
    expect(executed.conclusion).toBe('success');
    expect(ends(executed)).toEqual({ shaky: 'failure', next: 'success' });
    expect(printed(executed.logs['next'])).toEqual(['success']);
  });

  it('whose jobs are all skipped is skipped', async () => {
    await using executable = await pushed(
      workflow("a: {if: github.ref == 'x', runs-on: x, steps: [{run: echo}]}"),
    );
    expect((await executable.execute()).conclusion).toBe('skipped');
  });

  it('with a broken file fails to start', async () => {
    await using executable = await pushed('on: [');
    const executed = await executable.execute();
    expect([executed.conclusion, executed.updates]).toEqual(['startup_failure', []]);
  });

  it.each<[failFast: boolean, conclusions: string[]]>([
    [true, ['failure', 'cancelled', 'cancelled']],
    [false, ['failure', 'success', 'success']],
  ])('with fail-fast %s ends its cells as %j', async (failFast, conclusions) => {
    await using executable = await pushed(
      workflow(`
test:
  runs-on: x
  strategy: {fail-fast: ${failFast}, max-parallel: 1, matrix: {code: [1, 0, 00]}}
  steps: [{run: "exit \${{ matrix.code }}"}]
`),
    );
    const executed = await executable.execute();
    expect(executed.conclusion).toBe('failure');
    expect(Object.values(ends(executed))).toEqual(conclusions);
  });

  it('fails a job whose matrix cannot be made, and says why', async () => {
    await using executable = await pushed(
      workflow(`
test:
  runs-on: x
  strategy: {matrix: {a: "\${{ needs.x.outputs.list }}"}}
  steps: [{run: echo}]
`),
    );
    const executed = await executable.execute();
    expect(executed.conclusion).toBe('failure');
    expect(executed.logs['test']?.join('\n')).toMatch(/Error when evaluating 'strategy' for job 'test'/);
  });

  it('never has more than two jobs going', async () => {
    const jobs = ['a', 'b', 'c', 'd'].map((id) => `${id}: {runs-on: x, steps: [{run: sleep 0.05}]}`);
    await using executable = await pushed(workflow(jobs.join('\n')));
    const going = new Set<string>();
    let most = 0;
    for (const update of (await executable.execute()).updates) {
      if (update.status === 'completed') going.delete(update.key);
      else going.add(update.key);
      most = Math.max(most, going.size);
    }
    expect(most).toBe(2);
  });

  it('can repeat its failed jobs alone; the others keep their result', async () => {
    await using executable = await pushed(
      workflow(`
make:
  runs-on: x
  outputs: {word: "\${{ steps.a.outputs.word }}"}
  steps: [{id: a, run: 'echo word=kept >> "$GITHUB_OUTPUT"'}]
flaky:
  needs: make
  runs-on: x
  steps: [{run: 'echo "$GITHUB_RUN_ATTEMPT \${{ needs.make.outputs.word }}"; test "$GITHUB_RUN_ATTEMPT" = 2'}]
last: {needs: flaky, runs-on: x, steps: [{run: echo}]}
broken: {runs-on: x, steps: [{run: exit 1}]}
`),
    );
    expect(ends(await executable.execute())).toMatchObject({
      make: 'success',
      flaky: 'failure',
      last: 'skipped',
    });
    const second = await executable.execute({ onlyJobs: new Set(['flaky', 'last']), attempt: 2 });
    expect(ends(second)).toEqual({ flaky: 'success', last: 'success' });
    expect(printed(second.logs['flaky'])).toEqual(['2 kept']);
    expect(second.conclusion).toBe('failure');
  });
});

describe('a limit', () => {
  it('for a step fails the step', async () => {
    await using executable = await pushed(
      jobOf('- {name: Slow, timeout-minutes: 0.005, run: sleep 60}\n- {if: failure(), run: echo after}'),
    );
    const executed = await executable.execute();
    expect(executed.conclusion).toBe('failure');
    expect(executed.logs['test']).toContain("##[error]The action 'Slow' has timed out after 0.005 minutes.");
    expect(printed(executed.logs['test'])).toContain('after');
  });

  it.each(['timed_out', 'cancelled'] as const)(
    'for a job ends it as %s when asked so',
    async (timeoutConclusion) => {
      await using executable = await pushed(
        jobOf(
          '- run: sleep 60\n- run: echo never\n- {if: cancelled(), run: echo last}',
          '    timeout-minutes: 0.005\n',
        ),
      );
      const executed = await executable.execute({ timeoutConclusion });
      expect([executed.conclusion, executed.jobs['test']?.conclusion]).toEqual([
        timeoutConclusion,
        timeoutConclusion,
      ]);
      expect(executed.jobs['test']?.steps.map((step) => step.conclusion)).toEqual([
        'success',
        'cancelled',
        'skipped',
        'success',
        'success',
      ]);
      expect(executed.logs['test']?.join('\n')).toMatch(
        /exceeded the maximum execution time of 0.005 minutes/,
      );
    },
  );
});

describe('stopping a run', () => {
  it('ends its processes, even stubborn ones, and cancels what waits', async () => {
    await using executable = await pushed(
      workflow(`
test:
  runs-on: x
  steps:
    - run: |
        trap '' TERM
        sleep 300 & echo "pid $!"
        echo "pid $$"; wait; wait
    - run: echo never
next: {needs: test, if: always(), runs-on: x, steps: [{run: echo never}]}
`),
    );
    const stop = new AbortController();
    const pids: number[] = [];
    const executed = await executable.execute({
      stop: stop.signal,
      onLine(line) {
        const pid = /^pid (\d+)$/.exec(line)?.[1];
        if (pid !== undefined) pids.push(Number(pid));
        if (pids.length === 2) stop.abort();
      },
    });
    expect(executed.conclusion).toBe('cancelled');
    expect(ends(executed)).toEqual({ test: 'cancelled', next: 'cancelled' });
    expect(executed.logs['test']).toContain('##[error]The operation was canceled.');
    expect(printed(executed.logs['test'])).not.toContain('never');
    await expect.poll(() => pids.filter(isRunning)).toEqual([]);
  });

  it('before it began cancels every job', async () => {
    await using executable = await pushed(jobOf('- run: echo never'));
    const executed = await executable.execute({ stop: AbortSignal.abort() });
    expect(executed.conclusion).toBe('cancelled');
    expect(executed.jobs['test']).toMatchObject({ conclusion: 'cancelled', steps: [], runnerName: null });
    expect(executed.logs).toEqual({});
  });
});
