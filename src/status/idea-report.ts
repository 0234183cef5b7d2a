import { firstVersionTask, type Idea, type IdeaStep, ideaSteps } from '../domain/idea.ts';
import { isoUtc } from '../domain/time.ts';
import type { IdeaView, SessionView } from '../ledger/views.ts';

/** An idea and its way to a repository; keys as `--json` prints them. */
export interface IdeaReport {
  readonly schema_version: 1;
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** As `ideas.yaml` has it; GONE: it is no longer in there. */
  readonly status: string;
  readonly repo_name: string;
  readonly folder: string | null;
  /** `owner/name` on GitHub. */
  readonly repo: string | null;
  readonly url: string | null;
  /** What it came to, in words. */
  readonly why: string | null;
  readonly last_error: {
    readonly step: IdeaStep | null;
    readonly why: string;
    readonly to_do: string | null;
  } | null;
  readonly steps: readonly {
    readonly step: IdeaStep;
    /** `left_out`: it became a repository without it. */
    readonly state: 'done' | 'begun' | 'blocked' | 'waits' | 'left_out';
    readonly at: string | null;
  }[];
  readonly sessions: readonly string[];
  readonly cost: {
    readonly turns: number;
    readonly input_tokens: number;
    readonly cached_input_tokens: number;
    readonly output_tokens: number;
    readonly agent_seconds: number;
  };
}

/** What is known of an idea. `idea`: as ideas.yaml has it; `sessions`: those of its repository. */
export function ideaReport(
  idea: Idea | undefined,
  view: IdeaView | undefined,
  sessions: readonly SessionView[],
): IdeaReport | undefined {
  const id = idea?.id ?? view?.id;
  if (id === undefined) return undefined;
  const status = idea?.status ?? 'GONE';
  const own = sessions.filter(({ tasks }) => tasks.some((task) => task.id === firstVersionTask));
  const github = view?.steps.github;
  const repo = github?.done ? textOf(github.facts, 'slug') : null;
  const url = github?.done ? textOf(github.facts, 'url') : null;
  return {
    schema_version: 1,
    id,
    title: idea?.title ?? view?.title ?? '',
    summary: idea?.summary ?? '',
    status,
    repo_name: idea?.repoName ?? view?.name ?? '',
    folder: view?.path || null,
    repo,
    url: url?.replace(/\.git$/, '') ?? null,
    why: status === 'BLOCKED' ? null : view?.why || null,
    last_error: status === 'BLOCKED' ? errorOf(id, idea, view) : null,
    steps: ideaSteps.map((step) => ({ step, ...stateOf(step, view, status) })),
    sessions: own.map((session) => session.id),
    cost: costOf(own),
  };
}

function textOf(facts: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = facts[name];
  return typeof value === 'string' ? value : null;
}

/** What a person wrote into the file wins over what we remember of it. */
function errorOf(id: string, idea: Idea | undefined, view: IdeaView | undefined): IdeaReport['last_error'] {
  if (view?.status === 'BLOCKED')
    return { step: view.step ?? null, why: view.why, to_do: view.hint || `clone ideas retry ${id}` };
  const why = idea?.lastError ?? 'ideas.yaml does not say why';
  return { step: null, why, to_do: `clone ideas retry ${id} lets it go on` };
}

function stateOf(
  step: IdeaStep,
  view: IdeaView | undefined,
  status: string,
): Pick<IdeaReport['steps'][number], 'state' | 'at'> {
  const seen = view?.steps[step];
  const at = seen ? isoUtc(seen.at) : null;
  if (seen?.done) return { state: 'done', at };
  if (status === 'BLOCKED' && view?.status === 'BLOCKED' && view.step === step)
    return { state: 'blocked', at: isoUtc(view.movedAt) };
  if (status === 'ACTIVE') return { state: 'left_out', at: null };
  return seen ? { state: 'begun', at } : { state: 'waits', at: null };
}

function costOf(sessions: readonly SessionView[]): IdeaReport['cost'] {
  const turns = sessions.flatMap((session) => session.turns);
  const sum = (of: (turn: SessionView['turns'][number]) => number): number =>
    turns.reduce((total, turn) => total + of(turn), 0);
  return {
    turns: turns.length,
    input_tokens: sum(({ usage }) => usage.inputTokens),
    cached_input_tokens: sum(({ usage }) => usage.cachedInputTokens),
    output_tokens: sum(({ usage }) => usage.outputTokens),
    agent_seconds: Math.round(sum(({ seconds }) => seconds)),
  };
}
