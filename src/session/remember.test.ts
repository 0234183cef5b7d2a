import { beforeEach, describe, expect, it } from 'vitest';
import { commit, inSession } from '../../test/fakes/facts.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import { plainWorkspace } from '../../test/fakes/plain-workspace.ts';
import { type Options, optionTable } from '../config/options.ts';
import type { Remembering } from '../domain/remembering.ts';
import type { Repo } from '../domain/repo.ts';
import { failed, ok } from '../domain/result.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { rememberOn, type Writing } from './remember.ts';
import type { Summarise } from './summarise.ts';

const now = Date.UTC(2026, 10, 20);
const defaults = Object.fromEntries(
  Object.entries(optionTable).map(([name, spec]) => [name, spec.default]),
) as unknown as Options;
const repo: Repo = {
  name: 'jwt',
  path: '/code/jwt',
  branch: 'main',
  objective: 'Be useful.',
  lastCommit: undefined,
  pinned: false,
  ignored: false,
  missing: false,
  options: {},
};
const done: Remembering = {
  id: 'a',
  session: 's1',
  task: 't1',
  waits: true,
  commit: undefined,
  what: { kind: 'done', at: now, title: 'Add hunter2', evidence: 'local: check exited 0' },
};
const world = {
  clock: { now: () => now, sleep: () => Promise.resolve() },
  redact: (text: string) => text.replaceAll('hunter2', '[redacted]'),
  workplace: {
    list: () => Promise.resolve([]),
    readText: () => Promise.resolve(undefined),
    readEnds: () => Promise.resolve(''),
    copyInto: () => Promise.resolve([]),
    freeBytes: () => Promise.resolve(0),
  },
};
const work = { tip: 'c1', commits: [commit('c1', 't1')], checks: { checks: [], setup: [] } };

let ledger: Ledger;
beforeEach(() => {
  ledger = openLedger(memoryEventLog(), { now: () => now }).within(inSession);
});

function writing(
  workspace: Writing['workspace'],
  options: Partial<Options> = {},
  mirror: Partial<Writing['mirror']> = {},
): Writing {
  return {
    visit: { session: 's1', run: 'r1', repo, options: { ...defaults, ...options } },
    workspace,
    mirror: { humanLines: () => Promise.resolve(ok(new Set())), ...mirror },
    ledger,
  };
}
const propose = (...items: Remembering[]) => ledger.record({ type: 'memory-proposed', items });
const warnings = async (): Promise<string[]> =>
  (await ledger.events({})).flatMap((event) => (event.type === 'warned' ? [event.message] : []));

/** Over the limit of 50 lines by far. */
const long = `# M\n\n## Recent Decisions\n\n${Array.from({ length: 12 }, (_, index) => `### 2026-0${1 + (index % 9)}-01T00:00:00Z\n\n- Decision: D${index}\n- Why: w\n- Evidence: proxy: e\n- Commit: none\n- Confidence: low\n- Trust: trusted\n- Follow-up: none\n`).join('\n')}`;

/** Somebody who says of each entry what its decision is. */
function asked(hear: () => unknown): Summarise {
  return (entries) => {
    hear();
    const wordsFor = (told: string) =>
      ({ said: `Better: ${/Decision: (.*)/.exec(told)?.[1] ?? ''}`, trust: 'trusted' }) as const;
    return Promise.resolve({ asked: entries.length, used: entries.length, why: undefined, wordsFor });
  };
}

