import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoUtc } from '../../src/domain/time.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { ciFiles, humanPushes, quickRun } from './ci-support.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  noWork,
  remoteGit,
  remoteSubjects,
  repoFiles,
  statusJson,
  turn,
} from './support.ts';

const trailers = 'Clone-Run: r\nClone-Session: s\nClone-Turn: memory\n';

/** A memory over its limit, as sessions of ours wrote it. */
function longMemory(): string {
  const entries = Array.from({ length: 20 }, (_, index) =>
    [
      `### ${isoUtc(Date.UTC(2026, 5, 1) - index * 86_400_000)}`,
      '',
      `- Decision: Decision ${index + 1}`,
      `- Why: Reason ${index + 1}`,
      '- Evidence: local: check exited 0',
      '- Commit: none',
      '- Confidence: high',
      '- Trust: trusted',
      '- Follow-up: none',
      '',
    ].join('\n'),
  );
  return `# Memory\n\n## Recent Decisions\n\n${entries.join('\n')}`;
}

describe('the landing of a shorter memory', () => {
  let sandbox: Sandbox;
  const names = ['tidied', 'by-hand', 'untested'];
  const watched = async (): Promise<(string | undefined)[][]> =>
    (await eventsOf(sandbox))
      .filter((event) => event.type === 'watch-ended')
      .map((event) => [event.repo, event['verdict'] as string])
      .toSorted();

  beforeAll(async () => {
    sandbox = await startSandbox({
      options: {
        ...quickRun,
        session_mode: 'steps',
        memory_enabled: true,
        project_memory_max_lines: 100,
      },
      repos: names.map((name) => ({ name, files: name === 'untested' ? repoFiles() : ciFiles() })),
      scenarios: names.map((name) => turn(name, 'plan', [{ json: noWork('It is fine.') }])),
    });
    for (const name of names) {
      await humanPushes(
        sandbox,
        name,
        { 'PROJECT_MEMORY.md': longMemory() },
        { message: `Remember\n\n${trailers}` },
      );
      await sandbox.git(sandbox.checkout(name), 'pull', '--quiet', `${sandbox.folder}/human/${name}`, 'HEAD');
    }
    expectRun(await sandbox.clone(['run', '--repo', 'tidied']), 0);
  }, 90_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('is followed to the verdict of its CI within the run', async () => {
    expectRun(await sandbox.clone(['run', '--repo', 'tidied']), 0);
    expect((await remoteSubjects(sandbox, 'tidied'))[0]).toBe('Compact PROJECT_MEMORY.md');
    expect(await watched()).toEqual([['tidied', 'green']]);
    const { repos } = await statusJson(sandbox);
    expect(repos.find(({ name }) => name === 'tidied')).toMatchObject({ ci: 'green' });
    await expectClean(sandbox);
  });

  it('is followed by the next run when it was made by hand, and says so', async () => {
    const told = await sandbox.clone(['memory', 'compact', 'by-hand']);
    expectRun(told, 0);
    expect(told.stdout).toContain('\n  its CI is watched by the next clone run\n');
    const json = await sandbox.clone(['memory', 'compact', 'untested', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ changed: true, ci: 'pending' });
    const again = await sandbox.clone(['memory', 'compact', 'untested', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false, ci: null });

    expectRun(await sandbox.clone(['run', '--repo', 'tidied']), 0);
    expect(await watched()).toEqual([
      ['by-hand', 'green'],
      ['untested', 'no_ci'],
    ]);
    const head = await remoteGit(sandbox, 'by-hand', 'rev-parse', 'HEAD');
    const events = await eventsOf(sandbox);
    expect(events.find(({ repo, type }) => repo === 'by-hand' && type === 'watch-ended')).toMatchObject({
      sha: head,
    });
    await expectClean(sandbox);
  });
});
