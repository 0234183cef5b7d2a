import type { AgentOutcome } from '../domain/agent.ts';
import { isoUtc } from '../domain/time.ts';
import type { IssueView, ReviewView, SessionView, TurnView } from '../ledger/views.ts';
import { type DeliveryEvidence, deliveryEvidence } from './delivery-evidence.ts';
import type { DeliveryFacts } from './delivery-facts.ts';
import { inMilliseconds, isoOrNull } from './instants.ts';
import { type DeliveryIssue, deliveryIssues } from './issue-parts.ts';
import { snakeJson } from './snake.ts';

/** One session as `show --json` has it: everything that was done, and what we saw of it ourselves. */
export function deliveryOf(
  session: SessionView,
  { paths, ended }: DeliveryFacts,
  issues: readonly IssueView[] = [],
): Delivery {
  return {
    schema_version: 1,
    session: session.id,
    repo: session.repo,
    path: session.path,
    run: session.run,
    cycle: session.cycle,
    state: session.state,
    why: session.why ?? null,
    blocked_by: session.blockedBy ?? null,
    called_by: session.calledBy,
    agent: session.agent,
    land: session.land,
    started_at: isoUtc(session.startedAt),
    ended_at: isoOrNull(session.endedAt),
    states: session.states.map(({ state, at, facts }) => ({
      state,
      at: isoUtc(at),
      facts: snakeJson(facts),
    })),
    base_sha: session.base ?? null,
    branch: session.branch ?? null,
    target_branch: session.target ?? null,
    commits: session.commits.map(({ sha, subject, task, files }) => ({
      sha,
      subject,
      task: task ?? null,
      files: paths.get(sha) ?? [],
      files_count: files,
    })),
    landed_sha: session.landed ?? null,
    tasks: session.tasks.map(({ id, title, kind, state, why, commit, claims, plan }) => ({
      id,
      title,
      kind,
      state,
      why,
      commit: commit ?? null,
      issue: plan.issue ?? null,
      claims: claims.map(({ text, how }) => ({ text, how })),
    })),
    issues: deliveryIssues(session.id, issues),
    dropped_tasks: session.droppedTasks,
    no_work: session.noWork ?? null,
    turns: session.turns.map(turnOf),
    usage: usageOf(session.usage),
    evidence: deliveryEvidence(session.evidence, ended),
    over_claims: session.overClaims,
    gates: session.gates.map(({ gate, findings }) => ({
      gate,
      verdict: findings.length === 0 ? 'allow' : 'refuse',
      findings: findings.map((finding) => snakeJson(finding)),
    })),
    review: (session.review ?? []).map(reviewOf),
    ci: ciOf(session),
    salvage: session.salvage,
    checkout: session.checkout ?? null,
    logs: session.logs,
  };
}

export interface Delivery {
  readonly schema_version: 1;
  readonly session: string;
  readonly repo: string;
  readonly path: string;
  readonly run: string;
  readonly cycle: number;
  readonly state: string;
  readonly why: string | null;
  readonly blocked_by: string | null;
  readonly called_by: string;
  readonly agent: string;
  readonly land: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly states: readonly { readonly state: string; readonly at: string; readonly facts: unknown }[];
  readonly base_sha: string | null;
  /** The session's own branch; what it lands on is `target_branch`. */
  readonly branch: string | null;
  readonly target_branch: string | null;
  readonly commits: readonly {
    readonly sha: string;
    readonly subject: string;
    readonly task: string | null;
    /** Paths, at most 500; empty where only their number is known. */
    readonly files: readonly string[];
    readonly files_count: number;
  }[];
  readonly landed_sha: string | null;
  readonly tasks: readonly {
    readonly id: string;
    readonly title: string;
    readonly kind: string;
    readonly state: string;
    readonly why: string;
    readonly commit: string | null;
    /** Number of the issue that it answers. */
    readonly issue: number | null;
    readonly claims: readonly { readonly text: string; readonly how: string }[];
  }[];
  /** Issues of the repository: what this session was shown and answered, and what is not worked on and why. */
  readonly issues: readonly DeliveryIssue[];
  readonly dropped_tasks: number;
  readonly no_work: string | null;
  readonly turns: readonly DeliveryTurn[];
  readonly usage: DeliveryUsage;
  /** What we ran (`local`), and what CI ran on the commits that landed (`direct`). */
  readonly evidence: readonly DeliveryEvidence[];
  readonly over_claims: readonly { readonly claim: string; readonly saw: string }[];
  readonly gates: readonly {
    readonly gate: string;
    readonly verdict: string;
    readonly findings: readonly unknown[];
  }[];
  /** What reviewers said before it landed, turn by turn. */
  readonly review: readonly DeliveryReview[];
  readonly ci: {
    readonly state: string;
    readonly attempts: number;
    readonly sha: string | null;
    readonly why: string;
    readonly url: string | null;
    readonly runs: readonly unknown[];
  };
  readonly salvage: readonly { readonly ref: string; readonly sha: string; readonly why: string }[];
  readonly checkout: { readonly moved: boolean; readonly why: string } | null;
  readonly logs: string;
}

