import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoUtc } from '../../src/domain/time.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { humanPushes, open, quickRun, startClone, works } from './ci-support.ts';
import { killOnce, processWith } from './process-support.ts';
import {
  expectClean,
  expectRun,
  noWork,
  remoteFile,
  remoteGit,
  remoteSubjects,
  repoFiles,
  turn,
} from './support.ts';

const trailers = 'Clone-Run: r\nClone-Session: s\nClone-Turn: memory\n';
const ofAPerson = '- Why: A person changed this line';

/** A memory of so many entries, the newest first, as sessions of ours wrote it. */
function memory(entries: number): string {
  const blocks = Array.from({ length: entries }, (_, index) =>
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
  return `# Memory\n\n## Objective\n\nTo be useful.\n\n## Recent Decisions\n\n${blocks.join('\n')}\n## Known Risks\n\nA person fears nothing.\n`;
}

async function fill(sandbox: Sandbox, repo: string): Promise<string> {
  await humanPushes(
    sandbox,
    repo,
    { 'PROJECT_MEMORY.md': memory(20) },
    { message: `Remember\n\n${trailers}` },
  );
  const edited = memory(20).replace('- Why: Reason 15', ofAPerson);
  await humanPushes(sandbox, repo, { 'PROJECT_MEMORY.md': edited });
  return edited;
}

describe('a memory over its limit', () => {
  let sandbox: Sandbox;
  const before = new Map<string, string>();
  const archived = async (repo: string): Promise<string[]> =>
    (await remoteGit(sandbox, repo, 'ls-tree', '-r', '--name-only', 'HEAD'))
      .split('\n')
      .filter((name) => name.startsWith('.clone_memory_archive/'));

  beforeAll(async () => {
    sandbox = await startSandbox({
      options: {
        ...quickRun,
        memory_enabled: true,
        project_memory_max_lines: 100,
        memory_summaries: 'mechanical',
      },
      repos: ['busy', 'by-hand', 'held'].map((name) => ({
        name,
        files: repoFiles(),
        entry: name === 'held' ? { land: 'hold' } : {},
      })),
      scenarios: [works('busy', { 'a.txt': 'good\n' }), turn('busy', 'plan', [{ json: noWork('none') }])],
    });
    for (const repo of ['busy', 'by-hand', 'held']) before.set(repo, await fill(sandbox, repo));
    expectRun(await sandbox.clone(['run', '--repo', 'busy']), 0);
  }, 120_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('is compacted with the next landing, in the commit that remembers it', async () => {
    expect((await remoteSubjects(sandbox, 'busy')).slice(0, 2)).toEqual(['Remember 1 task', 'Work on busy']);
    const text = (await remoteFile(sandbox, 'busy', 'PROJECT_MEMORY.md')) ?? '';
    expect(text.split('\n').length).toBeLessThan(100);
    expect(text).toContain('- Decision: Decision 1\n');
    expect(text).not.toContain('- Decision: Decision 20\n');
    expect(text).toContain('## Historical Summary');
    await expectClean(sandbox);
  });

  it('keeps every line that a person wrote, and the whole of it in the archive', async () => {
    const text = await remoteFile(sandbox, 'busy', 'PROJECT_MEMORY.md');
    expect(text).toContain(`- Decision: Decision 15\n${ofAPerson}\n`);
    expect(text).toContain('A person fears nothing.');
    const [archive = 'none', ...more] = await archived('busy');
    expect(more).toEqual([]);
    expect(await remoteFile(sandbox, 'busy', archive)).toBe(before.get('busy')?.trim());
  });

  it('is compacted by hand in a landing of its own, once', async () => {
    const first = await sandbox.clone(['memory', 'compact', 'by-hand', '--json']);
    expectRun(first, 0);
    const [subject] = await remoteSubjects(sandbox, 'by-hand');
    expect(subject).toBe('Compact PROJECT_MEMORY.md');
    const [archive = 'none'] = await archived('by-hand');
    expect(await remoteFile(sandbox, 'by-hand', archive)).toBe(before.get('by-hand')?.trim());
    expect(await remoteFile(sandbox, 'by-hand', 'PROJECT_MEMORY.md')).toContain(ofAPerson);
    expectRun(await sandbox.clone(['memory', 'compact', 'by-hand', '--json']), 0);
    expect((await remoteSubjects(sandbox, 'by-hand'))[1]).not.toBe('Compact PROJECT_MEMORY.md');
    expect(await archived('by-hand')).toHaveLength(1);
    await expectClean(sandbox);
  });

  it('is not pushed where a person accepts what lands', async () => {
    const asked = await sandbox.clone(['memory', 'compact', 'held']);
    expect(asked.exitCode).not.toBe(0);
    expect(`${asked.stdout}${asked.stderr}`).toContain('land is hold');
    expect(await sandbox.clone(['memory', 'compact', 'held', '--dry-run'])).toMatchObject(asked);
    expect(await archived('held')).toEqual([]);
  });
});

describe('a compaction that is killed', () => {
  let sandbox: Sandbox;
  const repo = 'cut.off_x';

  beforeAll(async () => {
    sandbox = await startSandbox({
      options: {
        ...quickRun,
        session_mode: 'steps',
        memory_enabled: true,
        project_memory_max_lines: 100,
        memory_summaries: 'mechanical',
      },
      repos: [
        {
          name: repo,
          files: repoFiles({ 'check.sh': 'until [ -e ../../../../open-check ]; do sleep 0.05; done\n' }),
        },
      ],
      scenarios: [turn(repo, 'plan', [{ json: noWork('none') }])],
    });
    await fill(sandbox, repo);
  }, 60_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  const workspaces = (): Promise<string[]> => readdir(path.join(sandbox.home, '.clone/workspaces'));

  async function kill(): Promise<void> {
    const going = startClone(sandbox, ['memory', 'compact', repo]);
    await killOnce(going, processWith(sandbox, 'sh check.sh'));
    expect((await workspaces()).some((name) => name.startsWith('compact_'))).toBe(true);
  }

  it('leaves a workspace that goes with the next compaction of the repository', async () => {
    await kill();
    expectRun(await sandbox.clone(['memory', 'compact', repo, '--dry-run']), 0);
    expect(await workspaces()).toEqual([]);
  }, 60_000);

  it('leaves a workspace that goes with the next run, whatever that does', async () => {
    await kill();
    await open(sandbox, 'check');
    expectRun(await sandbox.clone(['run']), 0);
    await expectClean(sandbox);
  }, 60_000);
});
