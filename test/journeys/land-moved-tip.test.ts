import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  agentIn,
  during,
  humanPushes,
  humanResets,
  mirrorGit,
  open,
  paused,
  pushesTo,
  quickRun,
  type Seen,
  seenIn,
  works,
} from './ci-support.ts';
import {
  checkoutOf,
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

const marks = '<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\n';

describe('when somebody else pushes while the agent works', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let seen: Seen;
  const before = new Map<string, Awaited<ReturnType<typeof checkoutOf>>>();
  const repos = [
    ...['apart', 'clash', 'clash-given-up', 'clash-marks', 'together', 'taken-back', 'done-already'],
    ...['broken-by-them', 'mended-by-them'],
  ];

  beforeAll(async () => {
    const own: Record<string, Record<string, string>> = {
      together: { 'check.sh': '! { [ -e ours.txt ] && [ -e theirs.txt ]; }\n' },
      'mended-by-them': { 'old.txt': 'BAD\n' },
    };
    sandbox = await startSandbox({
      options: quickRun,
      repos: repos.map((name) => ({ name, files: repoFiles(own[name]) })),
      scenarios: [
        works('apart', { 'ours.txt': 'ours\n' }, [paused('apart')]),
        works('clash', { 'start.txt': 'ours\n' }, [paused('clash')]),
        turn('clash', 'repair', [
          { expect: { prompt: 'start.txt' } },
          { run: 'cat start.txt' },
          { write: { path: 'start.txt', content: 'theirs and ours\n' } },
          { json: handoff('Do it again') },
        ]),
        works('clash-given-up', { 'start.txt': 'ours\n' }, [paused('clash-given-up')]),
        turn('clash-given-up', 'repair', [
          { json: handoff('No', { status: 'blocked', summary: 'I cannot.' }) },
        ]),
        works('clash-marks', { 'start.txt': 'ours\n' }, [paused('clash-marks')]),
        turn('clash-marks', 'repair', [
          { write: { path: 'start.txt', content: marks } },
          { json: handoff('Merge it') },
        ]),
        works('together', { 'ours.txt': 'ours\n' }, [paused('together')]),
        works('taken-back', { 'ours.txt': 'ours\n' }, [paused('taken-back')]),
        works('done-already', { 'ours.txt': 'the same\n' }, [paused('done-already')]),
        works('broken-by-them', { 'ours.txt': 'ours\n' }, [paused('broken-by-them')]),
        works('mended-by-them', { 'ours.txt': 'BAD\n' }, [paused('mended-by-them')]),
      ],
    });
    await humanPushes(sandbox, 'taken-back', { 'regretted.txt': 'oh no\n' }, { message: 'Regretted' });
    for (const repo of repos) before.set(repo, await checkoutOf(sandbox, repo));
    const meanwhile: Record<string, Record<string, string>> = {
      apart: { 'theirs.txt': 'theirs\n' },
      clash: { 'start.txt': 'theirs\n' },
      'clash-given-up': { 'start.txt': 'theirs\n' },
      'clash-marks': { 'start.txt': 'theirs\n' },
      together: { 'theirs.txt': 'theirs\n' },
      'done-already': { 'ours.txt': 'the same\n' },
      'broken-by-them': { 'theirs.txt': 'BAD\n' },
      'mended-by-them': { 'old.txt': 'good\n' },
    };
    run = await during(sandbox.clone(['run']), async () => {
      for (const repo of repos) {
        await agentIn(sandbox, repo, 'task');
        if (repo === 'taken-back') await humanResets(sandbox, repo);
        else await humanPushes(sandbox, repo, meanwhile[repo] ?? {});
        await open(sandbox, repo);
      }
    });
    seen = seenIn(sandbox);
  }, 120_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('ends with 1, without a bug showing and with nothing half-done left', async () => {
    expectRun(run, 1);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it('puts its commits on the new tip, verifies them there, and lands both', async () => {
    const show = await seen.show('apart');
    expect(show.state).toBe('cleaned');
    expect(await remoteSubjects(sandbox, 'apart')).toEqual(['Work on apart', 'By a person', 'First commit']);
    expect(await remoteGit(sandbox, 'apart', 'rev-parse', 'HEAD')).toBe(show.landed_sha);
    expect(show.commits.map(({ sha }) => sha)).toEqual([show.landed_sha]);
    const [top] = await remoteLog(sandbox, 'apart');
    expect(top?.message).toMatch(new RegExp(`^Clone-Session: ${show.session}$`, 'm'));
    expect(show.states.map(({ state }) => state)).toEqual([
      'queued',
      'setup',
      'active',
      'completed_unreviewed',
      'accepted',
      'merged',
      'accepted',
      'merged',
      'pushed',
      'cleaned',
    ]);
    const landedTree = await remoteGit(sandbox, 'apart', 'rev-parse', 'HEAD^{tree}');
    expect(show.evidence.map(({ check, exit_code, tree }) => [check, exit_code, tree])).toContainEqual([
      'check',
      0,
      landedTree,
    ]);
  });

  it('lets the agent do its work again where it conflicts, and lands that', async () => {
    const show = await seen.show('clash');
    expect(show.state).toBe('cleaned');
    expect(await remoteSubjects(sandbox, 'clash')).toEqual(['Do it again', 'By a person', 'First commit']);
    expect(await remoteFile(sandbox, 'clash', 'start.txt')).toBe('theirs and ours');
    expect(show.turns.map(({ kind }) => kind)).toEqual(['task', 'repair']);
    expect(new Set(show.turns.map(({ thread }) => thread)).size).toBe(1);
    expect(show.salvage.map(({ ref }) => ref)).toEqual([
      expect.stringMatching(new RegExp(`^refs/clone/salvage/${show.session}/conflict-`)),
    ]);
  });

  it.each([
    ['an agent that gives up', 'clash-given-up', /conflicts with what others pushed, in start\.txt/],
    ['an agent that leaves conflict markers', 'clash-marks', /conflict-markers/],
  ])('lands nothing of %s on a conflict (A1), and keeps the work', async (_what, repo, why) => {
    const show = await seen.show(repo);
    expect(show.state).toBe('rejected');
    expect(show.why).toMatch(why);
    expect(await remoteSubjects(sandbox, repo)).toEqual(['By a person', 'First commit']);
    expect(await remoteFile(sandbox, repo, 'start.txt')).toBe('theirs');
    const kept = show.salvage.find(({ ref }) => ref.includes('/conflict-'));
    expect(await mirrorGit(sandbox, show, 'show', `${kept?.ref ?? 'no ref'}:start.txt`)).toBe('ours');
    expect(await checkoutOf(sandbox, repo)).toEqual(before.get(repo));
  });

  it('does not land what is green alone and red together with what others pushed', async () => {
    const show = await seen.show('together');
    expect(show.state).toBe('rejected');
    expect(show.why).toMatch(/green alone, but check is red together/);
    expect(await remoteSubjects(sandbox, 'together')).toEqual(['By a person', 'First commit']);
    const kept = show.salvage.find(({ ref }) => ref.endsWith('/unlanded'));
    expect(await mirrorGit(sandbox, show, 'show', `${kept?.ref ?? 'no ref'}:ours.txt`)).toBe('ours');
  });

  it('does not answer for what is red on the new tip without it', async () => {
    const show = await seen.show('broken-by-them');
    expect(show.state).toBe('cleaned');
    expect(show.evidence.at(-1)).toMatchObject({ check: 'check', exit_code: 1, note: 'red before us' });
    const [landed, below] = await remoteSubjects(sandbox, 'broken-by-them');
    expect([landed, below]).toEqual(['Work on broken-by-them', 'By a person']);
  });

  it('answers for what was red before, once others have mended it', async () => {
    const show = await seen.show('mended-by-them');
    expect(show.state).toBe('rejected');
    expect(show.why).toMatch(/green alone, but check is red together/);
    const notes = show.evidence.map(({ note }) => note ?? undefined);
    expect(notes).toEqual(['red before us', undefined]);
    expect(await remoteSubjects(sandbox, 'mended-by-them')).toEqual(['By a person', 'First commit']);
    const trees = await mirrorGit(sandbox, show, 'rev-parse', `${show.salvage[0]?.sha ?? ''}^{tree}`);
    expect(show.evidence[0]?.tree).toBe(trees);
  });

  it('does not bring back what a person took back by force', async () => {
    const show = await seen.show('taken-back');
    expect(show.state).toBe('cleaned');
    expect(await remoteSubjects(sandbox, 'taken-back')).toEqual(['Work on taken-back', 'First commit']);
    expect(await remoteFile(sandbox, 'taken-back', 'regretted.txt')).toBeUndefined();
    expect(pushesTo(sandbox, 'taken-back')).toBeLessThanOrEqual(4);
  });

  it('lands nothing twice when others pushed the very same', async () => {
    const show = await seen.show('done-already');
    expect(show.why).toMatch(/already does/);
    expect(await remoteSubjects(sandbox, 'done-already')).toEqual(['By a person', 'First commit']);
  });

  it('says in the status what was rejected', async () => {
    const { sessions, repos: listed } = await seen.status();
    expect(sessions).toMatchObject({ landed: 4, rejected: 5 });
    expect(listed.find(({ name }) => name === 'together')?.state).toBe('rejected');
  });
});
