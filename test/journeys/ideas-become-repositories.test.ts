import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { pushesTo, turnsOf } from './ci-support.ts';
import { entriesOf, goodIdea, ideasOf, writeIdeas } from './ideas-support.ts';
import {
  checkoutOf,
  eventsOf,
  expectClean,
  expectRun,
  noWork,
  remoteLog,
  showJson,
  statusJson,
  turn,
} from './support.ts';

describe('an idea and nothing else', () => {
  let sandbox: Sandbox;
  let run: CloneRun;

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [],
      scenarios: [
        goodIdea('voice-notes'),
        turn('voice-notes', 'plan', [{ json: noWork('It has only begun.') }]),
      ],
      options: { ci_grace_seconds: 1, sleep_seconds: 2, commit_email: 'clone@example.test' },
      validate: true,
    });
    await writeIdeas(sandbox, {
      title: 'Voice notes',
      summary: 'Capture voice notes, summarize and tag them.',
    });
    run = await sandbox.clone(['run', '--cycles', '2']);
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('becomes a private repository with one commit of ours, in one run', async () => {
    expectRun(run, 0);
    const repo = sandbox.github.repo('alice/voice-notes');
    expect(repo.private).toBe(true);
    const log = await remoteLog(sandbox, 'voice-notes');
    expect(log.map(({ subject }) => subject)).toEqual(['Begin voice-notes']);
    expect(log[0]?.message).toMatch(
      /^Clone-Run: .+\nClone-Session: voice-notes-\w+\nClone-Task: first-version$/m,
    );
    expect(await ideasOf(sandbox)).toMatchObject([{ title: 'Voice notes', status: 'ACTIVE' }]);
  });

  it('has its folder below code_root, clean and connected, with an entry in the usual order', async () => {
    const [{ sha } = { sha: '' }] = await remoteLog(sandbox, 'voice-notes');
    expect(await checkoutOf(sandbox, 'voice-notes')).toEqual({ branch: 'main', head: sha, status: '' });
    const at = sandbox.checkout('voice-notes');
    expect(await sandbox.git(at, 'rev-parse', 'origin/main')).toBe(sha);
    expect(await sandbox.git(at, 'remote', 'get-url', 'origin')).toBe(
      `${sandbox.github.url}/alice/voice-notes.git`,
    );
    const [entry] = await entriesOf(sandbox);
    expect(Object.entries(entry ?? {})).toEqual([
      ['name', 'voice-notes'],
      ['path', at],
      ['branch', 'main'],
      ['objective', 'Capture voice notes, summarize and tag them.'],
    ]);
  });

  it('is watched until CI, which was really executed, is green', async () => {
    expect(sandbox.github.runs('alice/voice-notes')).toHaveLength(1);
    const [{ sha } = { sha: '' }] = await remoteLog(sandbox, 'voice-notes');
    const shown = await showJson(sandbox, sha);
    expect(shown).toMatchObject({ state: 'cleaned', ci: { state: 'green' } });
    expect(shown.evidence.map(({ check, exit_code, label }) => [check, exit_code, label])).toEqual([
      ['test', 0, 'local'],
      ['CI: CI', 0, 'direct'],
    ]);
  });

  it('is in the cycle that it came with, and visited in the same run once its CI is known', async () => {
    const events = await eventsOf(sandbox);
    const cycles = events.filter(({ type }) => type === 'cycle-started');
    expect(cycles.map(({ cycle, repos }) => [cycle, repos])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(turnsOf(sandbox, 'voice-notes', 'plan')).toBe(1);
  });

  it('tells each step before it is done, and after', async () => {
    const steps = (await eventsOf(sandbox))
      .filter(({ type }) => type.startsWith('idea-'))
      .map(({ type, step }) => [type.replace('idea-', ''), step].filter(Boolean).join(' '));
    expect(steps).toEqual([
      'taken-up',
      'step-ended triage',
      'step-began folder',
      'step-ended folder',
      'step-began files',
      'step-ended files',
      'step-began repository',
      'step-ended repository',
      'step-began github',
      'step-ended github',
      'step-began push',
      'step-ended push',
      'step-began portfolio',
      'step-ended portfolio',
      'moved',
    ]);
    expect(run.stdout).toContain('idea voice-notes is ACTIVE: alice/voice-notes (private)');
  });

  it('leaves nothing half done, and costs nothing from then on', async () => {
    await expectClean(sandbox);
    const asked = sandbox.model.requests.length;
    const again = await sandbox.clone(['ideas', 'process']);
    expect(again).toMatchObject({ exitCode: 0, stdout: 'No idea waits. clone ideas list shows them all.\n' });
    expect(sandbox.model.requests).toHaveLength(asked);
    expect(pushesTo(sandbox, 'voice-notes')).toBe(1);
    expect((await statusJson(sandbox)).needs_you).toEqual([]);
    expect(sandbox.model.problems).toEqual([]);
  });
});

describe('a rehearsal', () => {
  it('lists the steps of each idea and what would block it, and makes nothing', async () => {
    await using sandbox = await startSandbox({
      repos: [{ name: 'known', files: { 'README.md': '# Known\n' } }],
      scenarios: [goodIdea('diary')],
    });
    await writeIdeas(
      sandbox,
      { title: 'Diary', summary: 'One page a week.' },
      { title: 'Elsewhere', repo_name: '../elsewhere' },
      { title: 'Known' },
      { title: 'Done', status: 'ACTIVE' },
    );
    const before = await readdir(sandbox.home);
    const said = await sandbox.clone(['ideas', 'process', '--dry-run']);
    expect(said).toMatchObject({ exitCode: 0, stderr: '' });
    expect(said.stdout.replaceAll(sandbox.folder, '')).toBe(
      [
        'diary: Diary → /code/diary',
        '  triage     the name is valid and free',
        '  folder     make the folder',
        '  files      the agent writes the first files; they are checked here',
        '  repository git init and the first commit, on main',
        '  github     a private repository on GitHub',
        '  push       push main',
        '  portfolio  an entry in repos.yaml',
        'elsewhere: Elsewhere',
        '  would be BLOCKED: "../elsewhere" is no name for a repository',
        '  to do: give the idea another repo_name in ideas.yaml: 1 to 64 letters, digits, "-", "_" and "."; it begins with a letter or digit, and ends with neither "." nor ".git"',
        'known: Known → /code/known',
        '  nothing to build: /code/known is in the portfolio already',
        '',
      ].join('\n'),
    );
    const alone = await sandbox.clone(['ideas', 'process', '--dry-run', '--id', 'diary', '--json'], {
      env: { GITHUB_TOKEN: '' },
    });
    const told = JSON.parse(alone.stdout) as {
      ideas: { id: string; steps: { step: string; note: string }[] }[];
    };
    expect(told.ideas.map(({ id }) => id)).toEqual(['diary']);
    expect(told.ideas[0]?.steps.find(({ step }) => step === 'github')?.note).toContain('local only');
    expect(await readdir(sandbox.code)).toEqual(['known']);
    expect((await readdir(sandbox.home)).filter((name) => name !== '.clone')).toEqual(before);
    expect((await ideasOf(sandbox)).map(({ status }) => status)).toEqual([
      undefined,
      undefined,
      undefined,
      'ACTIVE',
    ]);
    expect(sandbox.model.requests).toEqual([]);
  });
});
