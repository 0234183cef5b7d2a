import type { Route } from '../http/route.ts';
import { actionRoutes } from './actions.ts';
import { checkRoutes } from './checks.ts';
import { commitRoutes, lastCommitRoutes } from './commits.ts';
import { contentRoutes } from './contents.ts';
import { issueRoutes } from './issues.ts';
import { logRoutes } from './logs.ts';
import { metaRoutes } from './meta.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';
import { repoRoutes } from './repos.ts';
import { searchRoutes } from './search.ts';
import { userRoutes } from './users.ts';
import { workflowRoutes } from './workflows.ts';

/** Every operation the stand-in answers; the first that fits a path answers it. */
export const restRoutes: readonly Route[] = [
  ...metaRoutes,
  ...userRoutes,
  ...repoRoutes,
  ...refRoutes,
  ...contentRoutes,
  ...workflowRoutes,
  ...actionRoutes,
  ...logRoutes,
  ...checkRoutes,
  ...commitRoutes,
  ...lastCommitRoutes,
  ...issueRoutes,
  ...pullRoutes,
  ...searchRoutes,
];
