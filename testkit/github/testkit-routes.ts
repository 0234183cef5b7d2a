import type { z } from 'zod';
import type { Fault } from './http/faults.ts';
import { found, noContent, problem, type Reply } from './http/reply.ts';
import { knobBodies } from './knob-bodies.ts';
import type { Run } from './model.ts';
import type { Script } from './runs/script.ts';
import type { GitHubStandIn } from './stand-in.ts';
import { fullName } from './state.ts';

export interface TestkitRequest {
  readonly method: string;
  readonly pathname: string;
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** The knobs over HTTP, for programs that are not in this process. Bodies have the shape of the function's argument. */
export async function answerTestkit(github: GitHubStandIn, asked: TestkitRequest): Promise<Reply> {
  if (asked.body === undefined) return problem(400, 'Problems parsing JSON');
  const { body } = asked;
  const about = asked.url.searchParams.get('repository') ?? '';
  const path = asked.pathname.replace(/^\/__testkit\/?/, '');
  try {
    switch (`${asked.method} ${path}`) {
      case 'POST users':
        return { status: 201, body: github.addUser(read(knobBodies.user, body)) };
      case 'POST tokens':
        return { status: 201, body: { token: github.addToken(read(knobBodies.token, body)) } };
      case 'POST repos': {
        const repo = await github.addRepo(read(knobBodies.repo, body));
        return {
          status: 201,
          body: { id: repo.id, full_name: fullName(repo), clone_url: `${github.url}/${fullName(repo)}.git` },
        };
      }
      case 'POST issues': {
        const issue = github.addIssue(read(knobBodies.issue, body));
        return { status: 201, body: { id: issue.id, number: issue.number } };
      }
      case 'POST issues/edit':
        github.editIssue(read(knobBodies.edit, body));
        return noContent();
      case 'POST issues/rename':
        github.renameIssue(read(knobBodies.rename, body));
        return noContent();
      case 'POST issues/transfer': {
        const moved = github.transferIssue(read(knobBodies.transfer, body));
        return found({ repository: fullName(moved.repo), number: moved.number });
      }
      case 'POST issues/delete':
        github.deleteIssue(read(knobBodies.place, body));
        return noContent();
      case 'POST comments':
        return { status: 201, body: { id: github.addComment(read(knobBodies.comment, body)).id } };
      case 'POST comments/edit':
        github.editComment(read(knobBodies.editComment, body));
        return noContent();
      case 'POST faults':
        github.fault(faultOf(read(knobBodies.fault, body)));
        return noContent();
      case 'DELETE faults':
        github.clearFaults();
        return noContent();
      case 'POST visibility':
        github.visibility(read(knobBodies.duration, body).ms);
        return noContent();
      case 'POST rate-limit':
        github.rateLimit(read(knobBodies.rateLimit, body));
        return noContent();
      case 'POST script':
        github.script(scriptOf(read(knobBodies.script, body)));
        return noContent();
      case 'POST expire-logs': {
        const { repository, runId } = read(knobBodies.expiry, body);
        github.expireLogs(repository, runId);
        return noContent();
      }
      case 'POST log-link-lifetime':
        github.logLinkLifetime(read(knobBodies.duration, body).ms);
        return noContent();
      case 'GET requests':
        return found(github.requests);
      case 'GET runs':
        return found(github.runs(about).map(showRun));
      case 'GET idle':
        await github.idle();
        return noContent();
      case 'GET ':
        return found({ url: github.url, apiUrl: github.apiUrl, folder: github.folder });
      default:
        return problem(404, `The stand-in has no knob ${asked.method} ${asked.pathname}`);
    }
  } catch (failure) {
    return problem(422, failure instanceof Error ? failure.message : String(failure));
  }
}

/** What is wrong is thrown, as by the knobs themselves, and goes back as a sentence. */
function read<Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> {
  const checked = shape.safeParse(body);
  if (checked.success) return checked.data;
  const complaints = checked.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new Error(complaints.join('; '));
}

/** A path written as /…/ is a pattern. */
function faultOf(body: z.output<typeof knobBodies.fault>): Fault {
  const pattern = /^\/(.+)\/([a-z]*)$/.exec(body.path);
  const isPattern = pattern !== null && /[\\^$|()[\]+?]/.test(body.path);
  return { ...body, path: isPattern ? new RegExp(pattern[1] ?? '', pattern[2]) : body.path };
}

/** Rules such as `{ job: 'test', outcome: 'failure', attempt: 1 }`; the first that fits decides. */
function scriptOf({ rules }: z.output<typeof knobBodies.script>): Script | undefined {
  if (rules.length === 0) return undefined;
  return (job) => {
    const facts: Record<string, unknown> = { ...job };
    const rule = rules.find((each) =>
      Object.entries(each).every(([key, value]) => key === 'outcome' || facts[key] === value),
    );
    return rule?.outcome;
  };
}

function showRun(run: Run): unknown {
  return {
    id: run.id,
    workflow: run.plan.workflowName,
    path: run.plan.workflowPath,
    event: run.plan.event,
    headBranch: run.plan.headBranch,
    headSha: run.plan.headSha,
    visible: run.visibleAt <= Date.now(),
    attempts: run.attempts.map(({ number, status, conclusion, jobs }) => ({
      number,
      status,
      conclusion,
      jobs: jobs.map((job) => ({
        id: job.id,
        name: job.name,
        status: job.status,
        conclusion: job.conclusion,
      })),
    })),
  };
}
