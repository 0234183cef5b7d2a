import { expect, it } from 'vitest';
import { evidence, inSession, moved, planned, queued, task } from '../../test/fakes/facts.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import { steppingClock } from '../../test/fakes/stepping-clock.ts';
import { builtInPrompt } from '../adapters/prompts/built-in-prompts.ts';
import { type Options, optionTable } from '../config/options.ts';
import { type AgentOutcome, noUsage, type TurnResult } from '../domain/agent.ts';
import { ok } from '../domain/result.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import type { TurnRequest } from '../ports/agents.ts';
import { acceptReviewed, passReview } from './accept-reviewed.ts';
import { nothingKnown } from './knowledge.ts';
import { mostReviewTurns } from './review.ts';
import type { OpenSession, SessionWorld } from './visit.ts';

const defaults = Object.fromEntries(
  Object.entries(optionTable).map(([name, spec]) => [name, spec.default]),
) as unknown as Options;

/** What an agent does in one turn: its answer, the files as it leaves them, how it ends. */
interface Does {
  readonly says?: unknown;
  readonly files?: string;
  readonly ends?: AgentOutcome;
}
const finds = (...severities: readonly string[]): Does => ({
  says: {
    findings: severities.map((severity, index) => ({
      severity,
      file: 'a.ts',
      line: index + 1,
      what: `It is wrong (${severity})`,
      why: 'It is.',
      suggestion: 'Mend it.',
    })),
  },
});
const mends: Does = {
  says: { status: 'done', summary: 'Mended.', commit_message: 'Mend it' },
  files: 'good',
};
const nonsense: Does = { says: 'Looks good to me!' };
const limit: AgentOutcome = { kind: 'limited', until: 99, message: 'no more today' };

/** A session with one verified commit, and agents that do one thing after the other. */
async function sessionOf(options: Partial<Options>, script: readonly Does[], red: readonly string[] = []) {
  const clock = steppingClock(1000);
  const ledger = openLedger(memoryEventLog(), clock).within(inSession);
  await ledger.record(queued(), moved('setup'), moved('active'), planned(task('t1', { title: 'Divide' })));
  await ledger.record(
    { type: 'check-ran', evidence: evidence('test', { tree: 'work' }) },
    // Of a task that was taken out.
    { type: 'check-ran', evidence: evidence('test', { exitCode: 1, tree: 'else' }) },
    {
      type: 'task-ended',
      task: 't1',
      state: 'done',
      why: '',
      claims: [{ text: 'it divides', how: 'npm test' }],
    },
    moved('completed_unreviewed'),
  );
  const drain = new AbortController();
  const turns: TurnRequest[] = [];
  const resets: string[] = [];
  const committed = new Map([['tip', 'work']]);
  let files = 'work';
  const rest = [...script];
  const agent = (name: string) => ({
    name,
    probe: () => Promise.reject(new Error('nobody asks')),
    turn(request: TurnRequest): Promise<TurnResult> {
      turns.push(request);
      const does = rest.shift();
      if (!does) throw new Error('one turn more than was expected');
      files = does.files ?? files;
      const { says, ends = { kind: 'completed' } } = does;
      const answer = typeof says === 'string' || says === undefined ? says : JSON.stringify(says);
      const thread = `thread-${name}-${turns.length}`;
      return Promise.resolve({ outcome: ends, thread, answer, usage: noUsage, seconds: 1, events: 3 });
    },
  });
  const world = {
    ledger,
    clock,
    agents: { named: (name: string) => agent(name) },
    prompts: {
      template: async (name: string) => ({ text: (await builtInPrompt(name)) ?? '', source: name }),
    },
    files: { write: () => Promise.resolve() },
    redact: (text: string) => text,
    randomId: () => 'n0nce',
    checkEnvironment: {},
    commands: {
      run: () =>
        Promise.resolve({ ending: 'exited', exitCode: red.includes(files) ? 1 : 0, seconds: 1 } as const),
    },
  } as unknown as SessionWorld;
  const repo = { name: 'jwt', path: '/code/jwt', objective: '' };
  const all = { ...defaults, ...options };
  const diff = 'diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-x\n+y\n';
  const change = { files: [{ path: 'a.ts', status: 'modified', added: 1, deleted: 1 }] };
  const session = {
    visit: { session: 's1', run: 'r1', repo, options: all, issues: [], folder: '/logs', logs: 'logs' },
    knowledge: nothingKnown,
    ledger,
    mirror: {
      identity: { branch: 'main' },
      commits: () => Promise.resolve(ok([])),
      change: () => Promise.resolve(ok(change)),
      diff: () => Promise.resolve(ok(diff)),
      keep: () => Promise.resolve(),
    },
    workspace: {
      folder: '/w',
      base: 'base',
      snapshot: (than: string) =>
        Promise.resolve(ok({ tree: files, changed: files !== committed.get(than) })),
      changedAside: () => [],
      commit(tree: string) {
        committed.set(`commit-${committed.size}`, tree);
        return Promise.resolve(ok(`commit-${committed.size - 1}`));
      },
      resetTo(sha: string) {
        resets.push(sha);
        files = committed.get(sha) ?? 'base';
        return Promise.resolve(ok(undefined));
      },
    },
  } as unknown as OpenSession;
  const check = { name: 'test', run: 'npm test', timeoutSeconds: 9, required: true, source: 'test' };
  const landing = {
    from: 'base',
    tip: 'tip',
    checks: { checks: [check], setup: [] },
    base: new Map(),
    lease: {} as never,
    thread: 'thread-of-the-work',
    reviews: { left: mostReviewTurns },
  };
  const stop = { drain: drain.signal, now: new AbortController().signal };
  return {
    turns,
    resets,
    drain,
    accept: () => acceptReviewed(world, session, landing, stop),
    pass: (aside = false) => passReview(world, session, { ...landing, aside }, stop),
    files: () => files,
    kinds: () => turns.map(({ kind }) => kind),
    reviews: async () => (await ledger.session('s1'))?.review ?? [],
    salvaged: async () => (await ledger.session('s1'))?.salvage ?? [],
  };
}

