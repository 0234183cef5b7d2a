import { cut } from '../http/paging.ts';
import { found, problem } from '../http/reply.ts';
import { type Route, route } from '../http/route.ts';
import type { Issue } from '../model.ts';
import { allows, effectivePermission } from '../permissions.ts';
import { showIssue } from '../show/issue.ts';
import { allIssues, fullName } from '../state.ts';

/** Search for issues: user:, org:, repo:, author:, label:, is: and plain words. */
export const searchRoutes: readonly Route[] = [
  route('GET', '/search/issues', (call) => {
    const words = (call.query.get('q') ?? '').match(/(?:[^\s"]+|"[^"]*")+/g) ?? [];
    if (words.length === 0) {
      return problem(422, 'Validation Failed', [{ resource: 'Search', field: 'q', code: 'missing' }]);
    }
    const rows = allIssues(call.world.state).filter(
      (issue) =>
        allows(effectivePermission(issue.repo, call.token), 'read') &&
        words.every((word) => fits(issue, word)),
    );
    const page = cut(call, rows);
    const items = page.rows.map((issue) => ({
      ...showIssue(call.world.site, issue, { viewer: call.viewer }),
      body: issue.body,
      score: 1,
    }));
    return found(
      { total_count: rows.length, incomplete_results: false, search_type: 'lexical', items },
      page.headers,
    );
  }),
];

function fits(issue: Issue, word: string): boolean {
  const negative = word.startsWith('-') && word.includes(':');
  const [key = '', ...rest] = (negative ? word.slice(1) : word).split(':');
  const value = rest.join(':').replaceAll('"', '').toLowerCase();
  const hit = qualifier(issue, key.toLowerCase(), value) ?? mentions(issue, word);
  return negative ? !hit : hit;
}

function qualifier(issue: Issue, key: string, value: string): boolean | undefined {
  switch (key) {
    case 'user':
    case 'org':
      return issue.repo.owner.login.toLowerCase() === value;
    case 'repo':
      return fullName(issue.repo).toLowerCase() === value;
    case 'author':
      return issue.author?.login.toLowerCase().replace(/\[bot\]$/, '') === value.replace(/^app\//, '');
    case 'assignee':
      return issue.assignees.some(({ login }) => login.toLowerCase() === value);
    case 'label':
      return issue.labels.some(({ name }) => name.toLowerCase() === value);
    case 'state':
      return issue.state === value;
    case 'type':
    case 'is':
      return is(issue, value);
    default:
      return undefined;
  }
}

function is(issue: Issue, value: string): boolean {
  if (value === 'open' || value === 'closed') return issue.state === value;
  if (value === 'issue') return issue.pull === null;
  if (value === 'pr' || value === 'pull-request') return issue.pull !== null;
  if (value === 'merged') return issue.pull?.mergedAt != null;
  if (value === 'private' || value === 'public') return issue.repo.private === (value === 'private');
  return false;
}

function mentions(issue: Issue, word: string): boolean {
  const text = `${issue.title}\n${issue.body}`.toLowerCase();
  return text.includes(word.replaceAll('"', '').toLowerCase());
}
