import type { CiRun } from '../domain/ci.ts';
import { seconds } from '../domain/time.ts';
import { type ExternalChecks, judgeRuns } from '../rules/ci/judge-runs.ts';
import { newestRuns, runsKey } from '../rules/ci/newest-runs.ts';
import { judgeRed } from './judge-red-ci.ts';
import { about, type CiWorld, type Looked, type Watched } from './watched-commit.ts';

/** Looks once at the CI of one commit, and says what that means. */
export async function lookAtCi(world: CiWorld, watch: Watched, stop: AbortSignal): Promise<Looked> {
  const { request } = watch;
  const waitedMs = world.clock.now() - watch.since;
  const graceMs = seconds(request.options.ci_grace_seconds);
  const found = await world.forge.runsOf(request.slug, request.sha, { searchHarder: waitedMs >= graceMs });
  if (stop.aborted) return { kind: 'interrupted' };
  if (!found.ok) return { kind: 'blind', failure: found.failure };

  for (const run of found.value) {
    if ((watch.known.get(run.id)?.attempt ?? 0) <= run.attempt) watch.known.set(run.id, run);
  }
  const runs = newestRuns([...watch.known.values()], request.branch);
  await recordChange(world, watch, runs);
  const external = await externalChecks(world, watch, { runs, waitedMs, graceMs });
  noteStability(watch, `${runsKey(runs)} ${external?.state ?? ''}`);

  const judged = judgeRuns({
    runs,
    expected: watch.expected,
    waitedMs,
    graceMs,
    timeoutMs: seconds(request.options.ci_wait_timeout_seconds),
    stablePolls: watch.unchanged,
    external,
    rerun: watch.rerun,
  });
  if (judged.kind === 'wait') return judged;
  if (judged.kind === 'verdict') return { kind: 'over', outcome: judged };
  return judgeRed(world, watch, judged.runs, stop);
}

async function recordChange(world: CiWorld, watch: Watched, runs: readonly CiRun[]): Promise<void> {
  const key = runsKey(runs);
  if (key === watch.recorded) return;
  await world.ledger.record({ type: 'watch-saw', ...about(watch), runs });
  watch.recorded = key;
}

function noteStability(watch: Watched, key: string): void {
  watch.unchanged = key === watch.seen ? watch.unchanged + 1 : 0;
  watch.seen = key;
}

/** Asked only when nothing of Actions is to come, since it costs two requests. A refusal counts as silence. */
async function externalChecks(
  world: CiWorld,
  { request, expected }: Watched,
  now: { runs: readonly CiRun[]; waitedMs: number; graceMs: number },
): Promise<ExternalChecks | undefined> {
  if (now.runs.length > 0 || now.waitedMs < now.graceMs || expected.kind === 'some') return undefined;
  const checks = await world.forge.externalChecks(request.slug, request.sha);
  return checks.ok ? checks.value : undefined;
}
