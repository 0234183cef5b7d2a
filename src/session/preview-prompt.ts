import type { Task } from '../domain/task.ts';
import type { Workplace } from '../ports/workplace.ts';
import type { World } from '../ports/world.ts';
import { listChecks } from '../rules/list-checks.ts';
import type { WaitingIncident } from '../rules/memory/recall.ts';
import type { Segment } from '../rules/prompt/segment.ts';
import type { TemplateName } from '../rules/prompt/variables.ts';
import { type Checks, findChecks } from './checks.ts';
import { readKnowledge } from './knowledge.ts';
import { wholeSession } from './plan.ts';
import { type PromptOrder, promptSegments } from './prompt.ts';
import { reviewPreview } from './review-prompt.ts';
import { planOrder, taskOrder } from './turn-prompts.ts';
import type { Visit } from './visit.ts';

/** The turns of a session; the `idea` turn belongs to a repository that is not there yet. */
export const previewTurns = [
  'plan',
  'task',
  'first-task',
  'single',
  'repair',
  'ci-fix',
  'cleanup',
  'conflict',
  'review',
  'answer-again',
  'summary',
] as const satisfies readonly TemplateName[];
export type PreviewTurn = (typeof previewTurns)[number];

/** What a visit would be told, were it to begin now. */
export interface Preview {
  readonly segments: readonly Segment[];
  readonly warnings: readonly string[];
  /** What is not known before there is a session, in words. */
  readonly notes: readonly string[];
}

export interface PreviewOrder {
  readonly visit: Pick<Visit, 'repo' | 'options' | 'issues' | 'signals' | 'identity'>;
  readonly turn: PreviewTurn;
  /** What people asked of the repository and nobody works on yet. */
  readonly asked: readonly Task[];
  /** What went wrong and is not in the repository's own file yet. */
  readonly waiting?: readonly WaitingIncident[] | undefined;
  /** The task of the turn; undefined: the first that a person asked for, else an example. */
  readonly title?: string | undefined;
}

/** The prompt of one turn as the next session would send it. Starts nothing and writes nothing. */
export async function previewPrompt(
  world: Pick<World, 'prompts' | 'redact' | 'randomId'>,
  files: Pick<Workplace, 'readText' | 'list'>,
  folder: string,
  order: PreviewOrder,
): Promise<Preview> {
  const { visit } = order;
  const knowledge = await readKnowledge(files, folder, order.waiting);
  const checks = await findChecks({ workplace: files }, visit, folder);
  const { prompt, notes } = orderOf(order, checks);
  const segments = await promptSegments(world, { visit, knowledge }, prompt);
  return { segments, warnings: knowledge.warnings, notes };
}

function orderOf(order: PreviewOrder, checks: Checks): { prompt: PromptOrder; notes: readonly string[] } {
  const { visit, turn, asked } = order;
  const cap = visit.options.tasks_per_repo;
  const task = taskOf(order);
  const common = { task_id: task.id, task_title: task.title, checks: listChecks(checks.checks) };
  const unknown = (what: string): string => `(${what})`;
  switch (turn) {
    case 'plan': {
      const planned = asked.slice(0, cap);
      const isFull = planned.length >= cap;
      return {
        prompt: planOrder(visit, checks, { cap, asked: planned }),
        notes: isFull ? [`no plan turn is spent: people asked for ${planned.length} tasks`] : [],
      };
    }
    case 'task':
    case 'first-task':
    case 'cleanup':
    case 'single': {
      const mode = turn === 'single' ? 'single' : 'steps';
      const told = { ...visit, options: { ...visit.options, session_mode: mode } as const };
      const kind = turn === 'cleanup' ? 'cleanup' : 'task';
      const first = turn === 'first-task';
      const one = turn === 'single' ? wholeSession(cap - Math.min(asked.length, cap - 1)) : task;
      return { prompt: taskOrder(told, checks, { task: one, kind, first }), notes: notesOf(order) };
    }
    case 'repair':
      return {
        prompt: {
          template: turn,
          values: {
            ...common,
            attempt: '1',
            attempts: String(visit.options.verify_fix_attempts),
            findings: unknown('what failed, with the ends of its output as data'),
          },
        },
        notes: ['what failed is not known yet: a line stands for it'],
      };
    case 'ci-fix':
      return {
        prompt: {
          template: turn,
          values: {
            ...common,
            sha: unknown('the commit'),
            branch: visit.identity.branch,
            attempt: '1',
            attempts: String(visit.options.ci_max_fix_attempts),
            failure: unknown('the jobs that failed, with what matters of their logs as data'),
          },
        },
        notes: ['what CI says is not known yet: a line stands for it'],
      };
    case 'conflict':
      return {
        prompt: {
          template: turn,
          values: {
            ...common,
            branch: visit.identity.branch,
            paths: unknown('the files in conflict'),
            diff: unknown('the diff of the session as data'),
          },
        },
        notes: ['the conflict is not known yet: a line stands for it'],
      };
    case 'summary':
      return {
        prompt: { template: turn, values: { entries: unknown('the old entries, each as data') } },
        notes: ['which entries are old is not known yet: a line stands for them'],
      };
    case 'review':
      return {
        prompt: reviewPreview(),
        notes: ['the change is not known yet: lines stand for it and for what we saw'],
      };
    case 'answer-again':
      return {
        prompt: { template: turn, values: { turn: 'plan', problem: unknown('what was wrong with it') } },
        notes: [],
      };
  }
}

/** The task of the turn, as somebody asked for it or as a plan would word it. */
function taskOf({ title, asked }: PreviewOrder): Task {
  const [first] = asked;
  if (title === undefined && first) return first;
  return {
    id: 'example',
    title: title ?? '(the title of the task)',
    why: title === undefined ? '(why the plan wants it)' : '',
    kind: 'feature',
    acceptance: [],
    paths: [],
    risk: 'medium',
  };
}

function notesOf({ title, asked, turn }: PreviewOrder): readonly string[] {
  const isExample = title === undefined && asked.length === 0 && (turn === 'task' || turn === 'first-task');
  return isExample ? ['no task is planned yet: an example stands for it; --task "TITLE" names one'] : [];
}
