import type { Commits } from './git/commits.ts';
import type { Git } from './git/git.ts';
import type { Faults } from './http/faults.ts';
import type { RateLimits } from './http/rate-limit.ts';
import type { Blobs } from './runs/blobs.ts';
import type { RunStarter } from './runs/on-push.ts';
import type { Scheduler } from './runs/schedule.ts';
import type { Site } from './show/site.ts';
import type { State } from './state.ts';

/** What the routes work with. */
export interface World {
  readonly state: State;
  readonly site: Site;
  readonly git: Git;
  readonly commits: Commits;
  readonly runs: Scheduler;
  readonly starter: RunStarter;
  readonly blobs: Blobs;
  readonly limits: RateLimits;
  readonly faults: Faults;
}
