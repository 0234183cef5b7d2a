import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type FrontDoor, frontDoor, without } from '../../test/fakes/front-door.ts';
import { type LookingWorld, lookingWorld, perform } from '../../test/fakes/looking-context.ts';
import { incident, memoryEntry } from '../../test/fakes/memories.ts';
import { plainWorkspace } from '../../test/fakes/plain-workspace.ts';
import type { Options } from '../config/options.ts';
import type { Repo } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { OpenWorld } from '../loops/run-world.ts';
import type { Leases } from '../ports/leases.ts';
import type { GitFailure, Mirror, Mirrors } from '../ports/mirrors.ts';
import { updateBacklog } from '../rules/memory/backlog-file.ts';
import { withContract } from '../rules/memory/contract.ts';
import { addIncidents } from '../rules/memory/incidents-file.ts';
import { addEntries } from '../rules/memory/memory-file.ts';
import type { FrontContext } from './front-context.ts';
import { memoryCommand } from './memory.ts';

let folder: string;
let door: FrontDoor;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'memory-')));
  for (const name of ['home', 'jwt', 'csv']) await mkdir(at(name));
  await writeFile(
    at('home/repos.yaml'),
    `repos:\n  - name: jwt\n    path: ${at('jwt')}\n  - name: csv\n    path: ${at('csv')}\n`,
  );
  door = frontDoor({ cwd: at('home'), userFolder: folder });
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...parts: readonly string[]): string => path.join(folder, ...parts);
function value(made: { ok: boolean; value?: string }): string {
  return made.value ?? '';
}
async function remembers(): Promise<void> {
  const about = { repo: 'jwt', objective: 'Sign.', now: 0 };
  const entry = memoryEntry('use hono', '2026-11-01T10:00:00Z', {
    trust: 'untrusted',
    commit: 'b'.repeat(40),
  });
  await writeFile(at('jwt/PROJECT_MEMORY.md'), value(addEntries(undefined, [entry], about)));
  await writeFile(
    at('jwt/INCIDENTS.md'),
    value(addIncidents(undefined, [incident('CI failed', '2026-11-02T10:00:00Z')])),
  );
  const news = { implemented: [], candidates: ['Rotate keys'], insights: [] };
  await writeFile(at('jwt/CLONE_FEATURES.md'), value(updateBacklog(undefined, news, ['Support PEM'])));
  await writeFile(
    at('jwt/AGENTS.md'),
    value(withContract(undefined, { objective: 'Sign.', facts: ['Node 24'], now: 0 })),
  );
}

