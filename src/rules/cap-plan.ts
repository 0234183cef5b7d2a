import type { TrustedIssue } from '../domain/issue.ts';
import type { Task } from '../domain/task.ts';
import { wordsOf } from './memory/words.ts';

/**
 * The plan as it will be worked: operator tasks first, nothing planned twice or that a person asked for anyway, ids made
 * unique, cut at the cap whatever the agent says.
 */
export function capPlan(
  tasks: readonly Task[],
  cap: number,
): { readonly tasks: readonly Task[]; readonly dropped: number } {
  const asked = tasks.filter((task) => task.operatorTask);
  const ordered = [...asked, ...withoutTwins(tasks, asked)];
  const kept = ordered.slice(0, cap);
  const seen = new Map<string, number>();
  const named = kept.map((task, index) => {
    const id = slug(task.id) || `t${index + 1}`;
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return { ...task, id: before === 0 ? id : `${id}-${before + 1}` };
  });
  return { tasks: named, dropped: ordered.length - kept.length };
}

function withoutTwins(tasks: readonly Task[], asked: readonly Task[]): readonly Task[] {
  const seen = new Set(asked.map(({ title }) => wordsOf(title)));
  return tasks.filter(({ operatorTask, title }) => {
    const words = wordsOf(title);
    if (operatorTask || seen.has(words)) return false;
    seen.add(words);
    return true;
  });
}

/** An agent may answer only issues that it was shown; a number from anywhere else is taken away. */
export function withKnownIssues(
  tasks: readonly Task[],
  issues: readonly Pick<TrustedIssue, 'number'>[],
): readonly Task[] {
  const known = new Set(issues.map(({ number }) => number));
  return tasks.map(({ issue, ...task }) =>
    issue !== undefined && known.has(issue) ? { ...task, issue } : task,
  );
}

function slug(id: string): string {
  return id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}
