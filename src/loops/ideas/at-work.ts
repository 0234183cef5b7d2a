import type { Idea, IdeaFailure, IdeaStep } from '../../domain/idea.ts';
import type { Repo } from '../../domain/repo.ts';
import { failed, type Result } from '../../domain/result.ts';
import type { IdeaStepView, IdeaView } from '../../ledger/views.ts';
import type { RunOrder, RunWorld } from '../run-world.ts';

/** One idea while it is worked on. */
export interface IdeaAtWork {
  readonly idea: Idea;
  /** Its folder. */
  readonly path: string;
  /** Names its seed, its mirror and its lease. */
  readonly key: string;
  readonly order: RunOrder;
  readonly cycle: number;
}

/** Why an idea stops on its way: blocked until a person helps, or left as it is and taken up again by itself. */
export type Stumble =
  | ({ readonly is: 'blocked' } & IdeaFailure)
  | { readonly is: 'left'; readonly why: string }
  | { readonly is: 'busy'; readonly why: string };

/** What a step comes to. */
export type Stepped<Made> = Result<Made, Stumble>;

export function blocked(step: IdeaStep, why: string, hint: string): { ok: false; failure: Stumble } {
  return failed({ is: 'blocked', step, why, hint });
}

/** Tells the ledger what a step is about to make. */
export async function begin(
  world: Pick<RunWorld, 'ledger'>,
  { idea }: IdeaAtWork,
  step: IdeaStep,
  told: { readonly key: string; readonly facts: Readonly<Record<string, unknown>> },
): Promise<void> {
  await world.ledger.record({ type: 'idea-step-began', idea: idea.id, step, ...told });
}

/** Tells the ledger what a step has made. */
export async function end(
  world: Pick<RunWorld, 'ledger'>,
  { idea }: IdeaAtWork,
  step: IdeaStep,
  told: { readonly key: string; readonly facts: Readonly<Record<string, unknown>> },
): Promise<void> {
  await world.ledger.record({ type: 'idea-step-ended', idea: idea.id, step, ...told });
}

/** A step of the idea as the ledger has it now: begun, or done. */
export async function stepOf(
  world: Pick<RunWorld, 'ledger'>,
  { idea }: Pick<IdeaAtWork, 'idea'>,
  step: IdeaStep,
): Promise<IdeaStepView | undefined> {
  return (await world.ledger.idea(idea.id))?.steps[step];
}

/** A text among the facts of a step. */
export function factOf(step: IdeaStepView | undefined, name: string): string | undefined {
  const value = step?.facts[name];
  return typeof value === 'string' ? value : undefined;
}

/** The entry that the portfolio is to have for it. */
export function entryOf(idea: Idea, path: string, branch = 'main'): Repo {
  const words = (idea.objective || idea.summary || idea.title).replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return {
    name: idea.repoName,
    path,
    branch,
    objective: words.length > 500 ? `${words.slice(0, 499)}…` : words,
    lastCommit: undefined,
    pinned: false,
    ignored: false,
    missing: false,
    options: {},
  };
}

/** True while what an earlier process did for the idea still counts. */
export function goesOn(view: IdeaView | undefined, idea: Idea, path: string): boolean {
  if (view === undefined || view.name !== idea.repoName || view.path !== path) return false;
  return view.status !== 'ACTIVE' && view.status !== 'GONE';
}
