import path from 'node:path';
import type { CiFailure, CiRun } from '../domain/ci.ts';
import type { ForgeFailure, Slug } from '../ports/forge.ts';
import { classifyFailure } from '../rules/ci/classify-failure.ts';
import { failingNames, failureSignature, type RedRun, redBeforeUs } from '../rules/ci/failure-signature.ts';
import { meaningOf } from '../rules/ci/judge-runs.ts';
import { newestRuns } from '../rules/ci/newest-runs.ts';
import { readCiFailure } from './read-ci-failure.ts';
import {
  about,
  type CiWorld,
  type Looked,
  type Watched,
  type WatchOutcome,
  type WatchRequest,
} from './watched-commit.ts';

/** Decides what a red commit means: not ours, to be run again, or to be mended; and reads it in the last case. */
export async function judgeRed(
  world: CiWorld,
  watch: Watched,
  runs: readonly CiRun[],
  stop: AbortSignal,
): Promise<Looked> {
  const { request } = watch;
  const read = await readJobs(world, request.slug, runs);
  if (stop.aborted) return { kind: 'interrupted' };
  if (!read.ok) return { kind: 'blind', failure: read.failure };
  const ours = read.red.filter(({ run, jobs }) => classifyFailure(run, jobs) !== 'infra');
  if (ours.length === 0) return { kind: 'over', outcome: infra(read.red) };

  const failure = { jobs: failingNames(ours), url: ours[0]?.run.url };
  if (await isRedBeforeUs(world, request, ours)) {
    return over({
      kind: 'red',
      failure: { ...failure, signature: failureSignature(ours, []), excerpts: [] },
      beforeUs: true,
    });
  }
  const asked = await askForRerun(world, watch, ours);
  if (asked) return asked;

  const excerpts = await readCiFailure(world, { slug: request.slug, red: ours }, stop);
  if (!excerpts) return { kind: 'interrupted' };
  const log = await keepExcerpts(world, request, excerpts);
  const signature = failureSignature(ours, excerpts);
  await world.ledger.record({ type: 'ci-failure-read', ...about(watch), signature, jobs: failure.jobs, log });
  return over({ kind: 'red', failure: { ...failure, signature, excerpts }, beforeUs: false });
}

function over(outcome: WatchOutcome): Looked {
  return { kind: 'over', outcome };
}

async function keepExcerpts(
  world: CiWorld,
  request: WatchRequest,
  excerpts: readonly CiFailure[],
): Promise<string> {
  const folder = await world.files.sessionFolder(request.repo, request.cycle);
  const file = path.join(folder, `ci-${request.sha.slice(0, 12)}.log`);
  await world.files.write(file, `${excerpts.map(titled).join('\n\n')}\n`);
  return world.files.relative(file);
}

function titled({ run, job, step, excerpt }: CiFailure): string {
  return `# ${run.workflow} / ${job.name}${step ? ` / ${step}` : ''}\n${excerpt}`;
}

function infra(red: readonly RedRun[]): WatchOutcome {
  const why = `no machine worked on ${failingNames(red).slice(0, 3).join(', ')}: refused, out of budget, or cancelled`;
  return { kind: 'verdict', verdict: 'infra', why, url: red[0]?.run.url };
}

type ReadJobs = { ok: true; red: readonly RedRun[] } | { ok: false; failure: ForgeFailure };

/** Runs with their jobs. What is gone has no jobs; any other refusal means to look again later. */
export async function readJobs(
  world: Pick<CiWorld, 'forge'>,
  slug: Slug,
  runs: readonly CiRun[],
): Promise<ReadJobs> {
  const red: RedRun[] = [];
  for (const run of runs) {
    const jobs = await world.forge.jobsOf(slug, run.id);
    if (!jobs.ok && jobs.failure.kind !== 'gone') return jobs;
    red.push({ run, jobs: jobs.ok ? jobs.value : [] });
  }
  return { ok: true, red };
}

/** A fix stands on our own red commit, so only the session's own landing is compared. Not known counts as no. */
async function isRedBeforeUs(
  world: Pick<CiWorld, 'forge'>,
  { slug, parent, branch, attempt }: WatchRequest,
  ours: readonly RedRun[],
): Promise<boolean> {
  if (attempt > 0 || !/^(?!0{40})[0-9a-f]{40}$/.test(parent)) return false;
  const found = await world.forge.runsOf(slug, parent, { searchHarder: false });
  if (!found.ok) return false;
  const red = newestRuns(found.value, branch).filter((run) => meaningOf(run.conclusion) === 'red');
  if (red.length === 0) return false;
  const parentJobs = await readJobs(world, slug, red);
  return parentJobs.ok && redBeforeUs({ parent: parentJobs.red, ours });
}

/** Once per watch. When the forge does not let us, the failure is read as it is. */
async function askForRerun(
  world: CiWorld,
  watch: Watched,
  ours: readonly RedRun[],
): Promise<Looked | undefined> {
  if (watch.rerunAsked || !watch.request.options.ci_rerun_failed_once) return undefined;
  const asked: CiRun[] = [];
  for (const { run } of ours) {
    const answer = await world.forge.rerunFailedJobs(watch.request.slug, run.id);
    if (answer.ok) asked.push(run);
    else if (answer.failure.kind === 'later' && asked.length === 0)
      return { kind: 'blind', failure: answer.failure };
  }
  watch.rerunAsked = true;
  if (asked.length === 0) return undefined;
  for (const run of asked) watch.rerun.set(run.id, run.attempt);
  watch.since = world.clock.now();
  await world.ledger.record({ type: 'ci-rerun-asked', ...about(watch), runs: asked.map((run) => run.id) });
  return { kind: 'wait', because: 'failed jobs run again' };
}
