import type { Task } from '../domain/task.ts';
import { listChecks } from '../rules/list-checks.ts';
import { issueParts } from '../rules/prompt/issue-parts.ts';
import { redCiParts } from '../rules/prompt/red-ci-parts.ts';
import type { Part } from '../rules/prompt/segment.ts';
import type { Checks } from './checks.ts';
import type { PromptOrder } from './prompt.ts';
import type { Visit } from './visit.ts';

/** What a plan turn is told: how much may be planned, what calls for it, and what will be done anyway. */
export function planOrder(
  visit: Pick<Visit, 'signals' | 'redCi'>,
  { checks }: Checks,
  { cap, asked }: { cap: number; asked: readonly Task[] },
): PromptOrder {
  const called = visit.signals.filter(({ kind }) => kind !== 'operator-task').map(({ text }) => text);
  const planned = asked.map((task) => `will be done anyway, do not plan it: ${task.title}`);
  return {
    template: 'plan',
    values: {
      task_cap: String(cap - asked.length),
      checks: listChecks(checks),
      signals: asLines([...called, ...planned]) || '- nothing in particular',
      red_ci: redCiParts(visit.redCi),
    },
  };
}

/** What a task turn is told. The first turn of a thread brings the contract with it; later ones know it. */
export function taskOrder(
  visit: Pick<Visit, 'signals' | 'issues' | 'options' | 'redCi'>,
  { checks }: Checks,
  turn: { task: Task; kind: 'task' | 'cleanup'; first: boolean; soFar?: readonly Part[] | undefined },
): PromptOrder {
  const { task, kind, first } = turn;
  const { session_mode: mode, tasks_per_repo: cap } = visit.options;
  const common = {
    task_id: task.id,
    task_title: task.title,
    checks: listChecks(checks),
  };
  if (kind === 'task' && mode === 'single' && task.operatorTask === undefined) {
    const signals = asLines(visit.signals.map(({ text }) => text)) || '- nothing in particular';
    const told = [{ source: 'signals', trust: 'trusted' as const, text: signals }, ...(turn.soFar ?? [])];
    const values = { ...common, task_cap: String(cap), signals: told, red_ci: redCiParts(visit.redCi) };
    return { template: 'single', values };
  }
  return {
    template: kind === 'cleanup' ? 'cleanup' : first ? 'first-task' : 'task',
    values: {
      ...common,
      task_why: [from(task, task.why || 'the plan does not say'), ...(turn.soFar ?? [])],
      task_acceptance: [from(task, asLines(task.acceptance) || '- the checks are green and a test shows it')],
      task_paths: task.paths.join(', ') || 'as needed',
      issue: issueParts(visit.issues.filter(({ number }) => number === task.issue)),
    },
  };
}

function from(task: Task, text: string): Part {
  return {
    source: task.operatorTask === undefined ? 'the plan' : `clone tasks (${task.operatorTask})`,
    trust: 'trusted',
    text,
  };
}

function asLines(texts: readonly string[]): string {
  return texts.map((text) => `- ${text}`).join('\n');
}
