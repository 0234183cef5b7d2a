import type { Comment, Issue, IssueEvent, Label, Repo, User } from '../model.ts';
import { permissionOf } from '../permissions.ts';
import { fullName, iso, isoOrNull } from '../state.ts';
import { rendered } from './rendered.ts';
import { listedRepo } from './repo.ts';
import { nodeId, type Site } from './site.ts';
import { showApp, simpleUser, simpleUserOrNull } from './user.ts';

/** An issue, or a pull request seen as one: then it carries `pull_request`. REST never tells who edited it. */
export function showIssue(
  site: Site,
  issue: Issue,
  extra: { viewer: User | null; media?: readonly string[]; withRepository?: boolean },
): Record<string, unknown> {
  const { repo, pull } = issue;
  const api = `${site.api}/repos/${fullName(repo)}`;
  const url = `${api}/issues/${String(issue.number)}`;
  const page = `${site.url}/${fullName(repo)}/${pull === null ? 'issues' : 'pull'}/${String(issue.number)}`;
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: issue.id,
    node_id: nodeId(pull === null ? 'Issue' : 'PullRequest', issue.id),
    number: issue.number,
    title: issue.title,
    user: simpleUserOrNull(site, issue.author),
    labels: issue.labels.map((label) => showLabel(site, repo, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.locked,
    active_lock_reason: null,
    assignee: simpleUserOrNull(site, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((user) => simpleUser(site, user)),
    milestone: null,
    comments: issue.comments.length,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    closed_by: simpleUserOrNull(site, issue.closedBy),
    author_association: association(issue.author, repo),
    body: issue.body === '' ? null : issue.body,
    ...rendered(issue.body, extra.media ?? []),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: issue.viaApp === null ? null : showApp(site, issue.viaApp),
    reactions: noReactions(url),
    ...(pull === null
      ? {}
      : {
          draft: pull.draft,
          pull_request: {
            url: `${api}/pulls/${String(issue.number)}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: isoOrNull(pull.mergedAt),
          },
        }),
    ...(extra.withRepository === true ? { repository: listedRepo(site, repo, extra.viewer) } : {}),
  };
}

export function showComment(
  site: Site,
  comment: Comment,
  media: readonly string[] = [],
): Record<string, unknown> {
  const { issue } = comment;
  const api = `${site.api}/repos/${fullName(issue.repo)}/issues`;
  const url = `${api}/comments/${String(comment.id)}`;
  const page = `${site.url}/${fullName(issue.repo)}/${issue.pull === null ? 'issues' : 'pull'}`;
  return {
    url,
    html_url: `${page}/${String(issue.number)}#issuecomment-${String(comment.id)}`,
    issue_url: `${api}/${String(issue.number)}`,
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: simpleUserOrNull(site, comment.author),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: association(comment.author, issue.repo),
    body: comment.body,
    ...rendered(comment.body, media),
    reactions: noReactions(url),
    performed_via_github_app: comment.viaApp === null ? null : showApp(site, comment.viaApp),
  };
}

export function showLabel(site: Site, repo: Repo, label: Label): Record<string, unknown> {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${site.api}/repos/${fullName(repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** One row of the events or the timeline of an issue. */
export function showEvent(site: Site, issue: Issue, event: IssueEvent): Record<string, unknown> {
  const rename =
    event.kind === 'renamed'
      ? { rename: { from: event.previousTitle ?? '', to: event.currentTitle ?? '' } }
      : {};
  const label =
    event.label === undefined ? {} : { label: { name: event.label.name, color: event.label.color } };
  return {
    id: event.id,
    node_id: nodeId('IssueEvent', event.id),
    url: `${site.api}/repos/${fullName(issue.repo)}/issues/events/${String(event.id)}`,
    actor: simpleUserOrNull(site, event.actor),
    event: event.kind,
    commit_id: event.commit ?? null,
    commit_url:
      event.commit === undefined ? null : `${site.api}/repos/${fullName(issue.repo)}/commits/${event.commit}`,
    created_at: iso(event.at),
    performed_via_github_app: null,
    ...rename,
    ...label,
    ...(event.kind === 'closed' ? { state_reason: issue.stateReason } : {}),
  };
}

/** A hint for display, never authority: what GitHub says somebody is to a repository. */
export function association(author: User | null, repo: Repo): string {
  if (author === null) return 'NONE';
  if (author === repo.owner) return 'OWNER';
  return repo.collaborators.has(author) && permissionOf(repo, author) !== 'none' ? 'COLLABORATOR' : 'NONE';
}

function noReactions(url: string): Record<string, unknown> {
  const counts = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, total_count: 0, ...counts };
}