const self = { review: 'self' } as const;

it('is not looked at by anybody where no review is wanted', async () => {
  const one = await sessionOf({}, []);
  expect(await one.accept()).toEqual(ok({ tip: 'tip' }));
  expect(one.turns).toEqual([]);
});

it.each<[who: string, options: Partial<Options>, agent: string, model: string]>([
  ['the agent itself', { review: 'self', model: 'big' }, 'codex', 'big'],
  [
    'the other agent, with its own model',
    { review: 'second', agent_command: 'mine', model: 'big' },
    'command',
    '',
  ],
  [
    'the agent that is named',
    { review: 'second', agent: 'command', agent_command: 'mine', review_agent: 'codex' },
    'codex',
    '',
  ],
])('is looked at by %s, read-only and in a fresh thread', async (_who, options, agent, model) => {
  const one = await sessionOf(options, [finds('P2')]);
  expect(await one.accept()).toEqual(ok({ tip: 'tip' }));
  expect(one.turns).toMatchObject([{ kind: 'review', thread: undefined, sandbox: 'read-only', model }]);
  expect(one.turns[0]?.thread).toBeUndefined();
  expect(await one.reviews()).toMatchObject([
    { agent, turn: 's1/review-1', sha: 'tip', outcome: 'passed', findings: [{ severity: 'P2' }] },
  ]);
});

it('is told what was asked, what is claimed, what we saw, and the change as data', async () => {
  const one = await sessionOf(self, [finds()]);
  await one.accept();
  const prompt = one.turns[0]?.prompt ?? '';
  expect(prompt).toMatch(/^Turn: review\nRepository: jwt$/m);
  expect(prompt).toContain('Core Rules');
  expect(prompt).toMatch(/<<<data-n0nce\nTask t1: Divide\n[\s\S]*Claim \(proxy\): it divides \(npm test\)/);
  expect(prompt).toContain('- test (local): `npm run test`: exit 0\n\n');
  expect(prompt).toMatch(/<<<data-n0nce\ndiff --git a\/a\.ts[\s\S]*\+y\ndata-n0nce>>>/);
});

it('goes back once with what weighs, and lands when the second look finds nothing', async () => {
  const one = await sessionOf(self, [finds('P3', 'P1'), mends, finds()]);
  expect(await one.accept()).toEqual(ok({ tip: 'commit-1' }));
  expect(one.kinds()).toEqual(['review', 'repair', 'review']);
  const [, repair, second] = one.turns;
  expect(repair).toMatchObject({ thread: 'thread-of-the-work', sandbox: 'workspace-write' });
  expect(repair?.prompt).toContain('- P1 a.ts:2: It is wrong (P1)\n  Why: It is.\n  Suggestion: Mend it.');
  expect(repair?.prompt).not.toContain('P3');
  expect(second?.thread).toBeUndefined();
  expect((await one.reviews()).map(({ sha, outcome }) => [sha, outcome])).toEqual([
    ['tip', 'blocking'],
    ['commit-1', 'passed'],
  ]);
});

it.each<
  [
    when: string,
    script: readonly Does[],
    options: Partial<Options>,
    held: { tip: string; kinds: string[]; says: RegExp },
  ]
