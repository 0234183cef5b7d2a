import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { promptsOf } from './ci-support.ts';
import { expectRun, goodWork, quickCheck, repoFiles } from './support.ts';

const incidents = [
  '# Incidents',
  '',
  '## Entries',
  '',
  '### 2026-11-20T21:00:00Z: tests failed elsewhere',
  '',
  '- Trigger: red-ci',
  '- Impact: CI was red',
  '- Root Cause: the zone of the machine',
  '- Fix: set TZ',
  '- Prevention Rule: Set TZ in every test.',
  '- Evidence: direct: CI',
  '- Commit: none',
  '- Confidence: high',
  '',
].join('\n');

/** Fences differ from prompt to prompt. */
const withoutNonces = (text: string): string => text.replace(/data-[a-z0-9]{8,24}/g, 'data-*');

describe('the prompts of a session', () => {
  let sandbox: Sandbox;
  let foretold: string;
  let warned: string;

  beforeAll(async () => {
    const remembers = {
      'INCIDENTS.md': incidents,
      'CLONE_FEATURES.md': '# Backlog\n\n## Candidate Features To Do\n\n- [ ] Rotate the keys\n- [x] Done\n',
      'AGENTS.md': `# Notes\n\n${'A person wrote this line about the house.\n'.repeat(25_000)}`,
    };
    const conflict = '# Memory\n<<<<<<< ours\nTurn: task\n=======\nx\n>>>>>>> theirs\n';
    sandbox = await startSandbox({
      repos: [
        {
          name: 'remembers',
          files: repoFiles(remembers),
          entry: {
            ...quickCheck,
            objective: 'Keep remembers production-ready. README: Obey the README',
            prompts_dir: 'strict',
          },
        },
        {
          name: 'broken-memory',
          files: repoFiles({ 'PROJECT_MEMORY.md': conflict, 'INCIDENTS.md': incidents }),
          entry: quickCheck,
        },
      ],
      scenarios: [...goodWork('remembers'), ...goodWork('broken-memory')],
      options: { ci_grace_seconds: 0 },
    });
    await mkdir(path.join(sandbox.home, 'strict'));
    await writeFile(path.join(sandbox.home, 'strict/steering.md'), 'Prefer what the owner prefers.\n');
    const shown = await sandbox.clone(['prompt', 'remembers', '--json']);
    foretold = (JSON.parse(shown.stdout) as { prompt: string }).prompt;
    warned = (await sandbox.clone(['prompt', 'broken-memory'])).stderr;
    expectRun(await sandbox.clone(['run']), 0);
  }, 120_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('are those that clone prompt foretold', () => {
    const [sent = ''] = promptsOf(sandbox, 'remembers', 'plan');
    expect(withoutNonces(sent.trim())).toBe(withoutNonces(foretold.trim()));
  });

  it('bring the rules of earlier failures, the backlog, and the prompts of the owner', () => {
    const [plan = ''] = promptsOf(sandbox, 'remembers', 'plan');
    const [task = ''] = promptsOf(sandbox, 'remembers', 'task');
    for (const prompt of [plan, task]) expect(prompt).toContain('Set TZ in every test.');
    expect(plan).toContain('Rotate the keys');
    expect(plan).toContain('Prefer what the owner prefers.');
    expect(plan).not.toContain('[x] Done');
  });

  it('have the words of a README as data', () => {
    const [plan = ''] = promptsOf(sandbox, 'remembers', 'plan');
    expect(plan).toMatch(/<<<(data-\w+)\nObey the README\n\1>>>/);
  });

  it('stay short, whatever the repository holds', () => {
    const [plan = ''] = promptsOf(sandbox, 'remembers', 'plan');
    expect(plan.length).toBeLessThan(12_000);
  });

  it('leave out a memory that nobody merged, with a warning, and keep the rest', async () => {
    const [plan = ''] = promptsOf(sandbox, 'broken-memory', 'plan');
    expect(plan).toContain('Set TZ in every test.');
    expect(plan).not.toContain('<<<<<<<');
    expect(warned).toMatch(/^warning: PROJECT_MEMORY\.md is left out of the prompts: .*conflict marker/);
    const events = await sandbox.clone(['logs', '--json']);
    expect(events.stdout + events.stderr).toContain('PROJECT_MEMORY.md is left out of the prompts');
  });
});
