import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { agentIn, ciFiles, during, humanPushes, open, paused } from './ci-support.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  handoff,
  oneTask,
  quickCheck,
  remoteFile,
  remoteGit,
  remoteSubjects,
  repoFiles,
  showJson,
  statusJson,
  turn,
} from './support.ts';

const finding = (severity: string, what: string) => ({
  severity,
  file: 'divide.txt',
  line: 1,
  what,
  why: 'Whoever divides by zero gets a wrong number.',
  suggestion: 'Refuse zero.',
});
const wrong = finding('P1', 'It divides by zero');
const write = (content: string) => ({ write: { path: 'divide.txt', content } });
const mends = (repo: string) =>
  turn(repo, 'repair', [
    { expect: { prompt: 'P1 divide.txt:1: It divides by zero' } },
    write('a / b, never by zero\n'),
    {
      json: handoff('Refuse zero', { root_cause: 'Zero was forgotten.', prevention_rule: 'Think of zero.' }),
    },
  ]);

describe('a change that an agent reviews before it lands', () => {
  let sandbox: Sandbox;
  let run: CloneRun;

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [
        ...['mended', 'held', 'unread', 'clash'].map((name) => ({ name, files: repoFiles() })),
        { name: 'red-ci', files: ciFiles() },
        { name: 'asks-for-two', files: repoFiles({ '.clone.yaml': 'review: second\n' }) },
      ],
      scenarios: [
        ...oneTask('mended', [write('a / b\n')], { claims: [{ text: 'it divides', how: 'by hand' }] }),
        turn(
          'mended',
          'review',
          [
            { expect: { prompt: 'Claim (proxy): it divides (by hand)' } },
            { expect: { prompt: '`sh check.sh`: exit 0' } },
            { expect: { prompt: '+a / b' } },
            { run: 'touch reviewed.txt || true' },
            { json: { findings: [finding('P3', 'A small thing'), wrong] } },
          ],
          { call: 1 },
        ),
        turn(
          'mended',
          'review',
          [{ expect: { prompt: '+a / b, never by zero' } }, { json: { findings: [] } }],
          { call: 2 },
        ),
        mends('mended'),
        ...oneTask('held', [write('a / b\n')]),
        turn('held', 'review', [{ json: { findings: [wrong] } }]),
        mends('held'),
        ...oneTask('red-ci', [write('RED\n')]),
        turn('red-ci', 'review', [{ json: { findings: [] } }], { call: 1 }),
        turn('red-ci', 'ci-fix', [write('green\n'), { json: handoff('Mend the build') }]),
        turn(
          'red-ci',
          'review',
          [{ expect: { prompt: 'Mend CI, which is red on' } }, { json: { findings: [] } }],
          { call: 2 },
        ),
        ...oneTask('clash', [{ write: { path: 'start.txt', content: 'ours\n' } }]),
        turn('clash', 'review', [paused('clash'), { json: { findings: [] } }], { call: 1 }),
        turn('clash', 'repair', [
          { write: { path: 'start.txt', content: 'ours again\n' } },
          { json: handoff('Do it again') },
        ]),
        turn('clash', 'review', [{ json: { findings: [finding('P1', 'It undoes theirs')] } }], { call: 2 }),
        ...oneTask('unread', [write('a / b\n')]),
        turn('unread', 'review', [{ json: { verdict: 'looks good to me' } }]),
      ],
      options: { ...quickCheck, review: 'self', parallel_repos: 6, ci_grace_seconds: 0.5 },
    });
    run = await during(sandbox.clone(['run']), async () => {
      await agentIn(sandbox, 'clash', 'review');
      await humanPushes(sandbox, 'clash', { 'start.txt': 'theirs\n' });
      await open(sandbox, 'clash');
    });
  }, 120_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('makes the run end with 4 where a person has to look, and leaves nothing behind', async () => {
    expectRun(run, 4);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it('lands when what was found is mended and the second look finds nothing', async () => {
    const shown = await showJson(sandbox, 'mended');
    expect(shown.state).toBe('cleaned');
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'task', 'review', 'repair', 'review']);
    expect(shown.review).toMatchObject([
      {
        agent: 'codex',
        turn: `${shown.session}/review-1`,
        outcome: 'blocking',
        edited: false,
        findings: [
          { severity: 'P1', file: 'divide.txt', line: 1, message: 'It divides by zero' },
          { severity: 'P3', message: 'A small thing' },
        ],
      },
      { agent: 'codex', turn: `${shown.session}/review-2`, outcome: 'passed', findings: [] },
    ]);
    expect(await remoteFile(sandbox, 'mended', 'divide.txt')).toBe('a / b, never by zero');
    expect(await remoteSubjects(sandbox, 'mended')).toEqual([
      'Refuse zero',
      'Do the only task',
      'First commit',
    ]);
    expect(run.stdout).toContain('mended: review by codex found P1 divide.txt:1: It divides by zero');
    expect(run.stdout).toContain('mended: review by codex: nothing found');
  });

  it('is looked at in threads of their own, and mended in the thread that made it', async () => {
    const { turns } = await showJson(sandbox, 'mended');
    const [plan, task, first, repair, second] = turns.map(({ thread }) => thread);
    expect([task, repair]).toEqual([plan, plan]);
    expect(new Set([plan, first, second]).size).toBe(3);
  });

  it.each([
    ['held', /the review by codex found P1 divide\.txt:1: It divides by zero; waits for you/],
    ['unread', /the answer of codex is no review: findings: .*; waits for you/],
  ])('waits for a person when %s', async (repo, why) => {
    const shown = await showJson(sandbox, repo);
    expect(shown).toMatchObject({ state: 'blocked', blocked_by: 'human', landed_sha: null });
    expect(shown.why).toMatch(why);
    expect(shown.turns.filter(({ kind }) => kind === 'review')).toHaveLength(2);
    expect(await remoteSubjects(sandbox, repo)).toEqual(['First commit']);
    const { needs_you: needs } = await statusJson(sandbox);
    expect(needs.find((need) => need.repo === repo)).toMatchObject({
      what: 'human',
      why: shown.why,
      hint: `clone review ${shown.session}`,
    });
  });

  it('is looked at again when it mends red CI', async () => {
    const shown = await showJson(sandbox, 'red-ci');
    expect(shown.ci.state).toBe('fixed');
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'task', 'review', 'ci-fix', 'review']);
    expect(shown.review.map(({ outcome, sha }) => [outcome, sha])).toEqual([
      ['passed', shown.commits[0]?.sha],
      ['passed', shown.commits[1]?.sha],
    ]);
    expect(new Set([shown.turns[0]?.thread, shown.turns[3]?.thread]).size).toBe(1);
  });

  it('is looked at again when it was done again on top of what others pushed', async () => {
    const shown = await showJson(sandbox, 'clash');
    expect(shown).toMatchObject({ state: 'blocked', blocked_by: 'human', landed_sha: null });
    expect(shown.why).toMatch(
      /^what solves the conflict may not land: the review by codex found P1 divide\.txt:1: It undoes theirs; waits for you/,
    );
    expect(shown.salvage.map(({ ref }) => ref)).toContainEqual(expect.stringMatching(/-solved$/));
    expect(await remoteSubjects(sandbox, 'clash')).toEqual(['By a person', 'First commit']);
  });

  it('is shown with what was found, and lands when a person accepts it', async () => {
    const { session } = await showJson(sandbox, 'held');
    const shown = await sandbox.clone(['review', session]);
    expect(shown.stdout).toMatch(/review-2 +P1 +divide\.txt:1 +It divides by zero/);
    expect(shown.stdout).toContain('+a / b, never by zero');
    const accepted = await sandbox.clone(['review', session, '--accept']);
    expect(accepted).toMatchObject({ exitCode: 0 });
    expect(await remoteSubjects(sandbox, 'held')).toEqual([
      'Refuse zero',
      'Do the only task',
      'First commit',
    ]);
    expect(await showJson(sandbox, 'held')).toMatchObject({ state: 'cleaned', blocked_by: null });
  });

  it('is not begun where the repository asks for a second agent and there is none', async () => {
    const shown = await showJson(sandbox, 'asks-for-two');
    expect(shown).toMatchObject({ state: 'blocked', blocked_by: 'environment', turns: [] });
    expect(shown.why).toMatch(/review: second needs an agent beside codex: set agent_command/);
  });

  it('is not begun anywhere where its owner asks for a second agent and there is none', async () => {
    const before = sandbox.model.requests.length;
    const refused = await sandbox.clone(['run'], { env: { CLONE_REVIEW: 'second' } });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/review: second needs an agent beside codex[\s\S]*set agent_command/);
    expect(sandbox.model.requests.length).toBe(before);
  });

  it('is shown to people as a prompt, part by part', async () => {
    const { stdout } = await sandbox.clone(['prompt', 'mended', '--turn', 'review']);
    expect(stdout).toMatch(/^contract +built-in contract +trusted/m);
    expect(stdout).toMatch(/^work +the author of the change +untrusted/m);
  });

  it('is told in events', async () => {
    const reviewed = (await eventsOf(sandbox)).filter(({ type }) => type === 'reviewed');
    expect(reviewed.map((event) => [event.repo, 'outcome' in event && event.outcome]).sort()).toEqual([
      ['clash', 'blocking'],
      ['clash', 'passed'],
      ['held', 'blocking'],
      ['held', 'blocking'],
      ['mended', 'blocking'],
      ['mended', 'passed'],
      ['red-ci', 'passed'],
      ['red-ci', 'passed'],
      ['unread', 'unreadable'],
      ['unread', 'unreadable'],
    ]);
  });
});

