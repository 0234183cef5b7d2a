import type { CommitInfo } from '../git/commits.ts';
import type { Repo } from '../model.ts';
import type { Check, Suite } from '../show/check.ts';
import { checksOf, combined, latestStatuses, suitesOf } from '../show/checks-of.ts';
import { nodeId } from '../show/site.ts';
import { fullName, iso, isoOrNull } from '../state.ts';
import { type Asker, refusedChecks } from './asker.ts';
import { type Args, connection, FieldProblem, type Type } from './execute.ts';
import { worst } from './rollup.ts';

/** A commit, with the rollup of everything that checks it. */
export function commit(asker: Asker, repo: Repo, info: CommitInfo): Type {
  const page = `${asker.world.site.url}/${fullName(repo)}/commit/${info.sha}`;
  const person = (who: CommitInfo['author']): Type => ({
    type: 'GitActor',
    fields: { name: who.name, email: who.email, date: iso(who.date), user: null },
  });
  return {
    type: 'Commit',
    is: ['Node', 'GitObject', 'UniformResourceLocatable'],
    fields: {
      id: nodeId('Commit', info.sha),
      oid: info.sha,
      abbreviatedOid: info.sha.slice(0, 7),
      message: info.message,
      messageHeadline: info.message.split('\n')[0],
      messageBody: info.message.split('\n').slice(1).join('\n').trim(),
      committedDate: iso(info.committer.date),
      authoredDate: iso(info.author.date),
      pushedDate: null,
      url: page,
      commitUrl: page,
      author: () => person(info.author),
      committer: () => person(info.committer),
      parents: async (args: Args) => {
        const parents = await Promise.all(
          info.parents.map((sha) => asker.world.commits.read(repo.gitDir, sha)),
        );
        return connection(
          'Commit',
          parents.flatMap((each) => (each === undefined ? [] : [commit(asker, repo, each)])),
          args,
        );
      },
      statusCheckRollup: () => rollup(asker, repo, info.sha),
      checkSuites: (args: Args) => {
        refuseFineGrained(asker);
        return connection(
          'CheckSuite',
          suitesOf(repo, info.sha).map((suite) => checkSuite(asker, repo, suite)),
          args,
        );
      },
      status: () => {
        const statuses = latestStatuses(repo, info.sha);
        if (statuses.length === 0) return null;
        return {
          type: 'Status',
          fields: { state: combined(statuses).toUpperCase(), contexts: () => statusContexts(repo, info.sha) },
        };
      },
    },
  };
}

function rollup(asker: Asker, repo: Repo, sha: string): Type | null {
  refuseFineGrained(asker);
  const checks = checksOf(repo, sha, false);
  const statuses = latestStatuses(repo, sha);
  if (checks.length + statuses.length === 0) return null;
  const nodes = [...checks.map((check) => checkRun(asker, repo, check)), ...statusContexts(repo, sha)];
  return {
    type: 'StatusCheckRollup',
    is: ['Node'],
    fields: {
      id: nodeId('StatusCheckRollup', sha),
      state: worst(nodes.map(stateOf)),
      contexts: (args: Args) => {
        return connection('StatusCheckRollupContext', nodes, args, {
          checkRunCount: checks.length,
          statusContextCount: statuses.length,
          checkRunCountsByState: counts('CheckRunStateCount', nodes.slice(0, checks.length)),
          statusContextCountsByState: counts('StatusContextStateCount', nodes.slice(checks.length)),
        });
      },
    },
  };
}

function checkRun(asker: Asker, repo: Repo, check: Check): Type {
  const facts = check.kind === 'job' ? check.job : check.check;
  const suite = suitesOf(repo).find(
    ({ id }) => id === (check.kind === 'job' ? check.run.suiteId : check.check.suiteId),
  );
  const page = `${asker.world.site.url}/${fullName(repo)}/runs/${String(facts.id)}`;
  return {
    type: 'CheckRun',
    is: ['Node', 'RequirableByPullRequest', 'UniformResourceLocatable'],
    fields: {
      id: nodeId('CheckRun', facts.id),
      databaseId: facts.id,
      name: facts.name,
      status: facts.status.toUpperCase(),
      conclusion: facts.conclusion?.toUpperCase() ?? null,
      startedAt: iso(facts.startedAt),
      completedAt: isoOrNull(facts.completedAt),
      url: page,
      detailsUrl: check.kind === 'job' ? page : check.check.detailsUrl,
      title: check.kind === 'job' ? null : check.check.title,
      summary: check.kind === 'job' ? null : check.check.summary,
      isRequired: () => false,
      checkSuite: () => (suite === undefined ? null : checkSuite(asker, repo, suite)),
    },
  };
}

function checkSuite(asker: Asker, repo: Repo, suite: Suite): Type {
  const run = repo.runs.find(({ suiteId }) => suiteId === suite.id);
  return {
    type: 'CheckSuite',
    is: ['Node'],
    fields: {
      id: nodeId('CheckSuite', suite.id),
      databaseId: suite.id,
      status: suite.status.toUpperCase(),
      conclusion: suite.conclusion?.toUpperCase() ?? null,
      createdAt: iso(suite.at),
      updatedAt: iso(suite.at),
      app: {
        type: 'App',
        fields: { databaseId: suite.app.id, slug: suite.app.slug, name: suite.app.name },
      } satisfies Type,
      workflowRun: () =>
        run === undefined
          ? null
          : ({
              type: 'WorkflowRun',
              is: ['Node'],
              fields: {
                id: nodeId('WorkflowRun', run.id),
                databaseId: run.id,
                runNumber: run.number,
                event: run.plan.event,
                createdAt: iso(run.createdAt),
                url: `${asker.world.site.url}/${fullName(repo)}/actions/runs/${String(run.id)}`,
                workflow: {
                  type: 'Workflow',
                  fields: { databaseId: run.workflow.id, name: run.workflow.name },
                } satisfies Type,
              },
            } satisfies Type),
      checkRuns: (args: Args) => {
        const mine = checksOf(repo, suite.headSha, false).filter(
          (check) => (check.kind === 'job' ? check.run.suiteId : check.check.suiteId) === suite.id,
        );
        return connection(
          'CheckRun',
          mine.map((check) => checkRun(asker, repo, check)),
          args,
        );
      },
    },
  };
}

function statusContexts(repo: Repo, sha: string): Type[] {
  return latestStatuses(repo, sha).map((status) => ({
    type: 'StatusContext',
    is: ['Node', 'RequirableByPullRequest'],
    fields: {
      id: nodeId('StatusContext', status.id),
      context: status.context,
      state: status.state.toUpperCase(),
      description: status.description,
      targetUrl: status.targetUrl,
      createdAt: iso(status.createdAt),
      isRequired: () => false,
    },
  }));
}

function counts(type: string, nodes: readonly Type[]): Type[] {
  const groups = Map.groupBy(nodes, stateOf);
  return [...groups].map(([state, members]) => ({ type, fields: { state, count: members.length } }));
}

/** How a check or a status stands: its end when it has one, else where it is. */
function stateOf({ fields }: Type): string {
  const state = fields['conclusion'] ?? fields['state'] ?? fields['status'];
  return typeof state === 'string' ? state : 'PENDING';
}

function refuseFineGrained(asker: Asker): void {
  if (asker.token.scopes === null) throw new FieldProblem('FORBIDDEN', refusedChecks);
}
