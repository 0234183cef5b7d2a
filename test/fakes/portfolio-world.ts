import { type OptionName, type Options, optionTable } from '../../src/config/options.ts';
import type { CiJob, CiRun } from '../../src/domain/ci.ts';
import type { Identity, Repo } from '../../src/domain/repo.ts';
import { failed, ok } from '../../src/domain/result.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Crew } from '../../src/loops/one-repository.ts';
import type { RunOrder, RunWorld } from '../../src/loops/run-world.ts';
import type { LocalState } from '../../src/ports/discovery.ts';
import type { Forge } from '../../src/ports/forge.ts';
import type { Mirror } from '../../src/ports/mirrors.ts';
import { fingerprintAt } from '../../src/session/current-fingerprint.ts';
import type { Stop, Visit } from '../../src/session/visit.ts';
import { ciRun } from './facts.ts';
import { repo } from './looking-context.ts';
import { memoryEventLog } from './memory-event-log.ts';
import { steppingClock } from './stepping-clock.ts';

/** How a visit to a repository ends: nothing to do, one commit landed, or a failure. */
type Temper = 'quiet' | 'busy' | 'failing' | 'held';

/** One repository of a portfolio that exists only in memory. */
interface FakeRepo {
  entry: Repo;
  temper: Temper;
  tip: string;
  /** What the person's own checkout has. */
  local: string;
  pushedAt: number;
  /** Nothing is at its path. */
  gone: boolean;
  /** It does not answer. */
  silent: boolean;
  /** Lines of its PROJECT_MEMORY.md. */
  memory: number;
  /** What CI did, the newest first. */
  runs: readonly CiRun[];
}

export interface PortfolioWorldOptions {
  /** True: the forge tells when somebody pushed. */
  readonly forge?: boolean | undefined;
  readonly options?: Partial<Options> | undefined;
}

