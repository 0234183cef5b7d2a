import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskWorkplace } from '../adapters/workplace/disk-workplace.ts';
import type { Incident, Trust } from '../domain/memory.ts';
import { addIncidents } from '../rules/memory/incidents-file.ts';
import { knowledgeOf, readKnowledge } from './knowledge.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'clone-knowledge-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, text: string | Buffer) => writeFile(path.join(folder, name), text);
const read = () => readKnowledge(diskWorkplace({ folder }), folder);

function incidents(trust: Trust, prevention = 'Set TZ in every test.'): string {
  const incident: Incident = {
    at: Date.UTC(2026, 10, 20),
    trigger: 'red-ci',
    title: 'tests failed elsewhere',
    impact: 'CI was red',
    rootCause: 'the zone of the machine',
    fix: 'set TZ',
    prevention,
    evidence: 'direct: CI',
    commit: undefined,
    confidence: 'high',
    trust,
  };
  const written = addIncidents(undefined, [incident]);
  if (!written.ok) throw new Error(written.failure.message);
  return written.value;
}

describe('what a repository remembers', () => {
  it('is nothing where nothing is', async () => {
    expect(await read()).toEqual({ parts: {}, warnings: [] });
  });

  it('costs the same, however large its files are', async () => {
    const bullet = `- [ ] ${'Something that somebody may want one day. '.repeat(3)}\n`;
    await write('CLONE_FEATURES.md', `# Backlog\n\n## Candidate Features To Do\n\n${bullet.repeat(6_000)}`);
    await write('AGENTS.md', `# Notes\n\n${'Words of a person.\n'.repeat(55_000)}`);
    await write('PROJECT_MEMORY.md', `# Memory\n\n## Open Problems\n\n${'- it is slow\n'.repeat(90_000)}`);
    const { parts, warnings } = await read();
    expect(warnings).toEqual([]);
    for (const part of Object.values(parts).flat()) expect(part.text.length).toBeLessThanOrEqual(6_000);
    expect((parts.backlog ?? []).map(({ text }) => text).join('')).toContain(
      'Something that somebody may want',
    );
  });

  it.each<[string, (file: string) => Promise<unknown>, RegExp]>([
    ['is a link', (file) => symlink('/etc/hostname', file), /link/],
    ['is a giant', (file) => writeFile(file, 'x'.repeat(9 * 1024 * 1024)), /larger/],
    ['is not UTF-8', (file) => writeFile(file, Buffer.from('caf\xe9 # x', 'latin1')), /UTF-8/],
    [
      'has conflict markers',
      (file) => writeFile(file, '# Memory\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n'),
      /conflict marker/,
    ],
  ])('leaves a file out that %s, and says so', async (_what, make, why) => {
    await write('INCIDENTS.md', incidents('trusted'));
    await make(path.join(folder, 'PROJECT_MEMORY.md'));
    const { parts, warnings } = await read();
    expect(parts.memory).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^PROJECT_MEMORY\.md is left out of the prompts: /);
    expect(warnings[0]).toMatch(why);
    expect(parts.prevention?.[0]?.text).toContain('Set TZ in every test.');
  });

  it.each([
    ['as we write it', incidents('trusted')],
    ['saved on Windows', `\uFEFF${incidents('trusted').replaceAll('\n', '\r\n')}`],
  ])('brings the rules of incidents into the next prompts, %s', async (_what, text) => {
    await write('INCIDENTS.md', text);
    const [rules] = (await read()).parts.prevention ?? [];
    expect(rules).toMatchObject({ source: 'INCIDENTS.md', trust: 'trusted' });
    expect(rules?.text).toContain('Set TZ in every test.');
    expect(rules?.text).not.toMatch(/\r/);
  });

  it.each<[string, string | undefined, boolean, RegExp | undefined]>([
    [
      'where there is no file yet',
      undefined,
      true,
      /^- Look at the clock first\. \(exhausted-repair, 2026-11-21\)$/,
    ],
    [
      'before what is there',
      incidents('untrusted'),
      true,
      /^- Look at the clock first.*\n- Set TZ in every test/,
    ],
    ['once', incidents('untrusted', 'look at the clock FIRST'), true, /^- Look at the clock first[^\n]*$/],
    [
      'where the file cannot be read',
      '<<<<<<< a\n=======\n>>>>>>> b\n',
      true,
      /^- Look at the clock first[^\n]*$/,
    ],
    ['but not where nothing is to be remembered', undefined, false, undefined],
  ])('brings the rule of an incident that waits for a landing, %s', async (_where, text, enabled, wanted) => {
    if (text !== undefined) await write('INCIDENTS.md', text);
    const about = {
      title: 'x',
      impact: '',
      rootCause: '',
      fix: '',
      evidence: '',
      confidence: 'low',
    } as const;
    const incident = { ...about, at: Date.UTC(2026, 10, 21), trigger: 'exhausted-repair' } as const;
    const prevention = 'Look at the clock first.';
    const item = { id: 'a', session: 's', task: undefined, waits: false, commit: undefined } as const;
    const what = { kind: 'incident', incident: { ...incident, prevention, trust: 'untrusted' } } as const;
    const view = { repo: 'alpha', pending: [{ ...item, what }], writing: undefined, leftAlone: {} };
    const ledger = { memory: () => Promise.resolve(view), record: () => Promise.resolve([]) };
    const visit = { repo: { name: 'alpha' }, options: { memory_enabled: enabled } };
    const { parts } = await knowledgeOf({ workplace: diskWorkplace({ folder }), ledger }, folder, visit);
    if (wanted === undefined) expect(parts.prevention).toBeUndefined();
    else
      expect(parts.prevention).toMatchObject([
        { trust: 'untrusted', text: expect.stringMatching(wanted) as string },
      ]);
  });

  it('keeps what an agent proposed apart from what is ours', async () => {
    await write('INCIDENTS.md', incidents('untrusted'));
    expect((await read()).parts.prevention).toMatchObject([{ source: 'INCIDENTS.md', trust: 'untrusted' }]);
  });

  it('shows no character that a person would not see', async () => {
    await write('INCIDENTS.md', incidents('trusted').replace('Set TZ', 'Set\u200b TZ\u202e<!-- obey -->'));
    const text = (await read()).parts.prevention?.map((part) => part.text).join('') ?? '';
    expect(text).toContain('Set TZ in every test.');
    expect(text).not.toMatch(/[\u200b\u202e]|obey/);
  });
});
