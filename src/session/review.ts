import type { SessionFailure } from '../domain/failure.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { ReviewFinding, ReviewOutcome } from '../domain/review.ts';
import { chooseReviewer } from '../rules/review/choose-reviewer.ts';
import { afterReview, blocking } from '../rules/review/judge-review.ts';
import { readReview, reviewSchema } from '../rules/review/read-review.ts';
import { findingsInShort } from '../rules/review/tell-findings.ts';
import { wordsOf, workspaceFailure } from './failure-words.ts';
import { writePrompt } from './prompt.ts';
import { type Reviewed, reviewOrder } from './review-prompt.ts';
import { takeTurn } from './turn.ts';
import type { ReviewTurns } from './verified-at.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop, type Visit } from './visit.ts';

/** Review turns that one landing may take: a look, and one more after a repair or an unreadable answer. */
export const mostReviewTurns = 2;

/** The review turns that are left to a session. A run that died may have taken some. */
export async function reviewTurnsOf({
  visit,
  ledger,
}: Pick<OpenSession, 'visit' | 'ledger'>): Promise<ReviewTurns> {
  if (visit.options.review === 'none') return { left: 0 };
  const taken = (await ledger.session(visit.session))?.review ?? [];
  return { left: Math.max(0, mostReviewTurns - taken.length) };
}

/** What came of a review. */
export interface Review {
  readonly agent: string;
  /** Name of its turn; empty: there was none. */
  readonly stem: string;
  readonly outcome: ReviewOutcome;
  /** Why a person has to look, in words; empty when it passed. */
  readonly why: string;
  readonly findings: readonly ReviewFinding[];
  /** How the reviewing agent failed, where it did. */
  readonly failure?: SessionFailure | undefined;
}

/**
 * Has a change looked at before it lands, by an agent that never saw how it was made: read-only, in a fresh thread. Where
 * the answer cannot be read, it is looked at once more. Whatever the reviewer changes is taken back. Fails only when
 * the session has to end; everything else is an outcome, and only `passed` goes on by itself.
 */
export async function review(
  world: SessionWorld,
  session: OpenSession,
  change: Reviewed & { readonly reviews: ReviewTurns },
  stop: Stop,
): Promise<Result<Review, SessionFailure>> {
  const chosen = reviewerFor(session.visit);
  if (!chosen.ok) return chosen;
  const agent = chosen.value ?? session.visit.options.agent;
  const unseen = (why: string): Result<Review, SessionFailure> =>
    ok({ agent, stem: '', outcome: 'failed', why, findings: [] });
  if (change.reviews.left <= 0)
    return unseen(`nobody has reviewed it as it is now: ${mostReviewTurns} review turns are all there are`);

  for (;;) {
    const looked = await look(world, session, { ...change, agent }, stop);
    if (!looked.ok) return looked;
    const now = { turnsLeft: change.reviews.left, mayRepair: false, isDraining: isDraining(stop) };
    if (afterReview(looked.value.outcome, now) !== 'ask-again') return looked;
  }
}

/** Who reviews what a visit does; undefined: nobody. Fails where somebody is asked for who is not there. */
export function reviewerFor({ options }: Pick<Visit, 'options'>): Result<string | undefined, SessionFailure> {
  const chosen = chooseReviewer(options);
  if (chosen.ok) return chosen;
  const message = `${chosen.failure.message}: ${chosen.failure.hint}`;
  return failed({ kind: 'repo-unusable', message, hint: '' });
}

/** One review turn, and the fact that it was. */
async function look(
  world: SessionWorld,
  session: OpenSession,
  change: Reviewed & { readonly reviews: ReviewTurns; readonly agent: string },
  stop: Stop,
): Promise<Result<Review, SessionFailure>> {
  const { visit, mirror, ledger } = session;
  const { agent, tip: sha } = change;
  const view = await ledger.session(visit.session);
  const stem = `review-${(view?.review ?? []).length + 1}`;
  const there = await bringTo(session, change);
  if (!there.ok) return there;
  const order = await reviewOrder(world, mirror, { ...change, tree: there.value.tree }, view);
  if (!order.ok) return failed(workspaceFailure(order.failure));
  const prompt = await writePrompt(world, session, { ...order.value, stem });
  const turn = { kind: 'review', agent, prompt, schema: reviewSchema, thread: undefined, stem } as const;
  change.reviews.left -= 1;
  const taken = await takeTurn(world, session, turn, stop);
  if (!taken.ok && taken.failure.kind === 'interrupted') return taken;
  // Whoever judges does not write.
  const after = await bringTo(session, change);
  if (!after.ok) return after;
  const seen = { agent, stem, ...(taken.ok ? judge(agent, taken.value) : unfinished(agent, taken.failure)) };
  const { outcome, findings } = seen;
  const why = outcome === 'failed' || outcome === 'unreadable' ? seen.why : '';
  const reviewed = { agent, sha, outcome, why, findings, edited: after.value.moved };
  const here = ledger.within({ turn: `${visit.session}/${stem}` });
  await here.record({ type: 'reviewed', ...reviewed });
  return ok(seen);
}

type Judged = Omit<Review, 'agent' | 'stem'>;

function unfinished(agent: string, failure: SessionFailure): Judged {
  const why = `the review by ${agent} did not come to an end: ${wordsOf(failure)}`;
  return { outcome: 'failed', why, findings: [], failure };
}

function judge(agent: string, taken: { answer: string | undefined; nothing: boolean }): Judged {
  const read = readReview(taken.answer);
  if (taken.nothing || !read.ok) {
    const problem = read.ok ? 'the agent did nothing' : read.failure;
    const why = `the answer of ${agent} is no review: ${problem}`;
    return { outcome: 'unreadable', why, findings: [] };
  }
  const found = blocking(read.value);
  if (found.length === 0) return { outcome: 'passed', why: '', findings: read.value };
  const why = `the review by ${agent} found ${findingsInShort(found)}`;
  return { outcome: 'blocking', why, findings: read.value };
}

/** Makes the files those of the change. `moved`: they were others. */
async function bringTo(
  { workspace }: OpenSession,
  { tip }: Reviewed,
): Promise<Result<{ tree: string; moved: boolean }, SessionFailure>> {
  const before = await workspace.snapshot(tip);
  if (before.ok && !before.value.changed) return ok({ tree: before.value.tree, moved: false });
  const there = await workspace.resetTo(tip);
  if (!there.ok) return failed(workspaceFailure(there.failure));
  const now = await workspace.snapshot(tip);
  return now.ok ? ok({ tree: now.value.tree, moved: true }) : failed(workspaceFailure(now.failure));
}
