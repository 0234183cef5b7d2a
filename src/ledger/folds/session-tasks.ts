import type { LedgerEvent } from '../../domain/fact.ts';
import type { Task } from '../../domain/task.ts';
import type { SessionView, TaskView } from '../views.ts';
import { appended, cut } from './bounds.ts';

const mostCommits = 300;
const mostClaims = 50;

/** The tasks of a session and the commits they became. */
export function sessionTasks(view: SessionView, event: LedgerEvent): SessionView {
  switch (event.type) {
    case 'plan-made':
      return {
        ...view,
        tasks: event.tasks.map(planned),
        droppedTasks: event.dropped,
        noWork: event.noWork,
      };
    case 'task-joined': {
      const { joined } = event;
      return { ...view, tasks: [...view.tasks, planned(joined)] };
    }
    case 'task-started':
      return withTask(view, event.task, (task) => ({ ...task, state: 'active' }));
    case 'task-committed':
      return withTask(committed(view, event.commit, event.task), event.task, (task) => ({
        ...task,
        commit: event.commit.sha,
      }));
    case 'task-ended': {
      const { state, why, claims } = event;
      const ended = withTask(view, event.task, (task) => ({
        ...task,
        state,
        why: cut(why),
        commit: state === 'done' ? task.commit : undefined,
        claims: claims.slice(0, mostClaims),
      }));
      return state === 'done' ? ended : withoutCommitOf(ended, event.task);
    }
    case 'landed':
      return event.mode === 'hold' ? view : landed(view, event.commits, event.sha);
    default:
      return view;
  }
}

function planned(plan: Task): TaskView {
  return {
    id: plan.id,
    title: plan.title,
    kind: plan.kind,
    state: 'planned',
    why: cut(plan.why),
    commit: undefined,
    claims: [],
    plan,
  };
}

type Commits = SessionView['commits'];

function withTask(
  view: SessionView,
  id: string | undefined,
  change: (task: TaskView) => TaskView,
): SessionView {
  if (!view.tasks.some((task) => task.id === id)) return view;
  return { ...view, tasks: view.tasks.map((task) => (task.id === id ? change(task) : task)) };
}

/** The view is written with every fact of the session: which files a commit touched stays in the fact. */
function counted({ sha, subject, task, memory, files }: Commits[number]): Commits[number] {
  return { sha, subject, task, memory, files };
}

/** A task has one commit: a repaired one takes the place of the one before. */
function committed(view: SessionView, commit: Commits[number], task: string | undefined): SessionView {
  const own = commit.task ?? task;
  const others = own === undefined ? view.commits : view.commits.filter((earlier) => earlier.task !== own);
  return { ...view, commits: appended(others, { ...counted(commit), task: own }, mostCommits) };
}

function withoutCommitOf(view: SessionView, task: string | undefined): SessionView {
  if (task === undefined) return view;
  return { ...view, commits: view.commits.filter((commit) => commit.task !== task) };
}

/** The first landing says which ids the commits have on the branch; those of later fixes are added. */
function landed(view: SessionView, commits: Commits, sha: string): SessionView {
  const known = view.landed === undefined ? [] : view.commits;
  const fresh = commits.filter((commit) => !known.some((other) => other.sha === commit.sha));
  const all = [...known, ...fresh.map(counted)].slice(-mostCommits);
  const tasks = view.tasks.map((task) => ({
    ...task,
    commit: fresh.findLast((commit) => commit.task === task.id)?.sha ?? task.commit,
  }));
  return { ...view, landed: sha, commits: all, tasks };
}