describe('clone memory show', () => {
  it('tells what a repository remembers', async () => {
    await remembers();
    const { exitCode, out } = await door.clone('memory', 'show', 'jwt');
    expect(exitCode).toBe(0);
    expect(without(folder, out)).toBe(`jwt remembers
1 entry, 1 incident, 2 open candidates

Files
  file               lines  state
  AGENTS.md          35     there
  PROJECT_MEMORY.md  33     there
  INCIDENTS.md       17     there
  CLONE_FEATURES.md  12     there

Facts
  fact
  Objective: Sign.
  Node 24

Entries
  day         section           decision  trust      commit
  2026-11-01  Recent Decisions  use hono  untrusted  bbbbbbb

Incidents
  day         trigger  what       prevention
  2026-11-02  red-ci   CI failed  never read the clock in a rule

Candidates
  title
  Support PEM
  Rotate keys  proposed by an agent

jwt
`);
  });

  it('answers the same as JSON', async () => {
    await remembers();
    expect(await door.json('memory', 'show', 'jwt')).toMatchObject({
      schema_version: 1,
      repo: 'jwt',
      path: at('jwt'),
      files: [{ file: 'AGENTS.md', state: 'there', findings: 0, problem: null }, {}, {}, {}],
      facts: ['Objective: Sign.', 'Node 24'],
      entries: [
        {
          at: '2026-11-01T10:00:00Z',
          section: 'Recent Decisions',
          decision: 'use hono',
          follow_up: '',
          trust: 'untrusted',
        },
      ],
      incidents: [{ trigger: 'red-ci', root_cause: 'a test used the clock', commit: 'a'.repeat(40) }],
      backlog: [
        { title: 'Support PEM', proposed: false },
        { title: 'Rotate keys', proposed: true },
      ],
    });
  });

  it('says that there is nothing yet', async () => {
    const { out } = await door.clone('memory', 'show', 'csv');
    expect(out).toContain('nothing yet: the files are made with its first landing');
  });

  it('shows no more than ten of each', async () => {
    const entries = Array.from({ length: 30 }, (_, day) =>
      memoryEntry(`d${day}`, `2026-10-${String(day + 1).padStart(2, '0')}`),
    );
    await writeFile(
      at('jwt/PROJECT_MEMORY.md'),
      value(addEntries(undefined, entries, { repo: 'jwt', objective: '', now: 0 })),
    );
    const { out } = await door.clone('memory', 'show', 'jwt');
    expect(out).toContain('Entries (10 of 30)');
    expect(out).toContain('  d29  ');
    expect(out).not.toContain('  d19  ');
  });

  it('never follows a link, and says so', async () => {
    await writeFile(at('secret'), '## Entries\n### 2026-01-01: secret\n- Trigger: red-ci\n- Fix: x\n');
    await symlink(at('secret'), at('jwt/INCIDENTS.md'));
    await writeFile(at('jwt/PROJECT_MEMORY.md'), Buffer.from('# x\n', 'utf16le'));
    const { out } = await door.clone('memory', 'show', 'jwt');
    expect(out).not.toContain('secret');
    expect(out).toContain('it is a link');
    expect(out).toContain('NUL');
  });

  it('shows nothing that a terminal would act on', async () => {
    await writeFile(at('jwt/CLONE_FEATURES.md'), '## Candidate Features To Do\n- [ ] a\u001b[2Jb\u202e\n');
    const { out } = await door.clone('memory', 'show', 'jwt');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what we look for
    expect(out).not.toMatch(/[\u001b\u202e]/);
  });

  it('suggests the nearest name', async () => {
    const { exitCode, err } = await door.clone('memory', 'show', 'jtw');
    expect(exitCode).toBe(2);
    expect(err).toContain('did you mean jwt?');
  });
});

