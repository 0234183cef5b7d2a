import type { App, Comment, Issue, IssueEvent, Label, Repo, User, Written } from './model.ts';
import type { State } from './state.ts';

/** What happens to issues: written, changed, moved. Each change leaves its trace, as on GitHub. */
export function openIssue(
  state: State,
  repo: Repo,
  wanted: {
    author: User | null;
    title: string;
    body?: string | null | undefined;
    labels?: readonly string[] | undefined;
    assignees?: readonly User[] | undefined;
    viaApp?: App | null | undefined;
    viaEmail?: boolean | undefined;
  },
): Issue {
  const now = new Date();
  repo.lastNumber += 1;
  const issue: Issue = {
    id: state.nextId(),
    repo,
    number: repo.lastNumber,
    title: wanted.title,
    author: wanted.author,
    body: wanted.body ?? '',
    createdAt: now,
    updatedAt: now,
    edits: [],
    viaApp: wanted.viaApp ?? null,
    viaEmail: wanted.viaEmail ?? false,
    state: 'open',
    stateReason: null,
    closedAt: null,
    closedBy: null,
    locked: false,
    labels: [],
    assignees: [...(wanted.assignees ?? [])],
    comments: [],
    events: [],
    pull: null,
  };
  repo.issues.set(issue.number, issue);
  for (const name of wanted.labels ?? []) addLabel(state, issue, name, wanted.author);
  return issue;
}

export function addComment(
  state: State,
  issue: Issue,
  wanted: {
    author: User | null;
    body: string;
    viaApp?: App | null | undefined;
    viaEmail?: boolean | undefined;
  },
): Comment {
  const now = new Date();
  const comment: Comment = {
    id: state.nextId(),
    issue,
    author: wanted.author,
    body: wanted.body,
    createdAt: now,
    updatedAt: now,
    edits: [],
    viaApp: wanted.viaApp ?? null,
    viaEmail: wanted.viaEmail ?? false,
  };
  issue.comments.push(comment);
  issue.updatedAt = now;
  return comment;
}

/** Changes a text; who did it shows in GraphQL only. */
export function rewrite(written: Written, body: string, editor: User | null): void {
  if (body === written.body) return;
  const now = new Date();
  written.edits.push({ editor, editedAt: now, before: written.body });
  written.body = body;
  written.updatedAt = now;
}

export function renameIssue(state: State, issue: Issue, title: string, actor: User | null): void {
  if (title === issue.title) return;
  note(state, issue, actor, { kind: 'renamed', previousTitle: issue.title, currentTitle: title });
  issue.title = title;
}

/** Moves an issue to another repository: a new number, the same id and author, and a redirect from the old place. */
export function transferIssue(state: State, issue: Issue, to: Repo, actor: User | null): void {
  const from = issue.repo;
  from.issues.delete(issue.number);
  from.goneIssues.set(issue.number, issue);
  note(state, issue, actor, { kind: 'transferred', fromRepo: from });
  to.lastNumber += 1;
  issue.repo = to;
  issue.number = to.lastNumber;
  to.issues.set(issue.number, issue);
}

export function closeIssue(
  state: State,
  issue: Issue,
  actor: User | null,
  reason: 'completed' | 'not_planned' = 'completed',
): void {
  if (issue.state === 'closed') return;
  issue.state = 'closed';
  issue.stateReason = issue.pull === null ? reason : null;
  issue.closedAt = new Date();
  issue.closedBy = actor;
  note(state, issue, actor, { kind: 'closed' });
}

export function reopenIssue(state: State, issue: Issue, actor: User | null): void {
  if (issue.state === 'open') return;
  issue.state = 'open';
  issue.stateReason = issue.pull === null ? 'reopened' : null;
  issue.closedAt = null;
  issue.closedBy = null;
  note(state, issue, actor, { kind: 'reopened' });
}

export function addLabel(state: State, issue: Issue, name: string, actor: User | null): void {
  const label = labelNamed(state, issue.repo, name);
  if (issue.labels.includes(label)) return;
  issue.labels.push(label);
  note(state, issue, actor, { kind: 'labeled', label });
}

export function removeLabel(state: State, issue: Issue, name: string, actor: User | null): boolean {
  const label = issue.labels.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (label === undefined) return false;
  issue.labels = issue.labels.filter((each) => each !== label);
  note(state, issue, actor, { kind: 'unlabeled', label });
  return true;
}

/** The label of that name; a new name makes a label. */
export function labelNamed(state: State, repo: Repo, name: string): Label {
  const key = name.toLowerCase();
  const known = repo.labels.get(key);
  if (known !== undefined) return known;
  const label = { id: state.nextId(), name, color: 'ededed', description: null };
  repo.labels.set(key, label);
  return label;
}

export function note(
  state: State,
  issue: Issue,
  actor: User | null,
  event: Omit<IssueEvent, 'id' | 'actor' | 'at'>,
): void {
  issue.events.push({ id: state.nextId(), actor, at: new Date(), ...event });
  issue.updatedAt = new Date();
}