export interface DeliveryReview {
  readonly agent: string;
  readonly turn: string;
  /** What it looked at. */
  readonly sha: string;
  /** passed, blocking, unreadable or failed; only what passed landed by itself. */
  readonly outcome: string;
  readonly why: string | null;
  readonly edited: boolean;
  readonly findings: readonly {
    readonly severity: string;
    readonly file: string | null;
    readonly line: number | null;
    readonly message: string;
    readonly why: string;
    readonly suggestion: string;
  }[];
}

interface DeliveryTurn {
  readonly id: string;
  readonly kind: string;
  readonly agent: string;
  readonly model: string;
  readonly task: string | null;
  readonly thread: string | null;
  readonly started_at: string;
  /** Null: it goes on. */
  readonly outcome: string | null;
  readonly message: string | null;
  readonly seconds: number;
  readonly usage: DeliveryUsage;
  readonly log: string;
}

interface DeliveryUsage {
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_tokens: number;
}

function turnOf(turn: TurnView): DeliveryTurn {
  return {
    id: turn.id,
    kind: turn.kind,
    agent: turn.agent,
    model: turn.model,
    task: turn.task ?? null,
    thread: turn.thread ?? null,
    started_at: isoUtc(turn.startedAt),
    outcome: turn.outcome?.kind ?? null,
    message: messageOf(turn.outcome),
    seconds: inMilliseconds(turn.seconds),
    usage: usageOf(turn.usage),
    log: turn.log,
  };
}

function reviewOf({ why, findings, ...review }: ReviewView): DeliveryReview {
  return {
    agent: review.agent,
    turn: review.turn,
    sha: review.sha,
    outcome: review.outcome,
    why: why === '' ? null : why,
    edited: review.edited,
    findings: findings.map((finding) => ({
      severity: finding.severity,
      file: finding.file ?? null,
      line: finding.line ?? null,
      message: finding.message,
      why: finding.why,
      suggestion: finding.suggestion,
    })),
  };
}

function messageOf(outcome: AgentOutcome | undefined): string | null {
  return outcome === undefined || outcome.kind === 'completed' ? null : outcome.message;
}

function usageOf(usage: SessionView['usage']): DeliveryUsage {
  return {
    input_tokens: usage.inputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    output_tokens: usage.outputTokens,
    reasoning_tokens: usage.reasoningTokens,
  };
}

function ciOf({ ci }: SessionView): Delivery['ci'] {
  if (ci === undefined) {
    return { state: 'not_watched', attempts: 0, sha: null, why: '', url: null, runs: [] };
  }
  return {
    state: ci.state,
    attempts: ci.attempts,
    sha: ci.sha,
    why: ci.why,
    url: ci.url ?? null,
    runs: ci.runs.map((run) => snakeJson(run)),
  };
}
