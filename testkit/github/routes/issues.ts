import { pageOf } from '../http/paging.ts';
import { created, found, invalid, moved, noContent, notFound, problem, type Reply } from '../http/reply.ts';
import { type Call, type Route, repoRoute, userRoute } from '../http/route.ts';
import {
  addComment,
  addLabel,
  closeIssue,
  labelNamed,
  openIssue,
  removeLabel,
  renameIssue,
  reopenIssue,
  rewrite,
} from '../issues.ts';
import type { Comment, Issue, Repo, User } from '../model.ts';
import { allows, effectivePermission } from '../permissions.ts';
import { showComment, showEvent, showIssue, showLabel } from '../show/issue.ts';
import { allIssues, fullName } from '../state.ts';
import { numberParam, text, texts } from './fields.ts';
import { sortedIssues } from './sort-issues.ts';

export const issueRoutes: readonly Route[] = [
  userRoute('GET', '/issues', (call) => mine(call, call.viewer)),
  userRoute('GET', '/user/issues', (call) => mine(call, call.viewer)),
  repoRoute('GET', '/issues', 'read', (repo, call) => {
    if (!repo.hasIssues) return problem(410, 'Issues has been disabled in this repository.');
    const creator = call.query.get('creator')?.toLowerCase();
    const assignee = call.query.get('assignee')?.toLowerCase();
    const rows = sortedIssues([...repo.issues.values()], call.query).filter((issue) => {
      if (creator !== undefined && issue.author?.login.toLowerCase() !== creator) return false;
      if (assignee === undefined || assignee === '*') return true;
      if (assignee === 'none') return issue.assignees.length === 0;
      return issue.assignees.some(({ login }) => login.toLowerCase() === assignee);
    });
    return pageOf(call, rows, (issue) => show(call, issue));
  }),
  repoRoute('POST', '/issues', 'read', (repo, call) => {
    if (!repo.hasIssues) return problem(410, 'Issues has been disabled in this repository.');
    const title = text(call, 'title') ?? '';
    if (title.trim() === '') return invalid('Issue', 'title', 'missing_field');
    const maySort = allows(effectivePermission(repo, call.token), 'triage');
    const issue = openIssue(call.world.state, repo, {
      author: call.viewer,
      title,
      body: text(call, 'body'),
      labels: maySort ? texts(call, 'labels') : [],
      assignees: maySort ? usersNamed(call, texts(call, 'assignees') ?? []) : [],
    });
    return created(show(call, issue));
  }),
  repoRoute('GET', '/issues/comments', 'read', (repo, call) => {
    const since = Date.parse(call.query.get('since') ?? '');
    const rows = commentsOf(repo).filter((comment) => !(comment.updatedAt.getTime() < since));
    return pageOf(call, rows, (comment) => showComment(call.world.site, comment, call.media));
  }),
  repoRoute('GET', '/issues/comments/{comment_id}', 'read', (repo, call) => {
    const comment = commentInPath(repo, call);
    return comment === undefined ? notFound() : found(showComment(call.world.site, comment, call.media));
  }),
  repoRoute('PATCH', '/issues/comments/{comment_id}', 'read', (repo, call) => {
    const comment = commentInPath(repo, call);
    if (comment === undefined) return notFound();
    if (!mayChange(repo, call, comment.author)) return problem(403, 'Must have admin rights to Repository.');
    rewrite(comment, text(call, 'body') ?? comment.body, call.viewer);
    return found(showComment(call.world.site, comment, call.media));
  }),
  repoRoute('DELETE', '/issues/comments/{comment_id}', 'read', (repo, call) => {
    const comment = commentInPath(repo, call);
    if (comment === undefined) return notFound();
    if (!mayChange(repo, call, comment.author)) return problem(403, 'Must have admin rights to Repository.');
    comment.issue.comments = comment.issue.comments.filter((each) => each !== comment);
    return noContent();
  }),
  repoRoute('GET', '/issues/{issue_number}', 'read', (repo, call) => {
    return withIssue(repo, call, (issue) => found({ ...show(call, issue) }));
  }),
  repoRoute('PATCH', '/issues/{issue_number}', 'read', (repo, call) => {
    return withIssue(repo, call, (issue) => change(call, issue));
  }),
  repoRoute('GET', '/issues/{issue_number}/comments', 'read', (repo, call) => {
    return withIssue(repo, call, (issue) => {
      const since = Date.parse(call.query.get('since') ?? '');
      const rows = issue.comments.filter((comment) => !(comment.updatedAt.getTime() < since));
      return pageOf(call, rows, (comment) => showComment(call.world.site, comment, call.media));
    });
  }),
  repoRoute('POST', '/issues/{issue_number}/comments', 'read', (repo, call) => {
    return withIssue(repo, call, (issue) => {
      const body = text(call, 'body') ?? '';
      if (body.trim() === '') return invalid('IssueComment', 'body', 'missing_field');
      if (issue.locked && !mayChange(repo, call, null))
        return problem(403, 'Unable to create comment because issue is locked.');
      return created(
        showComment(call.world.site, addComment(call.world.state, issue, { author: call.viewer, body })),
      );
    });
  }),
  repoRoute('GET', '/issues/{issue_number}/events', 'read', (repo, call) => {
    return withIssue(repo, call, (issue) =>
      pageOf(call, issue.events, (event) => showEvent(call.world.site, issue, event)),
    );
  }),
  repoRoute('GET', '/issues/{issue_number}/timeline', 'read', (repo, call) => {
    return withIssue(repo, call, (issue) => pageOf(call, timeline(call, issue), (row) => row));
  }),
  repoRoute('GET', '/issues/{issue_number}/labels', 'read', (repo, call) => {
    return withIssue(repo, call, (issue) =>
      pageOf(call, issue.labels, (label) => showLabel(call.world.site, repo, label)),
    );
  }),
  repoRoute('POST', '/issues/{issue_number}/labels', 'triage', (repo, call) => {
    return withIssue(repo, call, (issue) => {
      const listed: unknown = call.body['_list'];
      const names =
        texts(call, 'labels') ??
        (Array.isArray(listed) ? listed.filter((each) => typeof each === 'string') : []);
      for (const name of names) addLabel(call.world.state, issue, name, call.viewer);
      return found(issue.labels.map((label) => showLabel(call.world.site, repo, label)));
    });
  }),
  repoRoute('DELETE', '/issues/{issue_number}/labels/{name}', 'triage', (repo, call) => {
    return withIssue(repo, call, (issue) => {
      const removed = removeLabel(call.world.state, issue, call.params['name'] ?? '', call.viewer);
      if (!removed) return problem(404, 'Label does not exist');
      return found(issue.labels.map((label) => showLabel(call.world.site, repo, label)));
    });
  }),
  repoRoute('PUT', '/issues/{issue_number}/lock', 'triage', (repo, call) => {
    return withIssue(repo, call, (issue) => {
      issue.locked = true;
      return noContent();
    });
  }),
  repoRoute('GET', '/labels', 'read', (repo, call) => {
    return pageOf(call, [...repo.labels.values()], (label) => showLabel(call.world.site, repo, label));
  }),
  repoRoute('POST', '/labels', 'write', (repo, call) => {
    const name = text(call, 'name') ?? '';
    if (name === '') return invalid('Label', 'name', 'missing_field');
    if (repo.labels.has(name.toLowerCase())) return invalid('Label', 'name', 'already_exists');
    const label = labelNamed(call.world.state, repo, name);
    label.color = text(call, 'color') ?? label.color;
    label.description = text(call, 'description') ?? null;
    return created(showLabel(call.world.site, repo, label));
  }),
];

