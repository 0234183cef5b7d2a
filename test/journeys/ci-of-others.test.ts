import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CandidateRow } from '../../src/loops/candidates.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { ciFiles, humanPushes, promptsOf, quickRun } from './ci-support.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  handoff,
  noWork,
  plan,
  remoteFile,
  remoteSubjects,
  showJson,
  turn,
} from './support.ts';

describe('a commit of somebody else that turns CI red', () => {
  let sandbox: Sandbox;
  let red: string;
  const planned = (call: number, json: Record<string, unknown>) => turn('tool', 'plan', [{ json }], { call });
  const asked = (since: number): string[] =>
    sandbox.github.requests
      .slice(since)
      .filter(({ path }) => path.includes('/actions/'))
      .map(({ path }) => path);
  const why = async (): Promise<{ text: string; next_visit: CandidateRow }> => {
    const [{ stdout: text }, { stdout }] = [
      await sandbox.clone(['repos', 'why', 'tool']),
      await sandbox.clone(['repos', 'why', 'tool', '--json']),
    ];
    return { text, ...(JSON.parse(stdout) as { next_visit: CandidateRow }) };
  };

  beforeAll(async () => {
    sandbox = await startSandbox({
      options: { ...quickRun, session_mode: 'steps' },
      repos: [{ name: 'tool', files: ciFiles() }],
      scenarios: [
        planned(1, noWork('It is fine.')),
        turn('tool', 'plan', [{ expect: { prompt: 'a file says RED' } }, { json: plan('Mend CI') }], {
          call: 2,
        }),
        turn('tool', 'task', [
          { write: { path: 'theirs.txt', content: 'fine\n' } },
          { json: handoff('Say it in another colour') },
        ]),
        planned(3, noWork('It is fine again.')),
      ],
    });
    expectRun(await sandbox.clone(['run', '--cycles', '1']), 0);
    red = await humanPushes(sandbox, 'tool', { 'theirs.txt': 'RED\n' });
    await sandbox.github.idle();
  }, 90_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('is told beforehand, with the commit and the jobs', async () => {
    const { text, next_visit: next } = await why();
    expect(next).toMatchObject({
      visit: true,
      signals: [{ kind: 'ci-red', source: 'CI', trust: 'trusted', score: 800 }],
      branch_ci: { state: 'red', sha: red, jobs: ['ci.yml / test'] },
      compared: { ci: 'changed' },
    });
    expect(text).toContain(`in the next cycle: CI is red on the branch at ${red.slice(0, 12)}, in 1 job`);
    expect(text).toContain(`red on ${red.slice(0, 12)}: ci.yml / test failed (http`);
    const { stdout } = await sandbox.clone(['next']);
    expect(stdout).toMatch(/\+ tool .*CI is red on the branch at [0-9a-f]{12}, in 1 job/);
  });

  it('is mended by the next run, whose own commit is watched until it is green', async () => {
    expectRun(await sandbox.clone(['run', '--cycles', '1']), 0);
    expect(await remoteFile(sandbox, 'tool', 'theirs.txt')).toBe('fine');
    expect((await remoteSubjects(sandbox, 'tool'))[0]).toBe('Say it in another colour');
    expect(await showJson(sandbox, 'tool')).toMatchObject({ state: 'cleaned', ci: { state: 'green' } });
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it('is named in the prompt in our words, and its log is data', () => {
    const prompt = promptsOf(sandbox, 'tool', 'plan')[1] ?? '';
    expect(prompt).toContain(`- CI is red on the branch at ${red.slice(0, 12)}, in 1 job`);
    expect(prompt).toContain(`CI is red on commit ${red} of this branch.`);
    const [, fence = 'none'] = /^<<<(data-\S+)\nWorkflow CI, job test, step Test:$/m.exec(prompt) ?? [];
    const data = prompt.slice(prompt.indexOf(`<<<${fence}`), prompt.indexOf(`${fence}>>>`));
    expect(data).toContain('##[error]a file says RED');
  });

  it('is forgotten when it is mended: the next cycles ask nothing, and the last starts nobody', async () => {
    expectRun(await sandbox.clone(['run', '--cycles', '1']), 0);
    const called = (await eventsOf(sandbox)).filter(({ type }) => type === 'session-queued');
    expect(called).toMatchObject([{ why: expect.not.stringContaining('CI') as string }]);
    const before = sandbox.github.requests.length;
    expectRun(await sandbox.clone(['run', '--cycles', '2']), 0);
    expect((await eventsOf(sandbox)).filter(({ type }) => type === 'session-queued')).toEqual([]);
    expect(asked(before)).toEqual([]);
    const { next_visit: next } = await why();
    expect(next).toMatchObject({ visit: false, signals: [], branch_ci: null });
  });
});
