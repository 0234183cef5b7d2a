import { hours, type Instant, isoUtc, minutes, seconds } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Forge, ForgeFailure } from '../ports/forge.ts';
import { pollDelay } from '../rules/ci/poll-delay.ts';
import { lookAtCi } from './look-at-ci.ts';
import {
  beginWatch,
  type CiWorld,
  type Watched,
  type WatchOutcome,
  type WatchRequest,
} from './watched-commit.ts';

export type { WatchOutcome, WatchRequest } from './watched-commit.ts';

/** Watches the CI of all pushed commits with one timer, and holds no worker. */
export interface CiScheduler {
  /**
   * Resolves with the outcome; undefined: we were told to stop, or there is no forge to ask, and the watch stays open
   * in the ledger. A watch that the ledger knows goes on where it was. Rejects only for a bug.
   */
  watch(request: WatchRequest): Promise<WatchOutcome | undefined>;
  /** Commits that wait. */
  pending(): number;
  /** When the forge asked us not to come back before; undefined: not now. */
  pausedUntil(): Instant | undefined;
}

interface Waiting extends Watched {
  due: Instant;
  busy: boolean;
  /** Looks in a row that failed. */
  blind: number;
  readonly outcome: PromiseWithResolvers<WatchOutcome | undefined>;
}

const looksAtOnce = 4;
/** A forge that cannot be asked for so long after the wait was over will not answer this one. */
const patience = hours(6);

/** What the scheduler asks of the world; `forge` is undefined without a token. */
export type CiSchedulerWorld = Omit<CiWorld, 'forge' | 'ledger'> & {
  readonly forge: Forge | undefined;
  readonly ledger: Pick<Ledger, 'record' | 'watches'>;
  /** From 0 up to 1, for the jitter. */
  readonly random?: (() => number) | undefined;
};

export function ciScheduler(world: CiSchedulerWorld, stop: AbortSignal): CiScheduler {
  const { clock, forge, ledger } = world;
  const random = world.random ?? Math.random;
  const waiting = new Map<string, Waiting>();
  let pausedUntil = 0;
  let driving = false;
  /** People are told once why nothing moves, until the forge answers again. */
  let toldBlind = false;
  let wake = new AbortController();

  stop.addEventListener(
    'abort',
    () => {
      for (const watch of waiting.values()) watch.outcome.resolve(undefined);
      waiting.clear();
      wake.abort();
    },
    { once: true },
  );

  async function drive(seen: CiWorld): Promise<void> {
    while (waiting.size > 0) {
      wake = new AbortController();
      const now = clock.now();
      const free = [...waiting.entries()]
        .filter(([, watch]) => !watch.busy)
        .sort((a, b) => a[1].due - b[1].due);
      const places = looksAtOnce - (waiting.size - free.length);
      const due = now < pausedUntil ? [] : free.filter(([, watch]) => watch.due <= now).slice(0, places);
      for (const [key, watch] of due) {
        watch.busy = true;
        void look(seen, key, watch);
      }
      const next = due.length < places ? free[due.length]?.[1].due : undefined;
      const until = Math.max(next ?? Number.POSITIVE_INFINITY, pausedUntil);
      await clock.sleep(Math.max(1, Math.min(minutes(1), until - now)), wake.signal);
    }
    driving = false;
  }

  async function look(seen: CiWorld, key: string, watch: Waiting): Promise<void> {
    try {
      const looked = await lookAtCi(seen, watch, stop);
      const blind = looked.kind === 'blind' ? afterBlind(watch, looked.failure) : undefined;
      const outcome = looked.kind === 'over' ? looked.outcome : blind;
      if (looked.kind === 'blind' && !blind) await tellBlind(watch, looked.failure);
      else if (looked.kind !== 'interrupted') toldBlind = false;
      if (looked.kind === 'wait') planNext(watch);
      if (outcome) settle(key, watch, outcome);
    } catch (bug) {
      waiting.delete(key);
      watch.outcome.reject(bug);
    } finally {
      watch.busy = false;
      wake.abort();
    }
  }

  function settle(key: string, watch: Waiting, outcome: WatchOutcome): void {
    waiting.delete(key);
    watch.outcome.resolve(outcome);
  }

  function planNext(watch: Waiting, ageMs = clock.now() - watch.since): void {
    const now = clock.now();
    watch.blind = 0;
    watch.due =
      now +
      pollDelay({
        ageMs,
        baseMs: baseOf(watch),
        unchangedPolls: watch.unchanged,
        pending: waiting.size,
        random: random(),
      });
  }

  /** The forge did not answer. A verdict only when waiting cannot help. */
  function afterBlind(watch: Waiting, failure: ForgeFailure): WatchOutcome | undefined {
    const now = clock.now();
    const { slug, options } = watch.request;
    watch.blind += 1;
    const infra = (why: string): WatchOutcome => ({ kind: 'verdict', verdict: 'infra', why });
    if (failure.kind === 'access')
      return infra(`the token may not read the Actions of ${slug}: ${failure.message}`);
    if (failure.kind === 'gone' && watch.blind >= 3)
      return infra(`${slug} is not to be found: ${failure.message}`);
    if (now - watch.since > seconds(options.ci_wait_timeout_seconds) + patience) {
      return { kind: 'verdict', verdict: 'timeout', why: `the forge could not be asked: ${failure.message}` };
    }
    if (failure.kind === 'later') {
      pausedUntil = Math.max(pausedUntil, failure.until);
      watch.due = Math.max(now, failure.until) + baseOf(watch) * random();
      return undefined;
    }
    const backOff = baseOf(watch) * 2 ** Math.min(watch.blind - 1, 6);
    watch.due = now + Math.min(minutes(2), backOff) * (0.75 + 0.5 * random());
    return undefined;
  }

  async function tellBlind(watch: Waiting, failure: ForgeFailure): Promise<void> {
    if (toldBlind || (failure.kind !== 'later' && watch.blind < 3)) return;
    toldBlind = true;
    const message =
      failure.kind === 'later'
        ? `CI is not asked about before ${isoUtc(failure.until)}: ${failure.message}`
        : `CI cannot be asked about for now: ${failure.message}; we go on asking`;
    await ledger.record({ type: 'warned', message });
  }

  return {
    async watch(request) {
      if (!forge) return undefined;
      const key = `${request.slug} ${request.branch} ${request.sha}`;
      const views = await ledger.watches({ repo: request.repo, open: true });
      if (stop.aborted) return undefined;
      const already = waiting.get(key);
      if (already) return already.outcome.promise;

      const view = views.find((one) => one.sha === request.sha);
      const watched = beginWatch(request, view, clock.now());
      const outcome = Promise.withResolvers<WatchOutcome | undefined>();
      const watch: Waiting = { ...watched, due: 0, busy: false, blind: 0, outcome };
      planNext(watch, 0);
      waiting.set(key, watch);
      wake.abort();
      if (!driving) {
        driving = true;
        void drive({ ...world, forge });
      }
      return outcome.promise;
    },
    pending: () => waiting.size,
    pausedUntil: () => (pausedUntil > clock.now() ? pausedUntil : undefined),
  };
}

function baseOf(watch: Waiting): number {
  return seconds(watch.request.options.ci_poll_interval_seconds);
}
