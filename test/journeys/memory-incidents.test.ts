import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { ciFiles, promptsOf, quickRun } from './ci-support.ts';
import {
  expectClean,
  expectRun,
  handoff,
  remoteFile,
  remoteGit,
  remoteLog,
  remoteSubjects,
  repoFiles,
  showJson,
  turn,
} from './support.ts';

const cause = 'The colour was never looked at in CI';
const rule = 'Say no colour in a text file';
const decision = {
  kind: 'decision',
  decision: 'Everything is BAD here',
  why: 'it is',
  evidence: '',
  confidence: 'high',
  follow_up: '',
};
const claims = [{ text: 'the check passes', how: 'sh check.sh' }];

function writes(file: string, content = 'good\n') {
  return { write: { path: file, content } };
}

function scenarios() {
  return [
    turn('mended', 'task', [writes('ours.txt', 'RED\n'), { json: handoff('Work on mended') }], { call: 1 }),
    turn('mended', 'ci-fix', [
      writes('ours.txt', 'fine\n'),
      { json: handoff('Say it in another colour', { root_cause: cause, prevention_rule: rule }) },
    ]),
    turn('mended', 'task', [writes('more.txt'), { json: handoff('More') }], { call: 2 }),
    turn('taken-back', 'task', [writes('ours.txt', 'BAD\n'), { json: handoff('Work', { claims }) }], {
      call: 1,
    }),
    turn('taken-back', 'repair', [writes('ours.txt', 'RED\n'), { json: handoff('Work') }]),
    turn('taken-back', 'ci-fix', [
      writes('ours.txt', 'RED again\n'),
      { json: handoff('Try', { root_cause: cause, prevention_rule: '' }) },
    ]),
    turn('taken-back', 'task', [writes('more.txt'), { json: handoff('More') }], { call: 2 }),
    turn(
      'never-green',
      'task',
      [writes('a.txt', 'BAD\n'), { json: handoff('Try', { memory: [decision] }) }],
      {
        call: 1,
      },
    ),
    turn('never-green', 'repair', [
      writes('a.txt', 'BAD still\n'),
      {
        json: handoff('Try again', {
          memory: [decision],
          root_cause: 'I like it\n## BAD',
          prevention_rule: '',
        }),
      },
    ]),
    turn('never-green', 'task', [writes('b.txt'), { json: handoff('Try something else') }], { call: 2 }),
    turn('claimed', 'task', [writes('a.txt', 'BAD\n'), { json: handoff('Try', { claims }) }], { call: 1 }),
    turn('claimed', 'repair', [
      writes('a.txt'),
      { json: handoff('Mend', { prevention_rule: 'Look first' }) },
    ]),
    turn('held', 'task', [writes('a.txt'), { json: handoff('Hold me') }]),
    turn('unwanted', 'task', [writes('a.txt'), { json: handoff('Paint it blue') }], { call: 1 }),
    turn('unwanted', 'task', [writes('b.txt'), { json: handoff('Paint it green') }], { call: 2 }),
    turn('local', 'task', [writes('a.txt'), { json: handoff('Work here') }]),
  ];
}

