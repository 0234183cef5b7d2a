import { beforeEach, describe, expect, it } from 'vitest';
import { inSession } from '../../test/fakes/facts.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import { plainWorkspace } from '../../test/fakes/plain-workspace.ts';
import { builtInPrompt } from '../adapters/prompts/built-in-prompts.ts';
import { type Options, optionTable } from '../config/options.ts';
import { type AgentOutcome, noUsage, type TurnResult } from '../domain/agent.ts';
import { ok } from '../domain/result.ts';
import { minutes } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import type { Agent, TurnRequest } from '../ports/agents.ts';
import type { OldEntry } from '../rules/memory/compact-memory.ts';
import { nothingKnown } from './knowledge.ts';
import { type Summarised, summariserFor, summariserOfLanding } from './summarise.ts';
import type { OpenSession, SessionWorld, Stop } from './visit.ts';

const now = Date.UTC(2026, 10, 20);
const defaults = Object.fromEntries(
  Object.entries(optionTable).map(([name, spec]) => [name, spec.default]),
) as unknown as Options;
const entries: readonly OldEntry[] = [
  { at: now, trust: 'trusted', told: 'Decision: keep hono hunter2' },
  { at: now, trust: 'untrusted', told: 'Decision: an issue wants more' },
];
const good = {
  summaries: [
    { id: 'e1', line: 'Hono stays' },
    { id: 'e2', line: 'More is wanted' },
  ],
};

let ledger: Ledger;
let requests: TurnRequest[];
let drain: AbortController;
beforeEach(() => {
  ledger = openLedger(memoryEventLog(), { now: () => now }).within(inSession);
  requests = [];
  drain = new AbortController();
});

interface Told {
  readonly answer?: string;
  readonly outcome?: AgentOutcome;
  readonly options?: Partial<Options>;
  readonly ofLanding?: boolean;
  /** What the agent does to the files. */
  readonly edits?: ((files: Map<string, unknown>) => void) | undefined;
}

/** A landing that asks, with an agent that answers so. */
function asking({
  answer,
  outcome = { kind: 'completed' },
  options = {},
  edits,
  ofLanding = false,
}: Told = {}) {
  const plain = plainWorkspace({ 'a.txt': 'as it was\n' });
  const workspace = {
    ...plain,
    resetTo() {
      plain.files.clear();
      plain.files.set('a.txt', 'as it was\n');
      return Promise.resolve(ok(undefined));
    },
  };
  const agent: Agent = {
    name: 'codex',
    probe: () => Promise.reject(new Error('nobody asks')),
    turn(request) {
      requests.push(request);
      edits?.(plain.files);
      const result: TurnResult = {
        outcome,
        thread: 'th-summary',
        answer: answer ?? JSON.stringify(good),
        usage: noUsage,
        seconds: 1,
        events: 3,
      };
      return Promise.resolve(result);
    },
  };
  const world: Partial<SessionWorld> = {
    clock: { now: () => now, sleep: () => Promise.reject(new Error('nobody waits here')) },
    agents: { named: () => agent },
    prompts: {
      template: async (name) => ({ text: (await builtInPrompt(name)) ?? '', source: `built-in ${name}.md` }),
    },
    files: { write: () => Promise.resolve() },
    redact: (text) => text.replaceAll('hunter2', '[redacted]'),
    randomId: () => 'n0nce',
  };
  const session: Partial<OpenSession> = {
    visit: {
      session: 's1',
      repo: { name: 'jwt', path: '/code/jwt', objective: '' },
      options: { ...defaults, ...options },
      issues: [],
      folder: '/logs',
      logs: 'logs',
    } as unknown as OpenSession['visit'],
    knowledge: nothingKnown,
    workspace: workspace as unknown as OpenSession['workspace'],
    ledger,
  };
  const stop: Stop = { drain: drain.signal, now: new AbortController().signal };
  const summariser = ofLanding ? summariserOfLanding : summariserFor;
  const summarise = summariser(world as SessionWorld, session as OpenSession, stop);
  const ask = async (): Promise<Summarised | undefined> => {
    const files = await plain.snapshot('c1');
    return summarise?.(entries, { tip: 'c1', tree: files.ok ? files.value.tree : '' });
  };
  return { ask, files: plain.files };
}

const told = async (): Promise<unknown[]> =>
  (await ledger.events({})).filter(({ type }) => type === 'memory-summarised');