describe('remembering', () => {
  it.each<[when: string, proposed: Remembering[], options: Partial<Options>]>([
    ['there is nothing to remember', [], {}],
    ['it is switched off', [done], { memory_enabled: false }],
    ['what there is waits for another session', [{ ...done, session: 's2' }], {}],
  ])('makes no commit and touches no file when %s', async (_when, proposed, options) => {
    await propose(...proposed);
    const workspace = plainWorkspace({});
    expect(await rememberOn(world, writing(workspace, options), work)).toEqual(ok(undefined));
    expect([...workspace.files.keys()]).toEqual([]);
    expect(workspace.commits).toEqual([]);
  });

  it('makes one commit of all files, without secrets, and says what it holds', async () => {
    await propose(done);
    const workspace = plainWorkspace({ 'README.md': '# It\n' });
    const made = await rememberOn(world, writing(workspace), work);
    expect(made).toMatchObject({
      ok: true,
      value: { commit: { sha: 'm1', subject: 'Remember 1 task', memory: true, files: 4 } },
    });
    expect(workspace.files.get('CLONE_FEATURES.md')).toContain(
      'Add [redacted] (local: check exited 0; commit c1)',
    );
    expect((await ledger.memory('jwt'))?.writing).toEqual({ commit: 'm1', items: ['a'] });
  });

  it('says of what stands there already that it is remembered, without a commit', async () => {
    await propose(done);
    const workspace = plainWorkspace({});
    await rememberOn(world, writing(workspace), work);
    expect(await rememberOn(world, writing(workspace), work)).toEqual(ok(undefined));
    expect(workspace.commits).toHaveLength(1);
    expect((await ledger.memory('jwt'))?.writing).toEqual({ commit: 'c1', items: ['a'] });
  });

  it('leaves a link and conflict markers alone, and tells it once', async () => {
    await propose(done);
    const workspace = plainWorkspace({ 'AGENTS.md': 'a link', 'CLONE_FEATURES.md': '<<<<<<< ours\n' });
    const session = writing(workspace);
    await rememberOn(world, session, work);
    await rememberOn(world, session, work);
    expect(workspace.files.get('AGENTS.md')).toBe('a link');
    expect(workspace.files.get('CLONE_FEATURES.md')).toBe('<<<<<<< ours\n');
    expect(await warnings()).toEqual([
      'AGENTS.md is left alone, what belongs there waits: it is a link',
      expect.stringMatching(
        /^CLONE_FEATURES\.md is left alone, what belongs there waits: has a conflict marker/,
      ),
    ]);
    expect((await ledger.memory('jwt'))?.pending).toHaveLength(1);
  });

  it('puts back what git is told to ignore, and lets what belongs there wait', async () => {
    await propose(done);
    const workspace = plainWorkspace({ 'CLONE_FEATURES.md': '# Mine\n' }, ['CLONE_FEATURES.md']);
    const made = await rememberOn(world, writing(workspace), work);
    expect(made).toMatchObject({ value: { commit: { files: 3, subject: 'Remember what is known' } } });
    expect(workspace.files.get('CLONE_FEATURES.md')).toBe('# Mine\n');
    expect((await ledger.memory('jwt'))?.writing?.items).toEqual([]);
  });

  describe('where the memory is too long', () => {
    const options = { project_memory_max_lines: 50 };

    it('compacts it, with the whole of it in the archive', async () => {
      await propose(done);
      const workspace = plainWorkspace({ 'PROJECT_MEMORY.md': long });
      await rememberOn(world, writing(workspace, options), work);
      expect(workspace.files.get('.clone_memory_archive/PROJECT_MEMORY-20261120T000000Z.md')).toBe(long);
      expect(String(workspace.files.get('PROJECT_MEMORY.md')).length).toBeLessThan(long.length);
    });

    it('asks for better lines once the rest stands, and writes them with what is ours', async () => {
      await propose(done);
      const workspace = plainWorkspace({ 'PROJECT_MEMORY.md': long });
      const seen: (string | undefined)[] = [];
      const summarise = asked(() => seen.push(String(workspace.files.get('PROJECT_MEMORY.md'))));
      const made = await rememberOn(world, writing(workspace, options), { ...work, summarise });
      expect(seen).toEqual([expect.stringContaining(': D10 (low)')]);
      const text = String(workspace.files.get('PROJECT_MEMORY.md'));
      expect(text).toContain('- 2026-02-01: Better: D10 (low)\n');
      expect(text.replaceAll('Better: ', '')).toBe(seen[0]);
      expect(workspace.files.get('.clone_memory_archive/PROJECT_MEMORY-20261120T000000Z.md')).toBe(long);
      expect([...workspace.files.keys()].filter((file) => file.startsWith('.clone'))).toHaveLength(1);
      expect(workspace.commits).toHaveLength(1);
      expect(made.ok && made.value?.tree).toContain('Better: D10');
    });

    it.each<[when: string, text: string, ignored: string[], more: Partial<Options>]>([
      ['the archive cannot be kept', long, ['.clone_memory_archive/'], {}],
      ['only its age calls for it', long, [], { project_memory_max_lines: 500 }],
      ['it is short', '# M\n', [], {}],
    ])('asks nobody when %s', async (_when, text, ignored, more) => {
      await propose(done);
      const workspace = plainWorkspace({ 'PROJECT_MEMORY.md': text }, ignored);
      let asks = 0;
      const summarise = asked(() => (asks += 1));
      await rememberOn(world, writing(workspace, { ...options, ...more }), { ...work, summarise });
      expect(asks).toBe(0);
      expect(workspace.commits).toHaveLength(1);
    });

    it.each<[why: string, ignored: string[], mirror: Partial<Writing['mirror']>]>([
      ['the archive cannot be kept', ['.clone_memory_archive/'], {}],
      [
        'nobody knows who wrote it',
        [],
        { humanLines: () => Promise.resolve(failed({ kind: 'git', message: 'no' })) },
      ],
    ])('leaves it as it is when %s', async (_why, ignored, mirror) => {
      await propose(done);
      const workspace = plainWorkspace({ 'PROJECT_MEMORY.md': long }, ignored);
      await rememberOn(world, writing(workspace, options, mirror), work);
      expect(workspace.files.get('PROJECT_MEMORY.md')).toBe(long);
      expect([...workspace.files.keys()].filter((file) => file.startsWith('.clone'))).toEqual([]);
      expect(workspace.commits).toHaveLength(1);
    });
  });
});