/** A portfolio in memory with a real ledger: visits end as their repository's temper is, and time is turned by hand. */
export function portfolioWorld(given: PortfolioWorldOptions = {}) {
  const clock = steppingClock(Date.UTC(2026, 10, 21, 6));
  const ledger = openLedger(memoryEventLog(), clock);
  const repos = new Map<string, FakeRepo>();
  const visits: { readonly repo: string; readonly at: number; readonly visit: Visit }[] = [];
  const asks: { readonly repo: string; readonly at: number }[] = [];
  const ciAsks: string[] = [];
  let looks = 0;
  let commits = 0;
  let ids = 0;
  const options: Options = { ...defaults(), issues_enabled: false, parallel_repos: 1, ...given.options };
  const at = (path: string): FakeRepo | undefined =>
    [...repos.values()].find(({ entry, gone }) => entry.path === path && !gone);

  function push(name: string, by: 'us' | 'them'): string {
    const one = repos.get(name);
    if (!one) throw new Error(`there is no ${name}`);
    commits += 1;
    one.tip = `${by}-${name}-${commits}`;
    one.pushedAt = Math.floor(clock.now() / 1000) * 1000;
    if (by === 'us') one.local = one.tip;
    return one.tip;
  }

  const discovery: RunWorld['discovery'] = {
    look: () => Promise.resolve(undefined),
    state: (path) => Promise.resolve(stateOf(at(path), clock.now())),
    text: (path) => 'a line\n'.repeat(at(path)?.memory ?? 0),
  };
  const forge: Partial<Forge> = {
    slugOf: (url) => (url.startsWith('https://github.com/') ? url.slice(19) : undefined),
    pushed() {
      looks += 1;
      return Promise.resolve(
        ok(new Map([...repos.values()].map((one) => [`me/${one.entry.name}`, one.pushedAt]))),
      );
    },
  };
  const runsAt = (slug: string): readonly CiRun[] => repos.get(slug.replace('me/', ''))?.runs ?? [];
  const ci: Partial<Forge> = {
    runsOn(slug) {
      ciAsks.push(slug);
      return Promise.resolve(ok(runsAt(slug)));
    },
    runsOf: (slug, sha) => Promise.resolve(ok(runsAt(slug).filter((run) => run.sha === sha))),
    jobsOf: (_slug, runId) => Promise.resolve(ok([failingJob(runId)])),
    log: (_slug, id) => Promise.resolve(ok(chunks([`##[error]job ${id} says RED\n`]))),
  };
  const world = {
    clock,
    ledger,
    discovery,
    forge: given.forge ? ({ ...forge, ...ci } as Forge) : undefined,
    mirrors: {
      identify(entry: Repo) {
        const there = at(entry.path) !== undefined;
        const message = `nothing is at ${entry.path}`;
        return Promise.resolve(
          there ? ok(identityOf(entry)) : failed({ kind: 'not-a-repository' as const, message }),
        );
      },
      sync({ gitDir }: Identity) {
        const one = at(gitDir);
        asks.push({ repo: one?.entry.name ?? '', at: clock.now() });
        if (!one || one.silent)
          return Promise.resolve(failed({ kind: 'unreachable' as const, message: 'no route' }));
        return Promise.resolve(ok({ tip: one.tip } as Mirror));
      },
    },
    prompts: { template: (name: string) => Promise.resolve({ text: name, source: name }) },
    files: { sessionFolder: () => Promise.resolve('/logs'), relative: () => '' },
    randomId() {
      ids += 1;
      return String(ids).padStart(8, '0');
    },
    redact: (text: string) => text,
  } as unknown as RunWorld;

  /** What a real visit tells the ledger, and nothing of what it does. */
  const visit: Crew['visit'] = async (_world, due) => {
    const one = repos.get(due.repo.name);
    if (!one) throw new Error(`there is no ${due.repo.name}`);
    visits.push({ repo: due.repo.name, at: clock.now(), visit: due });
    const here = ledger.within({
      run: due.run,
      cycle: due.cycle,
      repo: due.repo.name,
      session: due.session,
    });
    const move = (to: 'setup' | 'active' | 'completed_unreviewed' | 'accepted' | 'merged' | 'pushed') =>
      here.record({ type: 'session-moved', to, facts: to === 'accepted' ? { tip: one.tip } : {} });
    const { path } = due.repo;
    const why = due.signals.map(({ text }) => text).join('; ');
    await here.record({ type: 'session-queued', agent: 'codex', land: 'push', why, path, logs: '' });
    await move('setup');
    await here.record({ type: 'repo-seen', path, branch: 'main', ...fingerprintAt(due, one.tip) });
    await move('active');
    for (const { id } of await ledger.operatorTasks({ repo: due.repo.name, states: ['queued'] }))
      await here.record({ type: 'operator-task-moved', id, to: 'claimed', why: '' });
    // A visit takes its time: the next one does not begin at the same moment.
    clock.at += 1000;
    const end = async (state: 'no_work' | 'failed' | 'blocked' | 'cleaned', blockedBy?: 'human') => {
      await here.record({ type: 'session-moved', to: state, why: state, blockedBy, facts: {} });
      return { end: { state, blockedBy, why: state }, failure: undefined, landed: undefined };
    };
    if (one.temper === 'quiet') return await end('no_work');
    if (one.temper === 'failing') return await end('failed');
    await move('completed_unreviewed');
    await move('accepted');
    if (one.temper === 'held') return await end('blocked', 'human');
    await move('merged');
    const sha = push(due.repo.name, 'us');
    await here.record({ type: 'landed', sha, branch: 'main', mode: 'push', commits: [] });
    await move('pushed');
    return await end('cleaned');
  };
  const order: RunOrder = {
    run: 'r1',
    options,
    only: [],
    optionsFor: () => Promise.resolve(options),
    warningsFor: () => Promise.resolve([]),
    reload: () => Promise.resolve({ options, problem: undefined }),
  };
  const stop: Stop = { drain: new AbortController().signal, now: new AbortController().signal };

  return {
    world,
    ledger,
    clock,
    order,
    stop,
    visit,
    visits,
    asks,
    looks: () => looks,
    /** Slugs that CI was asked about. */
    ciAsks,
    add(name: string, temper: Temper, entry: Partial<Repo> = {}): void {
      const made = repo(name, { pinned: true, ...entry });
      const tip = `first-${name}`;
      repos.set(name, {
        entry: made,
        temper,
        tip,
        local: tip,
        pushedAt: Date.UTC(2026, 0, 1),
        gone: false,
        silent: false,
        memory: 0,
        runs: [],
      });
    },
    entries: (): readonly Repo[] => [...repos.values()].map(({ entry }) => entry),
    change(name: string, more: Partial<FakeRepo>): void {
      const one = repos.get(name);
      if (one) repos.set(name, { ...one, ...more });
    },
    edit(name: string, more: Partial<Repo>): void {
      const one = repos.get(name);
      if (one) repos.set(name, { ...one, entry: { ...one.entry, ...more } });
    },
    push: (name: string) => push(name, 'them'),
    /** CI takes up the tip of a repository, or ends with it; undefined: it is at work. */
    runCi(name: string, conclusion?: 'success' | 'failure'): void {
      const one = repos.get(name);
      if (!one) throw new Error(`there is no ${name}`);
      const before = one.runs.find(({ sha }) => sha === one.tip);
      const status = conclusion === undefined ? 'in_progress' : 'completed';
      const createdAt = before?.createdAt ?? clock.now();
      const id = before?.id ?? Math.floor(clock.now() / 1000);
      const run = ciRun(id, { sha: one.tip, status, conclusion: conclusion ?? null, createdAt });
      one.runs = [run, ...one.runs.filter((other) => other.id !== id)];
    },
  };
}

function failingJob(runId: number): CiJob {
  const steps = [{ number: 1, name: 'Test', conclusion: 'failure' }];
  const name = 'test';
  return {
    id: runId,
    runId,
    name,
    status: 'completed',
    conclusion: 'failure',
    steps,
    runnerName: 'r',
    url: '',
  };
}

async function* chunks(texts: readonly string[]): AsyncIterable<string> {
  await Promise.resolve();
  yield* texts;
}

function stateOf(one: FakeRepo | undefined, now: number): LocalState | undefined {
  return (
    one && {
      gitDir: one.entry.path,
      branch: 'main',
      tip: one.local,
      tracked: undefined,
      remoteUrl: `https://github.com/me/${one.entry.name}`,
      lastActive: now,
      marks: one.memory > 0 ? { 'PROJECT_MEMORY.md': String(one.memory) } : {},
    }
  );
}

function identityOf({ name, path }: Repo): Identity {
  return {
    gitDir: path,
    key: name,
    checkout: path,
    remoteUrl: `https://github.com/me/${name}`,
    branch: 'main',
  };
}

function defaults(): Options {
  const names = Object.keys(optionTable) as OptionName[];
  return Object.fromEntries(names.map((name) => [name, optionTable[name].default])) as Options;
}
