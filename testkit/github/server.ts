import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { executeRun } from '../actions/execute-run.ts';
import { planRuns } from '../actions/plan-runs.ts';
import { createCommits } from './git/commits.ts';
import { createGit } from './git/git.ts';
import { writeHooks } from './git/hooks.ts';
import { createFaults } from './http/faults.ts';
import type { RecordedRequest } from './http/journal.ts';
import { listen } from './http/listen.ts';
import { createRateLimits } from './http/rate-limit.ts';
import { knobs } from './knobs.ts';
import { createBlobs } from './runs/blobs.ts';
import { createRunStarter } from './runs/on-push.ts';
import { createScheduler } from './runs/schedule.ts';
import { createJudge } from './schemas/judge.ts';
import type { GitHubOptions, GitHubStandIn } from './stand-in.ts';
import { createState } from './state.ts';
import type { World } from './world.ts';

/** Starts a GitHub stand-in on 127.0.0.1. It runs what is pushed to it, so push only what you would run. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  const parent = options.folder ?? os.tmpdir();
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(path.join(path.resolve(parent), 'github-stand-in-'));
  const hooks = await writeHooks(folder);
  const state = createState(folder);
  const git = createGit(folder);
  const requests: RecordedRequest[] = [];
  const invalidBodies: string[] = [];
  const site = { url: '', api: '' };
  const runs = createScheduler({
    execute: executeRun,
    maxParallelJobs: options.maxParallelJobs ?? 4,
    env: (run) => ({
      GITHUB_SERVER_URL: site.url,
      GITHUB_API_URL: site.api,
      GITHUB_GRAPHQL_URL: `${site.url}/api/graphql`,
      GITHUB_RUN_ID: String(run.id),
      GITHUB_RUN_NUMBER: String(run.number),
    }),
  });
  const world: World = {
    state,
    site,
    git,
    commits: createCommits(git),
    runs,
    starter: createRunStarter(state, planRuns, runs),
    blobs: createBlobs(),
    limits: createRateLimits(options.rateLimit ?? 5000),
    faults: createFaults(),
  };

  const judge = options.validate === true ? await createJudge(invalidBodies) : undefined;
  const removeFolder = async (): Promise<void> => {
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const listening = listen(world, { port: options.port ?? 0, hooks, requests, judge, knobs: () => standIn });
  const server = await listening.catch(async (failure: unknown) => {
    await removeFolder();
    throw failure;
  });
  site.url = `http://127.0.0.1:${String(server.port)}`;
  site.api = `${site.url}/api/v3`;

  let closing: Promise<void> | undefined;
  async function shutDown(): Promise<void> {
    await runs.stop();
    await server.close();
    await removeFolder();
  }
  const close = (): Promise<void> => (closing ??= shutDown());
  const standIn: GitHubStandIn = {
    ...knobs(world),
    url: site.url,
    apiUrl: site.api,
    folder,
    requests,
    invalidBodies,
    close,
    [Symbol.asyncDispose]: close,
  };
  return standIn;
}
