import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';

import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { diskDiscovery } from '../src/adapters/discovery/disk-discovery.ts';
import { githubForge } from '../src/adapters/forge/github-forge.ts';
import { gitMirrors } from '../src/adapters/git/git-mirrors.ts';
import { sqliteEventLog } from '../src/adapters/ledger/sqlite-event-log.ts';
import { builtInPrompt } from '../src/adapters/prompts/built-in-prompts.ts';
import { promptFiles } from '../src/adapters/prompts/prompt-files.ts';
import { type OptionName, type Options, optionTable } from '../src/config/options.ts';
import type { Repo } from '../src/domain/repo.ts';
import { openLedger } from '../src/ledger/open-ledger.ts';
import { runCycle } from '../src/loops/cycle.ts';
import { memoryFilesOf } from '../src/loops/memory-files.ts';
import type { Crew } from '../src/loops/one-repository.ts';
import type { RunOrder, RunWorld } from '../src/loops/run-world.ts';
import { survey } from '../src/loops/survey.ts';
import type { CiScheduler } from '../src/loops/watch-ci.ts';
import { fingerprintAt } from '../src/session/current-fingerprint.ts';
import { startGitHub } from '../testkit/github/server.ts';
import { makeManyRepos } from './fixtures/many-repos.ts';
import { shipped } from './fixtures/shipped.ts';
import { temporaryFolder } from './fixtures/temporary.ts';
import { inTurn, median } from './measure/numbers.ts';
import type { Benchmark } from './measure/report.ts';

const count = 1000;
const rounds = 9;
const target = 1.5;
const mostRequests = 3;

/** Looking for reasons to work in 1,000 quiet repositories, beside only reading their `.git` files. */
export const signals: Benchmark = {
  name: 'signals',
  title: 'Signals of 1,000 quiet repositories, warm, beside reading their `.git` files',
  async run() {
    await using temporary = await temporaryFolder('signals');
    const { folder } = temporary;
    await using github = await startGitHub({ folder: path.join(folder, 'github') });
    const { token } = github.addUser({ login: 'alice' });
    const repos = await makeRepos(folder, github);
    await using world = await makeWorld(folder, { apiUrl: github.apiUrl, token });
    const order = orderOf({ github_api_url: github.apiUrl });
    const stop = { drain: new AbortController().signal, now: new AbortController().signal };
    const memory = memoryFilesOf(world.discovery);

    // One visit each that finds nothing to do, then cycles until nothing is learned any more.
    const sweep = { repos, deadline: Infinity, memory, scheduler: {} as CiScheduler };
    await runCycle(world, order, { ...sweep, cycle: 1, visit: findsNothing(world) }, stop);
    for (let cycle = 2; cycle <= 6; cycle += 1) await runCycle(world, order, { ...sweep, cycle }, stop);

    const gather = async (): Promise<number> => {
      const start = performance.now();
      const { left } = await survey(world, order, { repos, memory, runBegan: Date.now() });
      const quiet = left.filter(({ why }) => why === 'no signal').length;
      if (quiet !== count) throw new Error(`${quiet} repositories are quiet: ${left[0]?.why ?? 'none'}`);
      return performance.now() - start;
    };
    const before = github.requests.length;
    const syncs = world.syncs();
    await gather();
    const asked = github.requests.slice(before);
    const walls = await inTurn(rounds, { look: () => readAll(repos), gather });
    const ratio = median(walls.gather.map((wall, round) => wall / (walls.look[round] ?? Number.NaN)));
    const full = asked.filter(({ status }) => status !== 304).length;
    return {
      rows: [
        {
          what: 'signals of 1,000 quiet repositories',
          ours: `${median(walls.gather).toFixed(0)} ms`,
          against: `reading .git ${median(walls.look).toFixed(0)} ms`,
          ratio,
          target: `≤ ${target}×`,
          held: ratio <= target,
        },
        {
          what: 'API requests for all of them, nothing changed',
          ours: `${asked.length}, ${full} of them not conditional`,
          target: `≤ ${mostRequests}, conditional`,
          held: asked.length <= mostRequests && full === 0,
        },
        {
          what: 'git processes',
          ours: String(world.syncs() - syncs),
          target: '0',
          held: world.syncs() === syncs,
        },
      ],
      remarks: [...new Set(asked.map(({ method, path: at, status }) => `${method} ${at}: ${status}`))],
    };
  },
};

