import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { afterReview, blocking } from '../rules/review/judge-review.ts';
import { findingsAtLength } from '../rules/review/tell-findings.ts';
import { fenced, sanitise } from '../rules/untrusted.ts';
import { acceptOrRepair } from './accept.ts';
import { wordsOf } from './failure-words.ts';
import { type Review, review } from './review.ts';
import { rework } from './rework.ts';
import { salvage } from './salvage.ts';
import type { Landing, ReviewTurns } from './verified-at.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop, type Visit } from './visit.ts';

/** Why a person has to look before it lands. */
export type Held = Pick<Extract<SessionFailure, { kind: 'held-for-review' }>, 'message' | 'stopped'>;

/** What the gates allow; and, when no reviewer let it pass, why it waits for a person. */
export interface Accepted {
  readonly tip: Sha;
  readonly held?: Held | undefined;
}

export type ReviewedLanding = Landing & {
  readonly reviews: ReviewTurns;
  /** What it is about, where that is not the tasks of the session. */
  readonly about?: string | undefined;
};

/**
 * The gates, then the reviewer where one is asked for. What weighs goes back to the agent once; what it mends is
 * verified, gated and reviewed like the rest, so that nothing lands but what somebody looked at as it is.
 */
export async function acceptReviewed(
  world: SessionWorld,
  session: OpenSession,
  landing: ReviewedLanding,
  stop: Stop,
): Promise<Result<Accepted, SessionFailure>> {
  const { options } = session.visit;
  let { tip, thread } = landing;
  let hasRepaired = false;
  for (;;) {
    const stem = hasRepaired ? 'gate-repair-reviewed' : undefined;
    const allowed = await acceptOrRepair(world, session, { ...landing, tip, thread, stem }, stop);
    if (!allowed.ok) return allowed;
    ({ tip, thread } = allowed.value);
    if (options.review === 'none') return ok({ tip });

    const reviewed = await review(world, session, { ...landing, tip }, stop);
    if (!reviewed.ok) return reviewed;
    const next = afterReview(reviewed.value.outcome, {
      turnsLeft: landing.reviews.left,
      mayRepair: !hasRepaired && options.verify_fix_attempts > 0,
      isDraining: isDraining(stop),
    });
    if (next === 'accept') return ok({ tip });
    if (next !== 'repair') return ok({ tip, held: heldBy(reviewed.value) });

    const mended = await mend(world, session, { ...landing, tip, thread }, reviewed.value, stop);
    if (!mended.ok) return mended;
    if (mended.value.held) return ok({ tip, held: mended.value.held });
    ({ tip, thread } = mended.value);
    hasRepaired = true;
  }
}

function heldBy({ agent, why, failure }: Review): Held {
  return { message: why, stopped: failure && { agent, failure } };
}

/** One repair turn on what the reviewer found. Where it leads to nothing that holds, the change waits as it was. */
async function mend(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing,
  found: Review,
  stop: Stop,
): Promise<Result<{ tip: Sha; thread: string | undefined; held?: Held | undefined }, SessionFailure>> {
  const { tip, thread } = landing;
  const hold = (why: string, stopped?: Held['stopped']) =>
    ok({ tip, thread, held: { message: `${found.why}; ${why}`, stopped } });
  const order = {
    onto: tip,
    stem: `${found.stem}-repair`,
    attempt: 1,
    attempts: 1,
    findings: findingsFor(world, found),
    subject: 'Mend what the review found',
  };
  const mended = await rework(world, session, landing, order, stop);
  if (!mended.ok) {
    if (mended.failure.kind === 'interrupted') return mended;
    const stopped = { agent: session.visit.options.agent, failure: mended.failure };
    return hold(`the repair turn did not end well: ${wordsOf(mended.failure)}`, stopped);
  }
  switch (mended.value.kind) {
    case 'green':
      return ok({ tip: mended.value.tip, thread: mended.value.thread });
    case 'unchanged':
      return hold(`the repair turn changed nothing: ${shortly(mended.value.handoff.summary)}`);
    case 'red': {
      const why = `${mended.value.names} is red with the repair of what the review found`;
      await salvage(session, 'review-repair', mended.value.commit, why);
      return hold(`the repair made ${mended.value.names} red and was taken out`);
    }
  }
}

function shortly(summary: string): string {
  return summary.replace(/\s+/g, ' ').trim().slice(0, 500) || 'it did not say why';
}

/** The exact findings, as data: a reviewer has read what strangers wrote. */
function findingsFor(world: Pick<SessionWorld, 'randomId'>, { agent, findings }: Review): string {
  const text = sanitise(findingsAtLength(blocking(findings)), { maxChars: 24_000 });
  return [
    'Somebody who did not write it reviewed your change and would not let it land. Look at each finding in the code. Mend what is so, with a test that fails without it where one can; where a finding is wrong, leave the code and say in `summary` what shows it.',
    fenced(text, { source: `the review by ${agent}`, nonce: world.randomId(8) }),
  ].join('\n');
}

/**
 * For what an agent made after the review (a solved conflict): one more look, and only what passes goes on. There is
 * nobody left to mend it, so the rest is for a person.
 */
export async function passReview(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing,
  stop: Stop,
): Promise<Result<void, SessionFailure>> {
  const { visit } = session;
  if (visit.options.review === 'none') return ok(undefined);
  const change = { from: landing.from, tip: landing.tip, reviews: landing.reviews ?? { left: 0 } };
  const reviewed = await review(world, session, change, stop);
  if (!reviewed.ok) return reviewed;
  if (reviewed.value.outcome === 'passed') return ok(undefined);
  const held = heldBy(reviewed.value);
  const message = `what solves the conflict may not land: ${held.message}`;
  if (landing.aside) return failed({ kind: 'tasks-rejected', message });
  return failed({
    kind: 'held-for-review',
    message: `${message}; ${waitsForYou(visit)}`,
    stopped: held.stopped,
  });
}

/** What a person can do about a session that is held. */
export function waitsForYou({ session }: Pick<Visit, 'session'>): string {
  return `waits for you: clone review ${session}, then --accept or --reject "why"`;
}
