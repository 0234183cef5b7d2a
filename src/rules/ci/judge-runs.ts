import type { CiExpectation, CiRun, CiVerdict } from '../../domain/ci.ts';
import { spoken } from '../../domain/time.ts';

/** What others than Actions say of a commit, in one word. */
export interface ExternalChecks {
  readonly state: 'none' | 'pending' | 'success' | 'failure';
  readonly what: string;
  readonly url?: string | undefined;
}

export interface Look {
  /** The newest run of each workflow (`newestRuns`). */
  readonly runs: readonly CiRun[];
  readonly expected: CiExpectation;
  readonly waitedMs: number;
  readonly graceMs: number;
  readonly timeoutMs: number;
  /** Looks in a row before this one that saw exactly the same. */
  readonly stablePolls: number;
  /** Asked only while Actions has nothing; undefined: not asked. */
  readonly external?: ExternalChecks | undefined;
  /** Run id → the attempt that we asked to run again: up to that one, an attempt is old news. */
  readonly rerun?: ReadonlyMap<number, number> | undefined;
}

export type CiJudgement =
  | { readonly kind: 'wait'; readonly because: string }
  /** Completed runs that failed. Whether the code is to blame is for `classifyFailure`. */
  | { readonly kind: 'red'; readonly runs: readonly CiRun[] }
  | {
      readonly kind: 'verdict';
      readonly verdict: CiVerdict;
      readonly why: string;
      readonly url?: string | undefined;
    };

/** What a conclusion means to us. One that we do not know is never taken for a pass. */
export function meaningOf(
  conclusion: string | null,
): 'pass' | 'neutral' | 'red' | 'cancelled' | 'human' | 'unknown' {
  switch (conclusion) {
    case 'success':
      return 'pass';
    case 'neutral':
    case 'skipped':
      return 'neutral';
    case 'failure':
    case 'timed_out':
    case 'startup_failure':
      return 'red';
    case 'cancelled':
      return 'cancelled';
    case 'action_required':
      return 'human';
    default:
      return 'unknown';
  }
}

/** Reads one look at the runs of a commit. No run is never green, and green is seen twice before it is said. */
export function judgeRuns(look: Look): CiJudgement {
  if (look.runs.length === 0) return judgeNothing(look);
  const over = look.waitedMs >= look.timeoutMs;
  const red = look.runs.filter((run) => run.status === 'completed' && meaningOf(run.conclusion) === 'red');
  const open = look.runs.filter((run) => !isOver(run, look));

  if (open.length > 0 && !over) return { kind: 'wait', because: stillOpen(open) };
  if (red.length > 0) return { kind: 'red', runs: red };
  if (open.length > 0) {
    const why = `${stillOpen(open)} after ${spoken(look.waitedMs)}`;
    return { kind: 'verdict', verdict: 'timeout', why, url: open[0]?.url };
  }
  return judgeFinished(look);
}

function isOver(run: CiRun, look: Look): boolean {
  return run.status === 'completed' && run.attempt > (look.rerun?.get(run.id) ?? 0);
}

function stillOpen(open: readonly CiRun[]): string {
  const [first] = open;
  const what = first?.status === 'waiting' ? 'waits for an approval' : 'is not finished';
  const more = open.length > 1 ? ` and ${open.length - 1} more` : '';
  return `${first?.workflow ?? 'a run'}${more} ${what}`;
}

function judgeFinished(look: Look): CiJudgement {
  const verdict = (verdict: CiVerdict, run: CiRun | undefined, why: string): CiJudgement => ({
    kind: 'verdict',
    verdict,
    why,
    url: (run ?? look.runs[0])?.url,
  });
  const find = (meaning: ReturnType<typeof meaningOf>): CiRun | undefined =>
    look.runs.find((run) => meaningOf(run.conclusion) === meaning);

  const human = find('human');
  if (human)
    return verdict('infra', human, `${human.workflow} waits for a person to approve it on the forge`);
  const cancelled = find('cancelled');
  if (cancelled) {
    return verdict('infra', cancelled, `${cancelled.workflow} was cancelled, by a newer push or by a person`);
  }
  const unknown = find('unknown');
  if (unknown) {
    const word = unknown.conclusion ?? 'nothing';
    return verdict(
      'infra',
      unknown,
      `${unknown.workflow} ended with “${word}”, which we cannot read as a pass`,
    );
  }
  if (look.stablePolls < 1)
    return { kind: 'wait', because: 'all finished; one more look for late workflows' };
  if (!find('pass'))
    return verdict('no_ci', undefined, 'every run was skipped or neutral: nothing was tested');
  const names = look.runs.map((run) => run.workflow);
  return verdict('green', find('pass'), `passed: ${[...new Set(names)].slice(0, 5).join(', ')}`);
}

function judgeNothing(look: Look): CiJudgement {
  const { expected, external, waitedMs, graceMs, timeoutMs } = look;
  if (waitedMs < graceMs) return { kind: 'wait', because: 'no run yet' };
  const over = waitedMs >= timeoutMs;
  const verdict = (verdict: CiVerdict, why: string): CiJudgement => ({
    kind: 'verdict',
    verdict,
    why,
    url: external?.url,
  });

  if (expected.kind === 'some') {
    if (!over) return { kind: 'wait', because: `no run yet, though ${expected.why}` };
    return verdict('ci_missing', `no run came in ${spoken(waitedMs)}, though ${expected.why}`);
  }
  if (external && external.state !== 'none') {
    if (external.state === 'failure')
      return verdict('red', `${external.what} failed, outside Actions: no log to read`);
    if (external.state === 'success') {
      if (look.stablePolls < 1)
        return { kind: 'wait', because: 'checks outside Actions passed; one more look' };
      return verdict('green', `passed outside Actions: ${external.what}`);
    }
    if (!over) return { kind: 'wait', because: `${external.what} is not finished` };
    return verdict('timeout', `${external.what} was not finished after ${spoken(waitedMs)}`);
  }
  if (expected.kind === 'unknown') {
    if (!over) return { kind: 'wait', because: `no run yet; ${expected.why}` };
    return verdict('no_ci', `no run came in ${spoken(waitedMs)}, and none was certain: ${expected.why}`);
  }
  return verdict('no_ci', `none was to come: ${expected.why}`);
}