describe('clone memory lint', () => {
  it('is quiet and well when there is nothing to say', async () => {
    await remembers();
    expect(await door.clone('memory', 'lint', 'all')).toEqual({
      exitCode: 0,
      out: 'no finding in 4 files of 2 repositories\n',
      err: '',
    });
  });

  it('tells file, line and what is wrong, and ends with 1', async () => {
    await remembers();
    await writeFile(at('jwt/PROJECT_MEMORY.md'), '## Known Risks\n## Known Risks\n');
    await writeFile(at('csv/INCIDENTS.md'), 'x\n<<<<<<< HEAD\n');
    const { exitCode, out } = await door.clone('memory', 'lint', 'all');
    expect(exitCode).toBe(1);
    expect(without(folder, out)).toBe(
      `jwt/PROJECT_MEMORY.md:2: the section Known Risks stands there twice
csv/INCIDENTS.md:2: has a conflict marker of a half-done merge; resolve the conflict and remove the markers
2 findings in 5 files of 2 repositories
`,
    );
    expect((await door.clone('memory', 'lint', 'csv')).out).toContain('1 finding in 1 file of 1 repository');
  });

  it('answers the same as JSON', async () => {
    await writeFile(at('jwt/CLONE_FEATURES.md'), Buffer.from([0xe9]));
    const { exitCode, out } = await door.clone('memory', 'lint', 'jwt', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toEqual({
      schema_version: 1,
      repositories: 1,
      files: 1,
      findings: [
        {
          repo: 'jwt',
          file: at('jwt/CLONE_FEATURES.md'),
          line: 1,
          message: 'is not UTF-8 text; save it as UTF-8',
        },
      ],
    });
  });

  it('suggests the nearest name', async () => {
    expect(await door.clone('memory', 'lint', 'cvs')).toMatchObject({ exitCode: 2 });
  });
});

describe('clone memory compact --dry-run', () => {
  const entries = Array.from({ length: 90 }, (_, index) =>
    memoryEntry(`d${index}`, new Date(Date.UTC(2026, 10, 20, 21) - index * 3_600_000).toISOString()),
  );
  const long = value(addEntries(undefined, entries, { repo: 'jwt', objective: 'Sign.', now: 0 }));
  const none: GitFailure = {
    kind: 'other',
    message: 'it is no repository',
    stderr: '',
  } as unknown as GitFailure;

  it.each<[what: string, text: string | undefined, human: readonly number[], says: readonly string[]]>([
    [
      'what would become of a long file',
      long,
      [1, 2, 3],
      [
        'jwt: PROJECT_MEMORY.md would go from 923 to 367 lines',
        '  62 entries would become one line each under Historical Summary',
        '  3 lines that people wrote would stay as they are',
        '  the whole file would be kept as .clone_memory_archive/PROJECT_MEMORY-20261120T210000Z.md',
      ],
    ],
    [
      'that a short one stays',
      '# Memory\n',
      [1],
      ['jwt: there is nothing to compact (1 line, limit 500, 1 by people)'],
    ],
    ['that there is none', undefined, [], ['jwt has no PROJECT_MEMORY.md on its branch yet']],
  ])('says %s', async (_what, text, human, says) => {
    const world = compactWorld({ text, human: new Set(human) });
    await perform(memoryCommand(world.context), ['compact', 'jwt', '--dry-run']);
    expect(world.out().trimEnd().split('\n')).toEqual(says);
  });

  it('answers the same as JSON', async () => {
    const world = compactWorld({ text: long, human: new Set() });
    await perform(memoryCommand(world.context), ['compact', 'jwt', '--dry-run', '--json']);
    expect(JSON.parse(world.out())).toMatchObject({
      schema_version: 1,
      repo: 'jwt',
      dry_run: true,
      exists: true,
      changed: true,
      lines: { before: 923 },
      human_lines: 0,
      max_lines: 500,
      archive: '.clone_memory_archive/PROJECT_MEMORY-20261120T210000Z.md',
    });
  });

  it.each<[what: string, about: Partial<CompactAbout>, problem: object]>([
    [
      'another process holds it',
      { holder: 'run r1' },
      { code: 'repo-busy', exitCode: 5, message: 'jwt is held by run r1' },
    ],
    [
      'it is half merged',
      { text: '\n<<<<<<< HEAD\n' },
      {
        message: expect.stringContaining(
          'PROJECT_MEMORY.md is left alone: has a conflict marker of a half-done merge',
        ) as string,
        exitCode: 1,
      },
    ],
    [
      'memory is off',
      { text: long, options: { memory_enabled: false } },
      {
        message: 'jwt was not compacted: memory_enabled is false here',
        hint: 'set memory_enabled: true for it first',
      },
    ],
    ...(['hold', 'pr'] as const).map((land): [string, Partial<CompactAbout>, object] => [
      `what lands there is to ${land}`,
      { text: long, options: { land } },
      { message: `jwt was not compacted: land is ${land} here: nothing is pushed by itself` },
    ]),
    [
      'git is told to ignore the archive',
      { text: long, ignored: ['.clone_memory_archive/'] },
      {
        message: expect.stringMatching(
          /^jwt was not compacted: \.clone_memory_archive\/PROJECT_MEMORY-\S+\.md cannot be committed/,
        ) as string,
        hint: 'take it out of .gitignore',
      },
    ],
    [
      'it is a link',
      { text: 'a link' },
      { message: 'jwt was not compacted: PROJECT_MEMORY.md is left alone: it is a link' },
    ],
    ['it is no repository', { identified: none }, { message: 'jwt was not compacted: it is no repository' }],
    [
      'its remote does not answer',
      { synced: none },
      { message: 'jwt was not compacted: it is no repository' },
    ],
    [
      'nobody knows who wrote it',
      { blamed: none, text: long },
      { message: 'jwt was not compacted: it is no repository' },
    ],
  ])('says why not, when %s', async (_what, about, problem) => {
    const world = compactWorld({ text: '', human: new Set(), ...about });
    await expect(
      perform(memoryCommand(world.context), ['compact', 'jwt', '--dry-run']),
    ).rejects.toMatchObject(problem);
  });

  it('says that a turn would be spent, where an agent is to word the lines', async () => {
    const world = compactWorld({ text: long, human: new Set() });
    await perform(memoryCommand(world.context), ['compact', 'jwt', '--dry-run', '--summaries', 'agent']);
    expect(world.out()).toContain('\n  one turn of the agent would be spent on their words\n');
  });

  it('asks no agent where the options want none', async () => {
    const world = compactWorld({ text: long, human: new Set(), options: { memory_summaries: 'mechanical' } });
    const asked = perform(memoryCommand(world.context), ['compact', 'jwt', '--summaries', 'agent']);
    await expect(asked).rejects.toMatchObject({
      code: 'summaries-mechanical',
      exitCode: 2,
      message: 'memory_summaries is mechanical for jwt: no agent is asked about its memory',
    });
  });

  it('suggests the nearest name', async () => {
    const world = compactWorld({ text: '', human: new Set() });
    await expect(perform(memoryCommand(world.context), ['compact', 'jtw'])).rejects.toMatchObject({
      hint: 'did you mean jwt?',
    });
  });
});

interface CompactAbout {
  readonly text: string | undefined;
  readonly human: ReadonlySet<number>;
  readonly holder?: string;
  readonly identified?: GitFailure;
  readonly synced?: GitFailure;
  readonly blamed?: GitFailure;
  readonly ignored?: readonly string[];
  readonly options?: Partial<Options>;
}

/** A portfolio of one repository, as far as its mirror and its memory go. */
function compactWorld(
  about: CompactAbout,
): Omit<LookingWorld, 'context'> & { readonly context: FrontContext } {
  const world = lookingWorld();
  world.portfolio = [
    {
      name: 'jwt',
      path: '/code/jwt',
      branch: '',
      objective: '',
      lastCommit: undefined,
      pinned: false,
      ignored: false,
      missing: false,
      options: {},
    },
  ];
  const orElse = <T>(failure: GitFailure | undefined, answer: T): Promise<Result<T, GitFailure>> =>
    Promise.resolve(failure ? failed(failure) : ok(answer));
  const mirror = {
    tip: 'c'.repeat(40),
    humanLines: () => orElse(about.blamed, about.human),
    openWorkspace: () =>
      Promise.resolve(
        ok({
          ...plainWorkspace({ 'PROJECT_MEMORY.md': about.text }, about.ignored),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        }),
      ),
  } as unknown as Mirror;
  const mirrors = {
    identify: () => orElse(about.identified, { key: 'jwt' }),
    sync: () => orElse(about.synced, mirror),
    discardWorkspace: () => Promise.resolve(),
  } as unknown as Mirrors;
  const leases = {
    acquire: () =>
      Promise.resolve(
        about.holder === undefined
          ? ok({ lost: new AbortController().signal, [Symbol.asyncDispose]: () => Promise.resolve() })
          : failed({ holder: about.holder }),
      ),
  } as unknown as Leases;
  const prompts = { template: (name: string) => Promise.resolve({ text: '', source: name }) };
  const { clock, ledger } = world;
  const open: Partial<OpenWorld> = { clock, ledger, mirrors, leases, prompts };
  const optionsFor = async (repo: Repo) => ({ ...(await world.home.optionsFor(repo)), ...about.options });
  const context = {
    ...world.context,
    home: () => Promise.resolve({ ...world.home, optionsFor }),
    world: () => Promise.resolve(open as OpenWorld),
  } as unknown as FrontContext;
  return { ...world, context };
}