async function readAll(repos: readonly Repo[]): Promise<number> {
  const discovery = diskDiscovery();
  const start = performance.now();
  for (const repo of repos) if (!(await discovery.look(repo.path))) throw new Error(`${repo.path} is gone`);
  return performance.now() - start;
}

/** Checkouts whose remotes are on the stand-in; nothing was ever pushed there that they do not have. */
async function makeRepos(
  folder: string,
  github: Awaited<ReturnType<typeof startGitHub>>,
): Promise<readonly Repo[]> {
  const { env } = await shipped(folder);
  const root = await makeManyRepos(folder, count, env);
  const seedFrom = path.join(root, 'group-0/project-0');
  const repos: Repo[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `project-${index}`;
    const at = path.join(root, `group-${index % 25}`, name);
    await github.addRepo({ owner: 'alice', name, private: true, seedFrom });
    // Long ago: a push of a moment ago may still bring a run of CI, which is waited for.
    github.repo(`alice/${name}`).pushedAt = new Date('2026-01-01T00:00:00Z');
    const config = path.join(at, '.git/config');
    const text = await readFile(config, 'utf8');
    await writeFile(
      config,
      text.replace('https://example.invalid/o/r.git', `${github.url}/alice/${name}.git`),
    );
    repos.push({
      name,
      path: at,
      branch: 'main',
      objective: `Keep ${name} useful.`,
      lastCommit: undefined,
      pinned: false,
      ignored: false,
      missing: false,
      options: {},
    });
  }
  return repos;
}

/** The real adapters, as far as signals need them; every sync, which is a git process, is counted. */
async function makeWorld(folder: string, forge: { apiUrl: string; token: string }) {
  const clock = systemClock();
  const made = githubForge({ ...forge, clock, userAgent: 'clone/bench' });
  if (!made.ok) throw new Error(made.failure);
  const ledger = openLedger(sqliteEventLog({ file: path.join(folder, 'state.db') }), clock);
  await ledger.record({
    type: 'run-started',
    run: 'r1',
    pid: process.pid,
    processStart: '',
    host: '',
    version: '',
    cycles: 0,
    parallel: 3,
    agent: 'codex',
    folder: '',
  });
  const author = { name: 'clone', email: 'clone@localhost' };
  const tokenFor = (): string => forge.token;
  const mirrors = gitMirrors({ folder, environment: process.env, tokenFor, author });
  let syncs = 0;
  const used: Partial<RunWorld> = {
    clock,
    ledger,
    forge: made.value,
    discovery: diskDiscovery(),
    mirrors: {
      ...mirrors,
      sync(identity) {
        syncs += 1;
        return mirrors.sync(identity);
      },
    },
    prompts: promptFiles({ folder: path.join(folder, 'prompts'), named: {}, builtIn: builtInPrompt }),
    files: {
      folder,
      sessionFolder: () => Promise.resolve(folder),
      write: () => Promise.resolve(),
      relative: () => '',
    },
    randomId: () => String((ids += 1)).padStart(8, '0'),
    redact: (text) => text,
  };
  let ids = 0;
  return {
    ...(used as RunWorld),
    syncs: () => syncs,
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  };
}

/** A visit that ends without work, as the ledger knows it. */
function findsNothing(world: RunWorld): Crew['visit'] {
  return async (_world, visit) => {
    const { repo, session } = visit;
    const ledger = world.ledger.within({ run: visit.run, cycle: visit.cycle, repo: repo.name, session });
    const synced = await world.mirrors.sync(visit.identity);
    if (!synced.ok) throw new Error(synced.failure.message);
    const { path: at } = repo;
    await ledger.record(
      { type: 'session-queued', agent: 'codex', land: 'push', why: '', path: at, logs: '' },
      { type: 'session-moved', to: 'setup', facts: {} },
      { type: 'repo-seen', path: at, branch: 'main', ...fingerprintAt(visit, synced.value.tip) },
      { type: 'session-moved', to: 'active', facts: {} },
      { type: 'session-moved', to: 'no_work', why: 'it is fine', facts: {} },
    );
    return { end: { state: 'no_work', why: '' }, failure: undefined, landed: undefined };
  };
}

function orderOf(own: Partial<Options>): RunOrder {
  const names = Object.keys(optionTable) as OptionName[];
  const values = Object.fromEntries(names.map((name) => [name, optionTable[name].default])) as Options;
  const options = { ...values, ...own };
  return {
    run: 'r1',
    options,
    only: [],
    optionsFor: () => Promise.resolve(options),
    warningsFor: () => Promise.resolve([]),
    reload: () => Promise.resolve({ options, problem: undefined }),
  };
}