describe('a summary turn', () => {
  it('is a short one on a thread of its own that may only look', async () => {
    const { ask } = asking({ options: { agent_attempts: 5, turn_minutes: 60 } });
    await ask();
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      kind: 'summary',
      thread: undefined,
      sandbox: 'read-only',
      limits: { totalMs: minutes(10) },
      log: { stem: 'summary' },
    });
  });

  it('is told the entries by their trust, without secrets', async () => {
    await asking().ask();
    const prompt = requests[0]?.prompt ?? '';
    expect(prompt).toMatch(/^Turn: summary\nRepository: jwt\n/);
    expect(prompt).toContain('Entry e1, of 2026-11-20:\nDecision: keep hono [redacted]\n');
    expect(prompt).toContain('<<<data-n0nce\nDecision: an issue wants more\ndata-n0nce>>>');
    expect(prompt).not.toMatch(/\{\{|undefined|hunter2/);
  });

  it('gives words for the entries, untrusted where something untrusted was read', async () => {
    const said = await asking().ask();
    expect(said).toMatchObject({ asked: 2, used: 2, why: undefined });
    expect(said?.wordsFor(entries[0]?.told ?? '')).toEqual({ said: 'Hono stays', trust: 'untrusted' });
    expect(said?.wordsFor('Decision: never asked for')).toBeUndefined();
    expect(await told()).toMatchObject([{ asked: 2, used: 2 }]);
  });

  it('is taken once, however often the landing begins anew', async () => {
    const { ask } = asking();
    const first = await ask();
    expect(await ask()).toBe(first);
    expect(requests).toHaveLength(1);
    expect(await told()).toHaveLength(1);
  });

  it('leaves the thread of the session to the work', async () => {
    await asking().ask();
    const ends = (await ledger.events({})).filter(({ type }) => type === 'turn-ended');
    expect(ends).toMatchObject([{ kind: 'summary', thread: 'th-summary' }]);
  });

  it.each<[when: string, how: Told]>([
    ['the options want none', { options: { memory_summaries: 'mechanical' } }],
    ['the run is stopping', {}],
  ])('is not taken when %s', async (when, how) => {
    if (when.includes('stopping')) drain.abort();
    const { ask } = asking(how);
    expect((await ask())?.used ?? 0).toBe(0);
    expect(requests).toEqual([]);
    expect(await told()).toEqual([]);
  });

  it('is not spent on a landing while the last commit that remembers did not land', async () => {
    await ledger.record({ type: 'remembered', commit: 'm1', items: [] });
    expect((await asking({ ofLanding: true }).ask())?.asked).toBe(0);
    expect(requests).toEqual([]);
    expect((await asking().ask())?.asked).toBe(2);
  });

  it('is spent on a landing that begins anew with what it wrote first', async () => {
    const { ask } = asking({ ofLanding: true });
    const first = await ask();
    await ledger.record({ type: 'remembered', commit: 'm1', items: [] });
    expect(await ask()).toBe(first);
    expect(first?.used).toBe(2);
    expect(requests).toHaveLength(1);
  });

  it.each<[what: string, how: Told, used: number, why: RegExp]>([
    ['nonsense', { answer: 'I did it.' }, 0, /^the answer is not JSON$/],
    ['another form', { answer: '{"outcome":"no_work"}' }, 0, /summaries/],
    ['no line', { answer: '{"summaries":[]}' }, 0, /^no line for an entry$/],
    [
      'a bad line',
      { answer: JSON.stringify({ summaries: [good.summaries[0], { id: 'e2', line: '# x' }] }) },
      1,
      /Markdown/,
    ],
    [
      'nothing but a limit',
      { outcome: { kind: 'limited', until: undefined, message: 'the limit is used up' } },
      0,
      /limit is used up/,
    ],
    [
      'nothing before its time is over',
      { outcome: { kind: 'timeout', message: 'it took 10 minutes' } },
      0,
      /10 minutes/,
    ],
    [
      'nothing but a failure that may pass: nobody tries again while a landing waits',
      { outcome: { kind: 'failed', reason: 'server', retryable: true, message: 'the server is busy' } },
      0,
      /busy/,
    ],
  ])('that brings %s leaves the others to their own words, and says why', async (_what, how, used, why) => {
    const said = await asking(how).ask();
    expect(said?.used).toBe(used);
    expect(requests).toHaveLength(1);
    expect(await told()).toMatchObject([{ asked: 2, used, why: expect.stringMatching(why) as string }]);
  });

  it.each<[what: string, edits: Told['edits']]>([
    ['changes a file', (files) => files.set('a.txt', 'changed\n')],
    ['makes one', (files) => files.set('b.txt', 'new\n')],
    ['removes one', (files) => files.delete('a.txt')],
  ])('that %s is not believed, and the files are put back', async (_what, edits) => {
    const { ask, files } = asking({ edits });
    expect(await ask()).toMatchObject({ used: 0, why: 'it changed files, which was taken back' });
    expect([...files]).toEqual([['a.txt', 'as it was\n']]);
  });
});
