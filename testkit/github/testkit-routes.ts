import type { Fault } from './http/faults.ts';
import { found, noContent, problem, type Reply } from './http/reply.ts';
import type { Run } from './model.ts';
import type { Script, ScriptedOutcome } from './runs/script.ts';
import type { GitHubStandIn, IssuePlace, NewIssue, NewRepo, NewUser } from './stand-in.ts';
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
  // What callers send is checked by the knobs themselves: unknown names throw, and the sentence goes back.
  const body: unknown = asked.body;
  const about = asked.url.searchParams.get('repository') ?? '';
  const path = asked.pathname.replace('/__testkit/', '');
  try {
    switch (`${asked.method} ${path}`) {
      case 'POST users':
        return { status: 201, body: github.addUser(body as NewUser) };
      case 'POST tokens':
        return { status: 201, body: { token: github.addToken(body as NewUser) } };
      case 'POST repos': {
        const repo = await github.addRepo(body as NewRepo);
        return {
          status: 201,
          body: { id: repo.id, full_name: fullName(repo), clone_url: `${github.url}/${fullName(repo)}.git` },
        };
      }
      case 'POST issues': {
        const issue = github.addIssue(body as NewIssue);
        return { status: 201, body: { id: issue.id, number: issue.number } };
      }
      case 'POST issues/edit':
        github.editIssue(body as Parameters<GitHubStandIn['editIssue']>[0]);
        return noContent();
      case 'POST issues/rename':
        github.renameIssue(body as Parameters<GitHubStandIn['renameIssue']>[0]);
        return noContent();
      case 'POST issues/transfer': {
        const moved = github.transferIssue(body as Parameters<GitHubStandIn['transferIssue']>[0]);
        return found({ repository: fullName(moved.repo), number: moved.number });
      }
      case 'POST issues/delete':
        github.deleteIssue(body as IssuePlace);
        return noContent();
      case 'POST comments':
        return {
          status: 201,
          body: { id: github.addComment(body as Parameters<GitHubStandIn['addComment']>[0]).id },
        };
      case 'POST comments/edit':
        github.editComment(body as Parameters<GitHubStandIn['editComment']>[0]);
        return noContent();
      case 'POST faults':
        github.fault(faultIn(asked.body));
        return noContent();
      case 'DELETE faults':
        github.clearFaults();
        return noContent();
      case 'POST visibility':
        github.visibility(Number(asked.body['ms'] ?? 0));
        return noContent();
      case 'POST rate-limit':
        github.rateLimit(body as Parameters<GitHubStandIn['rateLimit']>[0]);
        return noContent();
      case 'POST script':
        github.script(tableScript(asked.body['rules']));
        return noContent();
      case 'POST expire-logs':
        github.expireLogs(text(asked.body['repository']), asked.body['runId'] as number | undefined);
        return noContent();
      case 'POST log-link-lifetime':
        github.logLinkLifetime(Number(asked.body['ms'] ?? 0));
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

/** A path written as /…/ is a pattern. */
function faultIn(body: Readonly<Record<string, unknown>>): Fault {
  const path = text(body['path']);
  const pattern = /^\/(.+)\/([a-z]*)$/.exec(path);
  const isPattern = pattern !== null && /[\\^$|()[\]+?]/.test(path);
  return { ...(body as unknown as Fault), path: isPattern ? new RegExp(pattern[1] ?? '', pattern[2]) : path };
}

/** Rules such as `{ job: 'test', outcome: 'failure', attempt: 1 }`; the first that fits decides. */
function tableScript(rules: unknown): Script | undefined {
  if (!Array.isArray(rules) || rules.length === 0) return undefined;
  const table = rules as Record<string, unknown>[];
  return (job) => {
    const facts: Record<string, unknown> = { ...job };
    const rule = table.find((each) =>
      Object.entries(each).every(([key, value]) => key === 'outcome' || facts[key] === value),
    );
    return rule?.['outcome'] as ScriptedOutcome;
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