/** A reviewer that is a program of the user's, and does not keep its hands off. */
const reviewer = `
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
const request = JSON.parse(readFileSync(0, 'utf8'));
const say = (line) => writeSync(1, JSON.stringify(line) + '\\n');
say({ type: 'thread', id: 'mine' });
writeFileSync('start.txt', 'the reviewer was here');
writeFileSync('reviewed.json', JSON.stringify({ ...request, prompt: '' }));
say({ type: 'answer', json: { findings: request.sandbox === 'read-only' && request.model === null ? [] : 'wrong' } });
say({ type: 'usage', inputTokens: 50, cachedInputTokens: 10, outputTokens: 5, reasoningTokens: 1 });
say({ type: 'completed' });
`;

describe('a change that a second agent reviews', () => {
  it('lands as it was, whatever the reviewer writes into the files', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'clone-review-'));
    await writeFile(path.join(folder, 'reviewer.mjs'), reviewer);
    try {
      await using sandbox = await startSandbox({
        folder: path.join(folder, 'sandbox'),
        repos: [{ name: 'second', files: repoFiles() }],
        scenarios: oneTask('second', [write('a / b\n')]),
        options: {
          ...quickCheck,
          review: 'second',
          agent_command: `node ${folder}/reviewer.mjs`,
          ci_grace_seconds: 0,
        },
      });
      expectRun(await sandbox.clone(['run']), 0);
      await expectClean(sandbox);
      const shown = await showJson(sandbox, 'second');
      expect(shown.turns.map(({ kind, agent }) => [kind, agent])).toEqual([
        ['plan', 'codex'],
        ['task', 'codex'],
        ['review', 'command'],
      ]);
      expect(shown.review).toMatchObject([
        { agent: 'command', outcome: 'passed', edited: true, findings: [] },
      ]);
      expect(await remoteGit(sandbox, 'second', 'ls-tree', '--name-only', 'HEAD')).not.toContain('reviewed');
      expect(await remoteFile(sandbox, 'second', 'start.txt')).toBe('good');
      expect((await sandbox.clone(['show', 'second'])).stdout).toContain(
        'it changed files, which was taken back',
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
