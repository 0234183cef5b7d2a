import { type Options, optionTable } from '../../src/config/options.ts';
import { type AgentOutcome, noUsage } from '../../src/domain/agent.ts';
import { ok } from '../../src/domain/result.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { nothingKnown } from '../../src/session/knowledge.ts';
import type { OpenSession, SessionWorld, Stop } from '../../src/session/visit.ts';
import { inSession, moved, queued } from './facts.ts';
import { repo } from './looking-context.ts';
import { memoryEventLog } from './memory-event-log.ts';
import { steppingClock } from './stepping-clock.ts';

/** One turn of the scripted agent: what it writes, says, and how it ends. */
export interface ScriptedTurn {
  readonly writes?: string;
  readonly outcome?: AgentOutcome;
  /** False: it does not name its conversation. */
  readonly names?: boolean;
  /** Called while the turn goes on. */
  readonly meanwhile?: () => void;
}

/**
 * A session at work, in memory: the agent does what the script says, turn by turn, and the one check is red as long as
 * the files say BAD. The ledger is real.
 */
export async function workingSession(
  script: readonly ScriptedTurn[],
  given: Partial<Options> = {},
  base = 'base',
) {
  const clock = steppingClock(1000);
  const ledger: Ledger = openLedger(memoryEventLog(), clock);
  const drain = new AbortController();
  const now = new AbortController();
  const stop: Stop = { drain: drain.signal, now: now.signal };
  const options = { ...defaults(), memory_enabled: false, ...given };
  const turns = [...script];
  const prompts: string[] = [];
  const threads: (string | undefined)[] = [];
  let files = base;
  let commits = 0;
  const trees = new Map([['base', base]]);

  const world = {
    clock,
    ledger,
    redact: (text: string) => text,
    randomId: () => '0',
    prompts: { template: (name: string) => Promise.resolve({ text: templateOf(name), source: name }) },
    files: { write: () => Promise.resolve() },
    checkEnvironment: {},
    commands: {
      run: () =>
        Promise.resolve({ ending: 'exited', exitCode: files.includes('BAD') ? 1 : 0, seconds: 1, swept: 0 }),
    },
    workplace: { readEnds: () => Promise.resolve('') },
    agents: {
      named: () => ({
        turn(request: { thread: string | undefined; prompt: string }) {
          const next = turns.shift();
          if (!next) throw new Error('nobody expected another turn');
          threads.push(request.thread);
          prompts.push(request.prompt.trim());
          files = next.writes ?? files;
          next.meanwhile?.();
          const answer = JSON.stringify({ status: 'done', summary: 'Did it.', commit_message: 'Do it' });
          const outcome = next.outcome ?? { kind: 'completed' };
          const thread = next.names === false ? undefined : 't1';
          return Promise.resolve({ outcome, thread, answer, usage: noUsage, seconds: 1, events: 3 });
        },
      }),
    },
  } as unknown as SessionWorld;
  const session = {
    visit: {
      ...inSession,
      session: 's1',
      repo: repo('jwt'),
      options,
      signals: [],
      issues: [],
      onlyAsked: true,
      landedSinceCleanup: 0,
      folder: '/logs',
      logs: 'logs',
    },
    knowledge: nothingKnown,
    ledger: ledger.within(inSession),
    mirror: {
      keep: () => Promise.resolve(),
      change: () => Promise.resolve(ok({ files: [] })),
    },
    workspace: {
      folder: '/w',
      base: 'base',
      snapshot: (than: string) => Promise.resolve(ok({ tree: files, changed: files !== trees.get(than) })),
      commit(tree: string) {
        commits += 1;
        trees.set(`c${commits}`, tree);
        return Promise.resolve(ok(`c${commits}`));
      },
      resetTo(sha: string) {
        files = trees.get(sha) ?? '';
        return Promise.resolve(ok(undefined));
      },
      readPlain: () => Promise.resolve({ kind: 'none' }),
      changedAside: () => [],
      strayCommits: () => Promise.resolve([]),
    },
  } as unknown as OpenSession;
  await ledger.record(queued(), moved('setup'), moved('active'));
  return { world, session, ledger, stop, drain, now, prompts, threads, files: () => files };
}

/** As ours: who begins a thread is told the contract, later turns know it. */
function templateOf(name: string): string {
  if (name === 'core' || name === 'steering') return `The ${name}.`;
  return name === 'first-task' ? '{{core}}\n\nTurn: first-task' : `Turn: ${name}`;
}

function defaults(): Options {
  return Object.fromEntries(
    Object.entries(optionTable).map(([name, spec]) => [name, spec.default]),
  ) as unknown as Options;
}