function change(call: Call, issue: Issue): Reply {
  const { state } = call.world;
  if (!mayChange(issue.repo, call, issue.author))
    return problem(403, 'Must have admin rights to Repository.');
  const title = text(call, 'title');
  if (title !== undefined) renameIssue(state, issue, title, call.viewer);
  const body = text(call, 'body');
  if (body !== undefined) rewrite(issue, body, call.viewer);
  const wanted = text(call, 'state');
  if (wanted !== undefined && wanted !== 'open' && wanted !== 'closed')
    return invalid('Issue', 'state', 'invalid');
  const reason = text(call, 'state_reason') === 'not_planned' ? 'not_planned' : 'completed';
  if (wanted === 'closed') closeIssue(state, issue, call.viewer, reason);
  if (wanted === 'open') reopenIssue(state, issue, call.viewer);
  const labels = texts(call, 'labels');
  if (labels !== undefined && allows(effectivePermission(issue.repo, call.token), 'triage')) {
    for (const { name } of [...issue.labels]) {
      if (!labels.includes(name)) removeLabel(state, issue, name, call.viewer);
    }
    for (const name of labels) addLabel(state, issue, name, call.viewer);
  }
  const assignees = texts(call, 'assignees');
  if (assignees !== undefined) issue.assignees = usersNamed(call, assignees);
  return found(show(call, issue));
}

