import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { executeRun } from './execute-run.ts';
import { executedSteps, isRunning, jobOf, printed, pushed } from './executed.ts';
import type { JobUpdate } from './types.ts';

function conclusions(job: JobUpdate | undefined): (string | null)[] {
  return (job?.steps ?? []).map((step) => step.conclusion);
}

describe('a job', () => {
  it('tells of every step as GitHub does', async () => {
    const { jobs, updates, logs, conclusion } = await executedSteps(
      `
- uses: actions/checkout@v4
- run: cat a.txt
- name: Say it
  run: |
    echo one
    echo two >&2
    echo three > /dev/stderr
`,
      { 'a.txt': 'from the commit' },
    );
    expect(conclusion).toBe('success');
    expect(jobs['test']).toMatchObject({
      status: 'completed',
      conclusion: 'success',
      runnerName: 'GitHub Actions 1',
    });
    expect(jobs['test']?.steps.map(({ number, name, conclusion: ended }) => [number, name, ended])).toEqual([
      [1, 'Set up job', 'success'],
      [2, 'Run actions/checkout@v4', 'success'],
      [3, 'Run cat a.txt', 'success'],
      [4, 'Say it', 'success'],
      [5, 'Post Run actions/checkout@v4', 'success'],
      [6, 'Complete job', 'success'],
    ]);
    expect(updates[0]).toMatchObject({ status: 'in_progress', conclusion: null });
    expect(updates.every((update) => update.startedAt instanceof Date)).toBe(true);
    expect(logs['test']?.slice(logs['test'].indexOf('##[group]Run echo one'))).toEqual([
      '##[group]Run echo one',
      '\u001b[36;1mecho one\u001b[0m',
      '\u001b[36;1mecho two >&2\u001b[0m',
      '\u001b[36;1mecho three > /dev/stderr\u001b[0m',
      expect.stringMatching(/^shell: \/.*bash -e \{0\}$/),
      '##[endgroup]',
      'one',
      'two',
      'three',
      'Post job cleanup.',
      'Cleaning up orphan processes',
    ]);
  });

  it('fails with the first step that fails and skips the rest', async () => {
    const { jobs, logs, conclusion, annotations } = await executedSteps(`
- run: echo before; false; echo never
- run: echo skipped
- run: echo cleaned
  if: always()
- run: echo told
  if: failure()
`);
    expect(conclusion).toBe('failure');
    expect(conclusions(jobs['test'])).toEqual([
      'success',
      'failure',
      'skipped',
      'success',
      'success',
      'success',
    ]);
    expect(printed(logs['test'])).toEqual(['before', 'cleaned', 'told']);
    expect(logs['test']).toContain('##[error]Process completed with exit code 1.');
    expect(annotations).toMatchObject([{ level: 'failure', message: 'Process completed with exit code 1.' }]);
  });

  it('starts in an empty workspace and ends without a trace', async () => {
    const { logs } = await executedSteps('- run: ls -A | wc -l; pwd; echo "$HOME"; touch left', {
      'a.txt': 'a',
    });
    const [count, workspace, home] = printed(logs['test']);
    expect(count?.trim()).toBe('0');
    expect(workspace).toMatch(/\/work\/cat\/cat$/);
    expect([existsSync(workspace ?? '/'), existsSync(home ?? '/')]).toEqual([false, false]);
  });

  it('has an environment of its own: nothing of ours, our Node first', async () => {
    process.env['ACTIONS_TEST_SECRET'] = 'leaked';
    const { logs } = await executedSteps(`
- run: |
    echo "\${ACTIONS_TEST_SECRET:-nothing}" "\${GITHUB_TOKEN:-no token}" "$CI" "$GITHUB_REF_NAME" "$GITHUB_REPOSITORY"
    node -p process.version
    cat
`);
    delete process.env['ACTIONS_TEST_SECRET'];
    expect(printed(logs['test'])).toEqual(['nothing no token true main octo/cat', process.version]);
  });

  it('keeps the variables of workflow, job and step apart', async () => {
    const workflow = jobOf(
      `
- run: echo "$A $B $C $D"
  env: {C: step, D: "\${{ env.B }}+\${{ matrix.os }}"}
- run: echo "$A $B $C \${{ env.C }}"
`,
      '    env: {B: job, C: job}\n    strategy: {matrix: {os: [linux]}}\n',
    );
    await using executable = await pushed(`env: {A: workflow, B: workflow}\n${workflow}`);
    const { logs } = await executable.execute({ env: { A: 'server', E: 'server' } });
    expect(printed(logs['test (linux)'])).toEqual(['workflow job step job+linux', 'workflow job job job']);
  });

  it('passes outputs, variables and paths from step to step', async () => {
    const { logs } = await executedSteps(`
- id: one
  run: |
    echo "plain=value" >> "$GITHUB_OUTPUT"
    printf 'lines<<END\\na\\nb\\nEND\\n' >> "$GITHUB_OUTPUT"
    echo "FROM_FILE=yes" >> "$GITHUB_ENV"
    mkdir -p "$RUNNER_TEMP/bin"; printf '#!/bin/sh\\necho found me\\n' > "$RUNNER_TEMP/bin/my-tool"
    chmod +x "$RUNNER_TEMP/bin/my-tool"
    echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
    echo "# Summary" >> "$GITHUB_STEP_SUMMARY"
    echo "::set-output name=old::kind"
- run: |
    echo "\${{ steps.one.outputs.plain }} \${{ steps.one.outputs.old }} \${{ env.FROM_FILE }} $FROM_FILE"
    echo "\${{ steps.one.outputs.lines }}"
    my-tool
`);
    expect(printed(logs['test'])).toEqual(['value kind yes yes', 'a', 'b', 'found me']);
  });

  it.each<[file: string, text: string, error: RegExp]>([
    ['GITHUB_OUTPUT', 'nonsense', /Invalid format 'nonsense'/],
    ['GITHUB_ENV', 'NODE_OPTIONS=--inspect', /Can't store NODE_OPTIONS/],
  ])('fails when %s is given %s', async (file, text, error) => {
    const { conclusion, logs } = await executedSteps(`- run: echo "${text}" >> "$${file}"`);
    expect(conclusion).toBe('failure');
    expect(logs['test']?.join('\n')).toMatch(error);
  });

  it.each<[what: string, step: string, output: string[]]>([
    ['bash with pipefail', '- {shell: bash, run: "false | cat && echo no"}', []],
    ['bash without a name lets a pipe fail', '- {run: "false | cat; echo on"}', ['on']],
    ['sh', '- {shell: sh, run: "echo $0"}', [expect.stringMatching(/\.sh$/) as string]],
    ['python', '- {shell: python, run: "print(6 * 7)"}', ['42']],
    ['one of its own', '- {shell: "node --no-warnings {0}", run: "console.log(6 * 7)"}', ['42']],
    ['a folder', '- {run: "mkdir -p a/b"}\n- {working-directory: a/b, run: "basename $PWD"}', ['b']],
  ])('runs in %s', async (_what, steps, output) => {
    expect(printed((await executedSteps(steps)).logs['test'])).toEqual(output);
  });

  it.each<[what: string, step: string, error: RegExp]>([
    [
      'a folder that is not there',
      '- {working-directory: gone, run: "true"}',
      /working directory .*gone'. No such file/,
    ],
    [
      'a shell that is not there',
      '- {shell: "no-such-shell {0}", run: "true"}',
      /no-such-shell: command not found/,
    ],
    ['a shell that is none', '- {shell: nonsense, run: "true"}', /Invalid shell option/],
    ['a signal', '- run: kill -9 $$', /exit code 137/],
    [
      'an expression that breaks',
      '- run: echo ${{ fromJSON(env.NOTHING) }}',
      /The template is not valid. Error parsing/,
    ],
    ['a condition that breaks', '- {if: "fromJSON(env.NOTHING)", run: "true"}', /The template is not valid/],
    ['a checkout of something else', '- {uses: actions/checkout@v4, with: {repository: a/b}}', /Not Found/],
    ['a checkout elsewhere', '- {uses: actions/checkout@v4, with: {path: ../..}}', /is not under/],
    [
      'a checkout of nothing',
      '- {uses: actions/checkout@v4, with: {ref: gone}}',
      /'gone' could not be found/,
    ],
  ])('fails with %s', async (_what, step, error) => {
    const { conclusion, logs } = await executedSteps(step);
    expect(conclusion).toBe('failure');
    expect(logs['test']?.join('\n')).toMatch(error);
  });

  it.each([
    ['- run: rm -rf "${RUNNER_TEMP:?}"\n- run: echo next'],
    ['- run: rm -f "${HOME:?}"/../output-*\n- run: echo next'],
    ['- run: ln -s "$HOME" link\n- {uses: actions/checkout@v4, with: {path: link}}'],
  ])('fails, and nothing worse, when a step pulls away its ground: %s', async (steps) => {
    const { conclusion, jobs } = await executedSteps(steps);
    expect(conclusion).toBe('failure');
    expect(conclusions(jobs['test']).slice(0, 3)).toEqual(['success', 'success', 'failure']);
  });

  it('uses defaults for shell and folder', async () => {
    const workflow = jobOf(
      '- {run: "basename $PWD; false | true; echo on"}\n- {shell: sh, working-directory: ., run: "basename $PWD"}',
    );
    const defaults = 'defaults: {run: {shell: bash, working-directory: sub}}';
    await using executable = await pushed(
      `${defaults}\n${workflow.replace('steps:\n', `steps:\n      - {working-directory: ., run: mkdir sub}\n`)}`,
    );
    const { logs, jobs } = await executable.execute();
    expect(printed(logs['test'])).toEqual(['sub']);
    expect(conclusions(jobs['test'])).toEqual(['success', 'success', 'failure', 'skipped', 'success']);
  });

  it('goes on after a tolerated failure', async () => {
    const { conclusion, jobs, logs } = await executedSteps(`
- {id: one, continue-on-error: true, run: exit 5}
- run: echo "\${{ steps.one.outcome }} \${{ steps.one.conclusion }}"
`);
    expect(conclusion).toBe('success');
    expect(conclusions(jobs['test'])).toEqual(['success', 'success', 'success', 'success']);
    expect(printed(logs['test'])).toEqual(['failure success']);
    expect(logs['test']).toContain('##[error]Process completed with exit code 5.');
  });

  it('accepts actions it does not execute', async () => {
    const { conclusion, jobs, logs } = await executedSteps(`
- {uses: actions/setup-node@v4, with: {node-version: 20}}
- {id: cache, uses: actions/cache@v4, with: {path: x, key: "\${{ hashFiles('**/lock') }}"}}
- uses: someone/else@main
- run: echo "hit \${{ steps.cache.outputs.cache-hit }}"
`);
    expect(conclusion).toBe('success');
    expect(jobs['test']?.steps.map((step) => step.name).slice(-3)).toEqual([
      'Post Run actions/cache@v4',
      'Post Run actions/setup-node@v4',
      'Complete job',
    ]);
    expect(logs['test']).toContain(
      '##[notice]someone/else@main is not executed here; the step counts as a success',
    );
    expect(printed(logs['test'])).toContain('hit false');
  });

  it('checks out a repository that git can work with', async () => {
    const { logs } = await executedSteps(
      `
- uses: actions/checkout@v4
- run: |
    git status --porcelain; git branch --show-current; git log --oneline | wc -l | tr -d ' '
    test "$(git rev-parse HEAD)" = "$GITHUB_SHA" && echo same
    echo changed > a.txt; git diff --name-only
    git -c user.name=x -c user.email=y commit --quiet -am more && git push --quiet 2>&1 | grep -c fatal
- {uses: actions/checkout@v4, with: {path: again, ref: main, fetch-depth: 0}}
- run: cat again/a.txt; git -C again rev-parse --abbrev-ref origin/main
- {id: hash, run: "echo \${{ hashFiles('again/*.txt') == hashFiles('again/a.txt') }}"}
`,
      { 'a.txt': 'a\n' },
    );
    expect(printed(logs['test']).filter((line) => !/^(Syncing|HEAD is|##)/.test(line))).toEqual([
      'main',
      '1',
      'same',
      'a.txt',
      '1',
      'a',
      'origin/main',
      'true',
    ]);
  });

  it('ends what a step left running', async () => {
    const { logs, conclusion } = await executedSteps(`
- run: |
    sleep 300 & echo "pid $!"
    setsid sleep 300 & echo "pid $!"
- run: echo next
`);
    expect(conclusion).toBe('success');
    const pids = printed(logs['test']).flatMap((line) => /^pid (\d+)$/.exec(line)?.[1] ?? []);
    expect(pids).toHaveLength(2);
    expect(logs['test']?.filter((line) => line.startsWith('Terminate orphan process'))).toHaveLength(2);
    await expect.poll(() => pids.filter((pid) => isRunning(Number(pid)))).toEqual([]);
  });

  it('streams a log of 100 MB without keeping it', async () => {
    await using executable = await pushed(jobOf('- run: yes "$(printf %0999d 7)" | head -c 100000000'));
    let [lines, most] = [0, 0];
    const before = process.memoryUsage().heapUsed;
    const sink = {
      job: () => undefined,
      log: () => {
        lines += 1;
        if (lines % 2_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
      },
    };
    await executeRun(executable.run, executable.push, sink, new AbortController().signal);
    expect(lines).toBeGreaterThan(100_000);
    expect(most).toBeLessThan(80_000_000);
  });
});