describe('what went wrong', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  const incidents = async (repo: string): Promise<string> =>
    (await remoteFile(sandbox, repo, 'INCIDENTS.md')) ?? '';

  beforeAll(async () => {
    sandbox = await startSandbox({
      options: {
        ...quickRun,
        memory_enabled: true,
        verify_fix_attempts: 1,
        ci_rerun_failed_once: false,
        ci_max_fix_attempts: 1,
        ci_wait_timeout_seconds: 60,
      },
      repos: [
        { name: 'mended', files: ciFiles() },
        { name: 'taken-back', files: ciFiles(), entry: { ci_on_exhausted: 'revert' } },
        { name: 'never-green', files: repoFiles() },
        { name: 'claimed', files: repoFiles() },
        { name: 'held', files: repoFiles(), entry: { land: 'hold' } },
        { name: 'unwanted', files: repoFiles(), entry: { land: 'hold' } },
        { name: 'local', files: repoFiles(), remote: false },
      ],
      scenarios: scenarios(),
    });
    run = await sandbox.clone(['run']);
  }, 180_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('does not stop the run', async () => {
    expectRun(run, 1);
    expect(sandbox.model.problems).toEqual([]);
    await expectClean(sandbox);
  });

  it('is written with the fix that mended CI: cause, rule, evidence and its commit', async () => {
    const log = await remoteLog(sandbox, 'mended');
    expect(log.map(({ subject }) => subject)).toEqual([
      'Remember 1 incident',
      'Say it in another colour',
      'Remember 1 task',
      'Work on mended',
      'First commit',
    ]);
    const text = await incidents('mended');
    const red = log[2]?.sha.slice(0, 12) ?? '';
    expect(text).toContain(`CI turned red on ${red}: CI / test\n`);
    expect(text).toContain('- Trigger: red-ci\n');
    expect(text).toContain(`- Root Cause: ${cause}\n`);
    expect(text).toContain(`- Prevention Rule: ${rule}\n`);
    expect(text).toContain('- Fix: Say it in another colour (green in our own run of the checks)\n');
    expect(text).toMatch(new RegExp(`- Evidence: direct: CI failed on ${red} in CI / test, http`));
    expect(text).toContain(`- Commit: ${log[1]?.sha ?? ''}\n`);
    expect((await showJson(sandbox, 'mended')).ci.state).toBe('fixed');
  });

  it('is written beside the work where a claim did not hold and the repair did', async () => {
    const text = await incidents('claimed');
    expect(text).toContain('- Trigger: over-claim\n');
    expect(text).toContain('- Prevention Rule: Look first\n');
    expect(text.match(/^### /gm)).toHaveLength(1);
  });

  it('leaves nothing behind where the landing was taken back', async () => {
    expect(await remoteGit(sandbox, 'taken-back', 'diff', '--name-only', 'HEAD', ':/First commit')).toBe('');
    expect((await showJson(sandbox, 'taken-back')).ci.state).toBe('reverted');
  });

  it('is remembered in a repository without a remote too', async () => {
    const at = sandbox.checkout('local');
    expect(await sandbox.git(at, 'log', '--format=%s')).toBe('Remember 1 task\nWork here\nFirst commit');
    expect(await sandbox.git(at, 'show', 'HEAD:CLONE_FEATURES.md')).toContain('Work here');
  });

  it('is remembered of held work when a person accepts it, and not before', async () => {
    expect(await remoteSubjects(sandbox, 'held')).toEqual(['First commit']);
    const { session } = await showJson(sandbox, 'held');
    expectRun(await sandbox.clone(['review', session, '--accept']), 0);
    expect(await remoteSubjects(sandbox, 'held')).toEqual(['Remember 1 task', 'Hold me', 'First commit']);
    const [, work] = await remoteLog(sandbox, 'held');
    expect(await remoteFile(sandbox, 'held', 'CLONE_FEATURES.md')).toContain(
      work?.sha.slice(0, 12) ?? 'none',
    );
  });

  describe('and could not be written then', () => {
    beforeAll(async () => {
      const { session } = await showJson(sandbox, 'unwanted');
      expectRun(await sandbox.clone(['review', session, '--reject', 'We like\nred']), 0);
      const repos = ['mended', 'taken-back', 'never-green', 'unwanted'].flatMap((name) => ['--repo', name]);
      expectRun(await sandbox.clone(['run', '--land', 'push', ...repos]), 0);
    }, 120_000);

    it('comes with the next landing: a repair that did not help', async () => {
      const text = await incidents('never-green');
      expect(text).toContain('- Trigger: exhausted-repair\n');
      expect(text).toContain('- Root Cause: I like it ## BAD\n');
      expect(text).toContain('- Prevention Rule: Run `sh check.sh` early');
      expect(text).toContain('- Commit: none\n');
      expect(await remoteFile(sandbox, 'never-green', 'PROJECT_MEMORY.md')).not.toContain(
        'Everything is BAD',
      );
      expect(await remoteFile(sandbox, 'never-green', 'CLONE_FEATURES.md')).not.toContain('Try (');
    });

    it('comes with the next landing: a landing that was taken back', async () => {
      const text = await incidents('taken-back');
      // The over-claim was written before, and went with the landing.
      expect(text.match(/(?<=- Trigger: ).*/g)).toEqual(['revert', 'over-claim']);
      expect(text).toContain(`- Root Cause: ${cause}\n`);
    });

    it('comes with the next landing: what a person answered', async () => {
      const text = await remoteFile(sandbox, 'unwanted', 'PROJECT_MEMORY.md');
      expect(text).toMatch(/- Decision: Not wanted: "Paint it blue"\n- Why: We like red\n/);
      expect(await remoteFile(sandbox, 'unwanted', 'CLONE_FEATURES.md')).not.toContain('blue');
    });

    it('reaches the next prompts as a rule', () => {
      expect(promptsOf(sandbox, 'mended', 'task')[1]).toContain(rule);
    });
  });
});
