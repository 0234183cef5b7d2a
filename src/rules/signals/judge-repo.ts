import type { BlockedBy } from '../../domain/failure.ts';
import type { FingerprintPart } from '../../domain/fingerprint.ts';
import type { Signal } from '../../domain/signal.ts';
import { type Instant, isoUtc } from '../../domain/time.ts';
import { restsUntil } from '../back-off.ts';
import { type Standing, standingOf } from '../standing.ts';
import { mustAskRemote, nextAsk } from './ask-remote.ts';
import { findSignals, tasksAsked } from './find-signals.ts';
import { newsOf, personActs } from './news.ts';
import type { Known, Observed } from './observed.ts';

/** Whether a repository is worth a visit now, and if not, when it may be. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly standing: Standing;
  /** The parts that differ from what the last visit found. */
  readonly changed: readonly FingerprintPart[];
  /** Reasons that there are, also while they do not count yet. */
  readonly signals: readonly Signal[];
}

export type Verdict =
  /** `onlyAsked`: people asked for work, and nothing else calls for the visit. */
  | { readonly is: 'visit'; readonly onlyAsked: boolean }
  /** Its memory is too long, and that is all: no agent is needed. */
  | { readonly is: 'tidy' }
  /** Nothing is known to call for a visit, but its remote has to be asked first. */
  | { readonly is: 'ask' }
  | Leave;

export interface Leave {
  readonly is: 'leave';
  readonly why: string;
  /** Undefined: time alone brings nothing. */
  readonly nextDue: Instant | undefined;
  /** What would make it sooner. */
  readonly sooner: string;
  /** What work that is done, or the visit itself, waits for; undefined: nothing is blocked. */
  readonly blockedBy?: BlockedBy | undefined;
}

/** No token is spent on a repository that this does not send for. */
export function judgeRepo(known: Known, observed: Observed): Judgement {
  const news = newsOf(known, observed);
  const acts = personActs(news);
  const standing = standingOf(known.last, acts.length > 0);
  const asked = tasksAsked(observed);
  const found = findSignals(known, observed, news);
  const judged = (verdict: Verdict): Judgement => ({
    verdict,
    standing,
    changed: [...news],
    signals: [...asked, ...found],
  });

  const onlyTasks = (): Judgement => ({ ...judged({ is: 'visit', onlyAsked: true }), signals: asked });
  if (known.watched) return observed.tasks.some((task) => task.now) ? onlyTasks() : judged(watched);
  const stopped = whatStops(known, observed, standing);
  if (stopped !== undefined) {
    if (asked.length > 0) return onlyTasks();
    const pushed = observed.remote.is === 'told' && (known.held ?? known.toLand) === undefined;
    return judged(pushed && mustAskRemote(known, observed) ? { is: 'ask' } : stopped);
  }
  if (found.some(({ kind }) => kind !== 'memory-over-limit'))
    return judged({ is: 'visit', onlyAsked: false });
  if (mustAskRemote(known, observed)) return judged({ is: 'ask' });
  if (asked.length > 0) return judged({ is: 'visit', onlyAsked: true });
  if (found.length > 0) return judged({ is: 'tidy' });
  return judged(quiet(known, observed));
}

const watched: Leave = {
  is: 'leave',
  why: 'its CI is being watched',
  nextDue: undefined,
  sooner: 'the verdict of CI, or a task added with --now',
};

/** What stands against a visit however many signals there are, a person's task excepted. */
function whatStops(known: Known, observed: Observed, standing: Standing): Leave | undefined {
  if (known.held !== undefined)
    return {
      is: 'leave',
      why: `waits for you: clone review ${known.held}`,
      nextDue: undefined,
      sooner: `clone review ${known.held} --accept, or --reject "why"`,
      blockedBy: 'human',
    };
  if (known.toLand !== undefined)
    return {
      is: 'leave',
      why: `the work of ${known.toLand} waits to land: its remote was away, or refused it`,
      nextDue: undefined,
      sooner: 'every cycle tries again to land it; clone show says what the remote said',
      blockedBy: known.last?.blockedBy,
    };
  const { last } = known;
  if (observed.named && (last === undefined || last.at < (observed.runBegan ?? Number.POSITIVE_INFINITY)))
    return undefined;
  const until = restsUntil(standing, last, observed.runBegan);
  if (until === undefined || observed.at >= until) return undefined;
  const how = last?.state === 'blocked' ? 'was blocked' : 'failed';
  return {
    is: 'leave',
    why: `the last visit ${how}; the next is not before ${isoUtc(until)}`,
    nextDue: until,
    sooner:
      'a task for it, an edit of its entry, changed options or prompts, a new commit, or clone run --repo',
    blockedBy: last?.state === 'blocked' ? last.blockedBy : undefined,
  };
}

function quiet(known: Known, observed: Observed): Leave {
  const problem = observed.remote.is === 'asked' ? observed.remote.problem : known.remote?.problem;
  return {
    is: 'leave',
    why: problem === undefined ? 'no signal' : `no signal, and its remote could not be asked: ${problem}`,
    nextDue: nextAsk(known, observed),
    sooner: 'a task for it, a commit, a trusted issue, a new open item, a changed objective or prompt',
    blockedBy: observed.remote.is === 'asked' && observed.remote.refused ? 'access' : undefined,
  };
}
