import type { Issue } from '../model.ts';
import type { Args } from './execute.ts';

/** Applies states, labels, orderBy and filterBy of an issues or pullRequests field; the oldest come first. */
export function filterIssues(issues: readonly Issue[], args: Args): Issue[] {
  const states = listOf(args['states']);
  const labels = listOf(args['labels']).map((label) => label.toLowerCase());
  const filter = recordOf(args['filterBy']);
  const since = Date.parse(String(filter['since']));
  const creator = typeof filter['createdBy'] === 'string' ? filter['createdBy'].toLowerCase() : undefined;
  const order = recordOf(args['orderBy']);
  const sign = order['direction'] === 'DESC' ? -1 : 1;
  const key = (issue: Issue): number => {
    if (order['field'] === 'UPDATED_AT') return issue.updatedAt.getTime();
    return order['field'] === 'COMMENTS' ? issue.comments.length : issue.createdAt.getTime();
  };
  return issues
    .filter((issue) => {
      const state = issue.pull?.mergedAt != null ? 'MERGED' : issue.state.toUpperCase();
      if (states.length > 0 && !states.includes(state)) return false;
      if (issue.updatedAt.getTime() < since) return false;
      if (creator !== undefined && issue.author?.login.toLowerCase() !== creator) return false;
      return labels.length === 0 || issue.labels.some(({ name }) => labels.includes(name.toLowerCase()));
    })
    .sort((left, right) => sign * (key(left) - key(right) || left.id - right.id));
}

function listOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
