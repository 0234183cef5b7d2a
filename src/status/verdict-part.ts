import { isoUtc, spoken } from '../domain/time.ts';
import type { RunView } from '../ledger/views.ts';
import { isLeftAlone } from './need-parts.ts';
import { redOfOthers } from './red-of-others.ts';
import type { AsleepPart, NeedPart, StatusReport, WorkerPart } from './report.ts';
import { asleepAfter, type Situation } from './situation.ts';

/** Whether the loop slept: no tick for long, now or earlier in the run. */
export function asleepPart({ run, runState, now }: Situation): AsleepPart | null {
  if (run === undefined) return null;
  if (runState === 'running' && now - run.tickedAt >= asleepAfter) {
    const sentence = `no tick for ${spoken(now - run.tickedAt)}: the machine slept, or the process hangs`;
    return { from: isoUtc(run.tickedAt), to: null, sentence };
  }
  const gap = run.longestGap;
  if (gap === undefined || gap.to - gap.from < asleepAfter) return null;
  const sentence = `the loop was asleep for ${spoken(gap.to - gap.from)}, until ${isoUtc(gap.to)}`;
  return { from: isoUtc(gap.from), to: isoUtc(gap.to), sentence };
}

/** Is anything wrong? In one word and one sentence. */
export function verdictPart(
  situation: Situation,
  {
    needs,
    workers,
    asleep,
  }: { needs: readonly NeedPart[]; workers: readonly WorkerPart[]; asleep: AsleepPart | null },
): StatusReport['verdict'] {
  const { run, runState, now } = situation;
  const here = whereItStands(situation, workers);
  if (run !== undefined && runState === 'died') {
    const ago = spoken(now - run.tickedAt);
    return {
      state: 'problem',
      sentence: `run ${run.id} died ${ago} ago: its process is gone. \`clone run\` goes on where it was.`,
    };
  }
  const broken = needs.find(({ what }) => what === 'configuration');
  if (broken !== undefined) return { state: 'problem', sentence: broken.why };
  const red = needs.filter(({ what }) => what === 'ci_red');
  if (red.length > 0) {
    return { state: 'problem', sentence: `CI is red on ${red.map(({ repo }) => repo).join(', ')}. ${here}` };
  }
  if (asleep !== null && asleep.to === null)
    return { state: 'problem', sentence: `${asleep.sentence}. ${here}` };
  if (needs.length > 0) {
    return {
      state: 'attention',
      sentence: `${needs.length} ${needs.length === 1 ? 'thing needs' : 'things need'} you. ${here}`,
    };
  }
  const others = redOfOthersNow(situation);
  if (others !== undefined) return { state: 'attention', sentence: `${others}. ${here}` };
  const bad = badEnds(run);
  if (bad !== undefined) return { state: 'attention', sentence: `${bad} in this run. ${here}` };
  if (runState === 'running') return { state: 'ok', sentence: here };
  return { state: 'idle', sentence: here };
}

function whereItStands({ run, runState, now, question }: Situation, workers: readonly WorkerPart[]): string {
  if (run === undefined) {
    return question.portfolio.length === 0
      ? 'Nothing is here yet: `clone discover ROOT` finds your repositories.'
      : 'Nothing has run yet: `clone run` begins.';
  }
  if (runState !== 'running') {
    const ended = run.endedAt ?? run.tickedAt;
    return `No run is going on; run ${run.id} ended ${spoken(now - ended)} ago (${run.stopReason ?? 'it did not say why'}).`;
  }
  const of = run.cycles === 0 ? '' : ` of ${run.cycles}`;
  const done = `${Math.min(run.cycleDone, run.cycleRepos)} of ${run.cycleRepos} repositories done`;
  return `Run ${run.id} is in cycle ${run.cycle}${of}: ${done}, ${workers.length} at work.`;
}

/** What others pushed and is red needs nobody while a run takes it up; but it is wrong. */
function redOfOthersNow(situation: Situation): string | undefined {
  const { repos, runState } = situation;
  const red = [...repos.values()].filter(
    (repo) => redOfOthers(repo) !== undefined && !isLeftAlone(situation, repo.name),
  );
  if (red.length === 0) return undefined;
  const names = `${red
    .slice(0, mostNamed)
    .map(({ name }) => name)
    .join(', ')}${red.length > mostNamed ? ` and ${red.length - mostNamed} more` : ''}`;
  const who = runState === 'running' ? 'this run takes it up' : 'the next `clone run` takes it up';
  return `CI is red on ${names}, where somebody else pushed: ${who}`;
}

const mostNamed = 5;

function badEnds(run: RunView | undefined): string | undefined {
  const count = (run?.sessions['failed'] ?? 0) + (run?.sessions['rejected'] ?? 0);
  if (count === 0) return undefined;
  return `${count} ${count === 1 ? 'session' : 'sessions'} failed or ${count === 1 ? 'was' : 'were'} rejected`;
}
