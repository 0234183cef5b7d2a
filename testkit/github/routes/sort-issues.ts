import type { Issue } from '../model.ts';

/** Applies what every list of issues takes: state, labels, since, sort and direction. */
export function sortedIssues(issues: readonly Issue[], query: URLSearchParams): Issue[] {
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '')
    .toLowerCase()
    .split(',')
    .filter((name) => name !== '');
  const since = Date.parse(query.get('since') ?? '');
  const sort = query.get('sort') ?? 'created';
  const sign = query.get('direction') === 'asc' ? 1 : -1;
  const key = (issue: Issue): number => {
    if (sort === 'updated') return issue.updatedAt.getTime();
    return sort === 'comments' ? issue.comments.length : issue.createdAt.getTime();
  };
  return issues
    .filter((issue) => {
      if (state !== 'all' && issue.state !== state) return false;
      if (issue.updatedAt.getTime() < Math.floor(since / 1000) * 1000) return false;
      return labels.every((name) => issue.labels.some((label) => label.name.toLowerCase() === name));
    })
    .sort((left, right) => sign * (key(left) - key(right) || left.id - right.id));
}
