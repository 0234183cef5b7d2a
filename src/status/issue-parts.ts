import type { IssueReadersView, IssueView } from '../ledger/views.ts';
import { isDone, refusalHint, refusalWords } from '../rules/issues/refusal-words.ts';

/** Issues over the whole portfolio, in numbers. */
export interface IssuesPart {
  /** Whose issues are read, by number; null: nobody asked the forge yet. */
  readonly owner: number | null;
  readonly bots: readonly number[];
  readonly apps: readonly number[];
  /** Open ones that may be worked on, and those that landed work has answered. */
  readonly open: number;
  readonly answered: number;
  /** Open ones that are not worked on. */
  readonly refused: readonly RefusedPart[];
}

/** Refusals of one kind. */
export interface RefusedPart {
  readonly reason: string;
  readonly count: number;
  readonly why: string;
  readonly repos: readonly string[];
  /** What a person can do about it; '' for nothing. */
  readonly hint: string;
}

export function issuesPart(readers: IssueReadersView | undefined, issues: readonly IssueView[]): IssuesPart {
  const accepted = issues.filter(({ state }) => state === 'accepted');
  const refused = issues.filter(({ state }) => state === 'refused');
  const alike = Map.groupBy(refused, ({ reason, id }) => `${reason ?? ''} ${id ?? ''}`);
  return {
    owner: readers?.owner ?? null,
    bots: readers?.bots ?? [],
    apps: readers?.apps ?? [],
    open: accepted.filter((issue) => !isDone(issue)).length,
    answered: accepted.filter(isDone).length,
    refused: [...alike.values()]
      .map((same) => refusedPart(same))
      .toSorted((a, b) => b.count - a.count)
      .slice(0, mostKinds),
  };
}

const mostKinds = 20;

function refusedPart(same: readonly IssueView[]): RefusedPart {
  const [{ reason = 'not-checked', id } = {}] = same;
  const repos = [...new Set(same.map(({ repo }) => repo))].slice(0, 5);
  const refusal = { reason, id };
  return { reason, count: same.length, why: refusalWords(refusal), repos, hint: refusalHint(refusal) };
}

/** An issue as `show` tells it: never its words. */
export interface DeliveryIssue {
  readonly number: number;
  /** `shown` to this session, `answered` by it, `refused`, or `open`. */
  readonly state: 'shown' | 'answered' | 'refused' | 'open';
  readonly why: string;
  readonly hint: string;
}

/** The issues of a session's repository: what it was shown, what it answered, and what is not worked on and why. */
export function deliveryIssues(session: string, issues: readonly IssueView[]): readonly DeliveryIssue[] {
  return issues.flatMap((issue) => deliveryIssue(session, issue)).toSorted((a, b) => a.number - b.number);
}

function deliveryIssue(session: string, issue: IssueView): readonly DeliveryIssue[] {
  const { number, state, done, offered, lastRefused, reason } = issue;
  if (done?.session === session)
    return [{ number, state: 'answered', why: `answered by ${done.commit.slice(0, 12)}`, hint: '' }];
  if (offered?.session === session)
    return [{ number, state: 'shown', why: 'shown to the agent as data', hint: '' }];
  if (state === 'gone') return [];
  if (state === 'refused') {
    const refusal = { reason: reason ?? 'not-checked', id: issue.id };
    return [{ number, state, why: refusalWords(refusal), hint: refusalHint(refusal) }];
  }
  if (lastRefused !== undefined)
    return [{ number, state: 'refused', why: refusalWords(lastRefused), hint: refusalHint(lastRefused) }];
  if (isDone(issue)) return [];
  return [{ number, state: 'open', why: 'waits for a visit', hint: '' }];
}
