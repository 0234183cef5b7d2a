import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Checkout,
  openWorkBench,
  type WorkBench,
  workflow,
} from '../../../testkit/github/work-bench.ts';
import type { Fact } from '../../domain/fact.ts';
import { ciScheduler } from '../../loops/watch-ci.ts';
import type { Forge } from '../../ports/forge.ts';
import { redactor } from '../../rules/redact.ts';
import { systemClock } from '../clock/system-clock.ts';
import { githubForge } from './github-forge.ts';

// The adapter against the stand-in, whose answers fit GitHub's own schemas: what it reads is really there.

const slug = 'alice/demo';
const clock = systemClock();
let bench: WorkBench;
let work: Checkout;
let forge: Forge;
let base = '';

beforeAll(async () => {
  bench = await openWorkBench();
  work = await bench.checkout('demo');
  const made = githubForge({
    apiUrl: bench.github.apiUrl,
    token: 'alice-token',
    clock,
    userAgent: 'clone/test',
  });
  if (!made.ok) throw new Error(made.failure);
  forge = made.value;
  await bench.github.addRepo({ owner: 'alice', name: 'demo' });
  base = await push('begin', { 'README.md': 'demo\n' });
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

async function push(message: string, files: Record<string, string>): Promise<string> {
  const sha = await work.commit(message, files);
  expect(await work.push(bench.remote(slug), 'main')).toMatchObject({ ok: true });
  return sha;
}

function watch(sha: string, parent: string) {
  const facts: Fact[] = [];
  const files = new Map<string, string>();
  const scheduler = ciScheduler(
    {
      clock,
      forge,
      ledger: {
        record: (...given) => {
          facts.push(...given);
          return Promise.resolve([]);
        },
        watches: () => Promise.resolve([]),
      },
      files: {
        sessionFolder: () => Promise.resolve('/run'),
        write: (file, text) => {
          files.set(file, text);
          return Promise.resolve();
        },
        relative: (file) => file,
      },
      redact: (text) => redactor(['hunter2-hunter2']).text(text),
    },
    new AbortController().signal,
  );
  const outcome = scheduler.watch({
    repo: 'demo',
    slug,
    sha,
    parent,
    branch: 'main',
    session: 's1',
    run: 'r1',
    cycle: 1,
    attempt: 0,
    expected: { kind: 'some', why: 'ci.yml starts on this push' },
    options: {
      ci_wait_timeout_seconds: 60,
      ci_poll_interval_seconds: 0.05,
      ci_grace_seconds: 5,
      ci_rerun_failed_once: true,
    },
  });
  return { outcome, facts, files };
}

it('knows whose token it is, and which remotes are its own', async () => {
  expect(await forge.whoami()).toMatchObject({ ok: true, value: { login: 'alice' } });
  expect(forge.slugOf(bench.remote(slug))).toBe(slug);
  expect(forge.slugOf('https://github.com/alice/demo.git')).toBeUndefined();
});

it('follows a push that breaks to its cause, and one that mends to green', async () => {
  const red = await push('break it', {
    ...workflow('sh check.sh'),
    'check.sh': 'echo "key is hunter2-hunter2"; echo "Error: expected 1 to be 2"; exit 3\n',
  });
  const first = watch(red, base);
  expect(await first.outcome).toMatchObject({
    kind: 'red',
    beforeUs: false,
    failure: {
      jobs: ['ci.yml / test'],
      excerpts: [{ run: { sha: red, attempt: 2 }, job: { name: 'test' }, step: 'Run sh check.sh' }],
    },
  });
  const [excerpt] = first.files.values();
  expect(excerpt).toContain(
    'key is [redacted:secret]\nError: expected 1 to be 2\n##[error]Process completed with exit code 3.',
  );
  expect(first.facts.filter((fact) => fact.type === 'ci-rerun-asked')).toHaveLength(1);

  expect(await forge.runsOn(slug, 'main')).toMatchObject({
    ok: true,
    value: [{ sha: red, event: 'push', conclusion: 'failure' }],
  });
  expect(await forge.runsOn(slug, 'other')).toEqual({ ok: true, value: [] });
  const still = watch(await push('try again', { 'README.md': 'two\n' }), red);
  expect(await still.outcome).toMatchObject({ kind: 'red', beforeUs: true });

  const green = await push('fix it', { 'check.sh': 'echo fine\n' });
  expect(await watch(green, red).outcome).toMatchObject({
    kind: 'verdict',
    verdict: 'green',
    why: 'passed: CI',
  });
  expect(forge.budget().notModified).toBeGreaterThan(0);
  const states = await forge.workflowStates(slug);
  expect(states.ok && [...states.value]).toEqual([['.github/workflows/ci.yml', 'active']]);
  expect(await forge.externalChecks(slug, green)).toMatchObject({ ok: true, value: { state: 'none' } });
});

it('reads a broken workflow file as what it is', async () => {
  const parent = await work.git('rev-parse', 'HEAD');
  const broken = await push('break the workflow', {
    '.github/workflows/ci.yml': 'name: CI\non: push\njobs: [\n',
  });
  const watched = watch(broken, parent);
  expect(await watched.outcome).toMatchObject({
    kind: 'red',
    failure: { jobs: ['ci.yml / (the run itself)'] },
  });
});

it('is refused what the token may not see', async () => {
  const made = githubForge({ apiUrl: bench.github.apiUrl, token: 'wrong', clock, userAgent: 'clone/test' });
  expect(made.ok && (await made.value.whoami())).toMatchObject({ failure: { kind: 'access' } });
  expect(await forge.runsOf('alice/none', 'a'.repeat(40), { searchHarder: true })).toMatchObject({
    failure: { kind: 'gone' },
  });
  expect(bench.github.invalidBodies).toEqual([]);
});