>([
  [
    'what weighs is still there',
    [finds('P0'), mends, finds('P1')],
    {},
    {
      tip: 'commit-1',
      kinds: ['review', 'repair', 'review'],
      says: /^the review by codex found P1 a\.ts:1: /,
    },
  ],
  [
    'the repair changes nothing',
    [finds('P1'), { ...mends, files: 'work' }],
    {},
    {
      tip: 'tip',
      kinds: ['review', 'repair'],
      says: /found P1 .*; the repair turn changed nothing: Mended\.$/,
    },
  ],
  [
    'the repair makes a check red',
    [finds('P1'), { ...mends, files: 'bad' }],
    {},
    {
      tip: 'tip',
      kinds: ['review', 'repair'],
      says: /found P1 .*; the repair made test red and was taken out$/,
    },
  ],
  [
    'the repair turn fails',
    [finds('P1'), { ends: limit }],
    {},
    {
      tip: 'tip',
      kinds: ['review', 'repair'],
      says: /found P1 .*; the repair turn did not end well: no more today$/,
    },
  ],
  [
    'no repair is allowed',
    [finds('P1')],
    { verify_fix_attempts: 0 },
    { tip: 'tip', kinds: ['review'], says: /^the review by codex found P1/ },
  ],
  [
    'the reviewer answers nonsense twice',
    [nonsense, nonsense],
    {},
    { tip: 'tip', kinds: ['review', 'review'], says: /^the answer of codex is no review: .* not JSON$/ },
  ],
  [
    'what weighs is found when no look is left',
    [nonsense, finds('P1')],
    {},
    { tip: 'tip', kinds: ['review', 'review'], says: /^the review by codex found P1/ },
  ],
  [
    'the second look is nonsense',
    [finds('P1'), mends, nonsense],
    {},
    {
      tip: 'commit-1',
      kinds: ['review', 'repair', 'review'],
      says: /^the answer of codex is no review/,
    },
  ],
  [
    'the reviewer is limited',
    [{ ends: limit }],
    {},
    { tip: 'tip', kinds: ['review'], says: /^the review by codex did not come to an end: no more today$/ },
  ],
  [
    'the reviewer says nothing',
    [{ says: '{}' }, { says: '' }],
    {},
    { tip: 'tip', kinds: ['review', 'review'], says: /no review: there was no answer$/ },
  ],
])('waits for a person when %s', async (_when, script, options, { tip, kinds, says }) => {
  const one = await sessionOf({ ...self, ...options }, script, ['bad']);
  expect(await one.accept()).toMatchObject({
    ok: true,
    value: { tip, held: { message: expect.stringMatching(says) as string } },
  });
  expect(one.kinds()).toEqual(kinds);
});

it('says which account has no more, so that it is parked', async () => {
  const second = { review: 'second', agent_command: 'mine' } as const;
  const one = await sessionOf(second, [{ ends: limit }]);
  expect(await one.accept()).toMatchObject({
    value: { held: { stopped: { agent: 'command', failure: { kind: 'agent-limited', until: 99 } } } },
  });
  const two = await sessionOf(second, [finds('P1'), { ends: limit }]);
  expect(await two.accept()).toMatchObject({ value: { held: { stopped: { agent: 'codex' } } } });
});

it('keeps a repair that made a check red, and loses what a reviewer changed', async () => {
  const one = await sessionOf(self, [finds('P1'), { ...mends, files: 'bad' }], ['bad']);
  await one.accept();
  expect(await one.salvaged()).toMatchObject([
    { ref: 'refs/clone/salvage/s1/review-repair', sha: 'commit-1' },
  ]);
  const two = await sessionOf(self, [{ ...finds(), files: 'edited' }]);
  expect(await two.accept()).toEqual(ok({ tip: 'tip' }));
  expect([two.resets, two.files()]).toEqual([['tip'], 'work']);
  expect(await two.reviews()).toMatchObject([{ outcome: 'passed', edited: true }]);
});

it('still has a look when the run is stopping, as part of the landing, and has nothing mended', async () => {
  const clean = await sessionOf(self, [finds('P2')]);
  clean.drain.abort();
  expect(await clean.accept()).toEqual(ok({ tip: 'tip' }));
  const wrong = await sessionOf(self, [finds('P1')]);
  wrong.drain.abort();
  expect(await wrong.accept()).toMatchObject({
    value: { held: { message: expect.stringContaining('found') as string } },
  });
});

it('ends the session when it is stopped at once', async () => {
  const one = await sessionOf(self, [{ ends: { kind: 'interrupted', message: 'stopped' } }]);
  expect(await one.accept()).toMatchObject({ ok: false, failure: { kind: 'interrupted' } });
  expect(await one.reviews()).toEqual([]);
});

it.each<[what: string, options: Partial<Options>, script: readonly Does[], aside: boolean, ends: object]>([
  ['lands unseen where no review is wanted', {}, [], false, ok(undefined)],
  ['lands when it passes', self, [finds('P2')], false, ok(undefined)],
  [
    'waits for a person when something weighs',
    self,
    [finds('P1')],
    false,
    {
      ok: false,
      failure: {
        kind: 'held-for-review',
        message:
          'what solves the conflict may not land: the review by codex found P1 a.ts:1: It is wrong (P1); waits for you: clone review s1, then --accept or --reject "why"',
      },
    },
  ],
  [
    'is rejected in a fix of CI, which nobody can accept',
    self,
    [finds('P1')],
    true,
    { ok: false, failure: { kind: 'tasks-rejected' } },
  ],
])('what an agent solved after the review %s', async (_what, options, script, aside, ends) => {
  const one = await sessionOf(options, script);
  expect(await one.pass(aside)).toMatchObject(ends);
});
