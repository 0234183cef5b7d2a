import { ok, type Result } from '../../domain/result.ts';
import type { Forge, ForgeFailure } from '../../ports/forge.ts';
import type { GithubClient } from './github-client.ts';
import { asRow, asText, type Row, rowsOf } from './read-rows.ts';

type Answer = Awaited<ReturnType<Forge['externalChecks']>>;
type State = 'pending' | 'success' | 'failure';

interface Check {
  readonly name: string;
  readonly state: State | 'none';
  readonly url: string | undefined;
}

/**
 * Check runs of other apps and commit statuses, as one word. A token that may not read one of the two kinds still
 * reads the other.
 */
export async function externalChecks(
  client: GithubClient,
  at: { owner: string; repo: string; ref: string },
): Promise<Answer> {
  const runs = await client.get({
    route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
    parameters: { ...at, filter: 'latest', per_page: 100 },
    read: (data) => rowsOf(data, 'check_runs').filter(isNotActions).map(readCheckRun),
    polling: true,
  });
  const statuses = await client.get({
    route: 'GET /repos/{owner}/{repo}/commits/{ref}/status',
    parameters: { ...at, per_page: 100 },
    read: (data) => rowsOf(data, 'statuses').map(readStatus),
    polling: true,
  });
  const refusal = firstRefusal(runs, statuses);
  if (refusal) return refusal;
  return ok(sumUp([...(runs.ok ? runs.value : []), ...(statuses.ok ? statuses.value : [])]));
}

type Checks = Result<readonly Check[], ForgeFailure>;

function firstRefusal(...answers: readonly Checks[]): (Checks & { ok: false }) | undefined {
  const refused = answers.filter((answer) => !answer.ok);
  return (
    refused.find((answer) => answer.failure.kind !== 'access') ??
    (refused.length > 1 ? refused[0] : undefined)
  );
}

function isNotActions(row: Row): boolean {
  return asRow(row['app'])?.['slug'] !== 'github-actions';
}

function readCheckRun(row: Row): Check {
  const url = asText(row['details_url']) || undefined;
  const name = asText(row['name']);
  if (row['status'] !== 'completed') return { name, url, state: 'pending' };
  switch (row['conclusion']) {
    case 'success':
      return { name, url, state: 'success' };
    case 'failure':
    case 'timed_out':
    case 'startup_failure':
      return { name, url, state: 'failure' };
    default:
      return { name, url, state: 'none' };
  }
}

function readStatus(row: Row): Check {
  const name = asText(row['context']);
  const url = asText(row['target_url']) || undefined;
  switch (row['state']) {
    case 'success':
    case 'pending':
      return { name, url, state: row['state'] };
    case 'failure':
    case 'error':
      return { name, url, state: 'failure' };
    default:
      return { name, url, state: 'none' };
  }
}

/** The combined state of GitHub is `pending` when there is nothing at all, so we sum up ourselves. */
function sumUp(checks: readonly Check[]): { state: State | 'none'; what: string; url: string | undefined } {
  for (const state of ['failure', 'pending', 'success'] as const) {
    const such = checks.filter((check) => check.state === state);
    const what = such
      .slice(0, 3)
      .map((check) => check.name)
      .join(', ');
    if (such.length > 0) return { state, what, url: such[0]?.url };
  }
  return { state: 'none', what: '', url: undefined };
}