/** Issues of every repository the caller may read; `filter` says which, and pull requests are among them. */
function mine(call: Call, viewer: User): Reply {
  const filter = call.query.get('filter') ?? 'assigned';
  const rows = sortedIssues(allIssues(call.world.state), call.query).filter((issue) => {
    if (!allows(effectivePermission(issue.repo, call.token), 'read')) return false;
    if (filter === 'created') return issue.author === viewer;
    if (filter === 'assigned') return issue.assignees.includes(viewer);
    if (filter === 'mentioned') return issue.body.includes(`@${viewer.login}`);
    return issue.repo.owner === viewer || issue.repo.collaborators.has(viewer) || issue.author === viewer;
  });
  return pageOf(call, rows, (issue) =>
    showIssue(call.world.site, issue, { viewer, media: call.media, withRepository: true }),
  );
}

/** The issue of the path; a transferred one redirects, a deleted one is gone. */
function withIssue(repo: Repo, call: Call, answer: (issue: Issue) => Reply): Reply {
  const number = numberParam(call, 'issue_number');
  const issue = repo.issues.get(number);
  if (issue !== undefined) return answer(issue);
  const left = repo.goneIssues.get(number);
  if (left === null) return problem(410, 'This issue was deleted');
  if (left === undefined || !allows(effectivePermission(left.repo, call.token), 'read')) return notFound();
  const rest = call.path.split('/').slice(6).join('/');
  const target = `${call.world.site.api}/repos/${fullName(left.repo)}/issues/${String(left.number)}`;
  return moved(call.method === 'GET' ? 301 : 307, rest === '' ? target : `${target}/${rest}`);
}

/** Events in order, and comments among them. A transfer is not in REST's timeline; GraphQL knows it. */
function timeline(call: Call, issue: Issue): Record<string, unknown>[] {
  const { site } = call.world;
  const events = issue.events
    .filter(({ kind }) => kind !== 'transferred')
    .map((event) => ({ at: event.at, row: showEvent(site, issue, event) }));
  const comments = issue.comments.map((comment) => {
    const shown = showComment(site, comment);
    return { at: comment.createdAt, row: { ...shown, event: 'commented', actor: shown['user'] } };
  });
  return [...events, ...comments]
    .sort((left, right) => left.at.getTime() - right.at.getTime())
    .map(({ row }) => row);
}

function show(call: Call, issue: Issue): Record<string, unknown> {
  return showIssue(call.world.site, issue, { viewer: call.viewer, media: call.media });
}

function mayChange(repo: Repo, call: Call, author: User | null): boolean {
  return (
    (author !== null && author === call.viewer) || allows(effectivePermission(repo, call.token), 'write')
  );
}

function usersNamed(call: Call, logins: readonly string[]): User[] {
  return logins.map((login) => call.world.state.user(login)).filter((user) => user !== undefined);
}

function commentsOf(repo: Repo): Comment[] {
  return [...repo.issues.values()]
    .flatMap((issue) => issue.comments)
    .sort((left, right) => left.id - right.id);
}

function commentInPath(repo: Repo, call: Call): Comment | undefined {
  const id = numberParam(call, 'comment_id');
  return commentsOf(repo).find((comment) => comment.id === id);
}
