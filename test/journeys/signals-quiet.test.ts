import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CandidateRow } from '../../src/loops/candidates.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  noWork,
  quickCheck,
  repoFiles,
  statusJson,
  turn,
} from './support.ts';

describe('a portfolio in which nothing happens', () => {
  let sandbox: Sandbox;
  const names = ['one', 'two'];

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [...names, 'gone'].map((name) => ({ name, files: repoFiles() })),
      scenarios: names.map((name) => turn(name, 'plan', [{ json: noWork('It is fine.') }])),
      options: { ...quickCheck, parallel_repos: 3 },
    });
    // Long ago: a push of this very minute is not told from the next one, and would be looked into again.
    for (const name of names)
      sandbox.github.repo(`alice/${name}`).pushedAt = new Date('2026-01-01T00:00:00Z');
    await rename(sandbox.checkout('gone'), path.join(sandbox.folder, 'elsewhere'));
    expectRun(await sandbox.clone(['run']), 4);
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  /** How often the agent was started in each repository so far. */
  function starts(): number[] {
    return names.map(
      (name) =>
        new Set(sandbox.model.requests.filter(({ repo }) => repo === name).map(({ thread }) => thread)).size,
    );
  }

  /** What was asked of remotes and of the forge's lists in the last run, and which sessions began. */
  async function askedIn(
    run: () => Promise<unknown>,
  ): Promise<{ fetches: number; lists: (number | null)[]; sessions: number }> {
    const before = sandbox.github.requests.length;
    await run();
    const events = await eventsOf(sandbox);
    const lists = sandbox.github.requests
      .slice(before)
      .filter((one) => one.path.endsWith('/user/repos') || one.path.endsWith('/issues'))
      .map(({ status }) => status);
    return {
      fetches: events.filter(({ type }) => type === 'remote-asked').length,
      lists,
      sessions: events.filter(({ type }) => type === 'session-queued').length,
    };
  }

  async function why(name: string): Promise<{ in: boolean; next_visit: Partial<CandidateRow> }> {
    const { stdout } = await sandbox.clone(['repos', 'why', name, '--json']);
    return JSON.parse(stdout) as Awaited<ReturnType<typeof why>>;
  }

  it('costs no agent, no fetch and a handful of conditional requests per cycle', async () => {
    expect(starts()).toEqual([1, 1]);
    const asked = await askedIn(async () => {
      expectRun(await sandbox.clone(['run', '--cycles', '3']), 0);
    });
    expect(asked).toMatchObject({ fetches: 0, sessions: 0 });
    expect(asked.lists.filter((status) => status === 200).length).toBeLessThanOrEqual(2);
    expect(asked.lists.length).toBeLessThanOrEqual(6);
    expect(starts()).toEqual([1, 1]);
    await expectClean(sandbox);
  });

  it('has one session about a repository that is not there, and says why it is skipped since', async () => {
    const { repos } = await statusJson(sandbox);
    expect(repos.find(({ name }) => name === 'gone')?.why).toMatch(/^nothing is at .*\/gone; was it moved/);
    expect((await why('gone')).next_visit).toMatchObject({ visit: false });
    await rename(path.join(sandbox.folder, 'elsewhere'), sandbox.checkout('gone'));
    expect((await why('gone')).next_visit).toMatchObject({
      visit: true,
      why: 'the last visit ended blocked',
    });
    await rename(sandbox.checkout('gone'), path.join(sandbox.folder, 'elsewhere'));
  });

  it('costs no fetch without a token either, until the remote’s rest is over', async () => {
    const asked = await askedIn(async () => {
      const env = { GITHUB_TOKEN: '', GH_TOKEN: '' };
      expectRun(await sandbox.clone(['run', '--cycles', '2'], { env }), 0);
    });
    expect(asked).toEqual({ fetches: 0, lists: [], sessions: 0 });
    const { stdout } = await sandbox.clone(['next', '--json'], { env: { GITHUB_TOKEN: '', GH_TOKEN: '' } });
    const rows = (JSON.parse(stdout) as { repos: CandidateRow[] }).repos;
    const told = rows.map(({ repo, visit, standing, next_due: due }) => [
      repo,
      visit,
      standing,
      due === null,
    ]);
    expect(told.toSorted()).toEqual([
      ['gone', false, null, true],
      ['one', false, 'quiet', false],
      ['two', false, 'quiet', false],
    ]);
  });

  it('is visited where the backlog has a new open item, and told so beforehand', async () => {
    const { next_visit: before } = await why('one');
    expect(before).toMatchObject({
      visit: false,
      why: 'no signal',
      standing: 'quiet',
      signals: [],
      next_due: null,
    });
    expect(before.compared).toMatchObject({
      commits: 'same',
      objective: 'same',
      prompts: 'same',
      backlog: 'same',
    });

    await writeFile(
      path.join(sandbox.checkout('one'), 'CLONE_FEATURES.md'),
      '# Candidate Features To Do\n\n- [ ] Say hello\n- [x] Exist\n',
    );
    const { next_visit: after } = await why('one');
    expect(after).toMatchObject({
      visit: true,
      why: '1 open item in its backlog',
      signals: [{ kind: 'backlog', source: 'CLONE_FEATURES.md', trust: 'trusted', score: 200 }],
      compared: { backlog: 'changed', objective: 'same' },
    });
    const told = (await sandbox.clone(['repos', 'why', 'one'])).stdout;
    expect(told).toMatch(/next visit +in the next cycle: 1 open item in its backlog/);
    expect(told).toMatch(/changed +backlog/);

    expectRun(await sandbox.clone(['run', '--cycles', '2']), 0);
    expect(starts()).toEqual([2, 1]);
  });
});
