import { type Instant, isoUtc, seconds } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunView } from '../ledger/views.ts';
import { isoOrNull } from './instants.ts';
import { issuesPart } from './issue-parts.ts';
import { needParts } from './need-parts.ts';
import { newsParts } from './news-parts.ts';
import { repoParts } from './repo-parts.ts';
import type { CiPart, RunPart, StatusReport, UsagePart } from './report.ts';
import { readSituation, type Situation, type StatusQuestion } from './situation.ts';
import { asleepPart, verdictPart } from './verdict-part.ts';
import { freeSlots, parkedAgents, waitingParts } from './waiting-parts.ts';
import { workerParts } from './worker-parts.ts';

/** Where everything stands: one object that the terminal, JSON, Markdown and HTML are all made of. */
export async function statusOf(ledger: Ledger, question: StatusQuestion): Promise<StatusReport> {
  const situation = await readSituation(ledger, question);
  const workers = workerParts(situation);
  const needs = needParts(situation);
  const asleep = asleepPart(situation);
  return {
    schema_version: 1,
    generated_at: isoUtc(question.now),
    home: question.home,
    verdict: verdictPart(situation, { needs, workers, asleep }),
    asleep,
    needs_you: needs,
    run: runPart(situation),
    workers,
    waiting: waitingParts(situation),
    free_slots: freeSlots(situation, workers),
    ci: ciParts(situation),
    issues: issuesPart(situation.issueReaders, situation.issues),
    sessions: sessionCounts(situation.run),
    since_last_look: await newsParts(ledger, question),
    last_look: isoOrNull(question.lastLook),
    usage: usagePart(situation.run),
    goes_on: goesOn(situation),
    repos: repoParts(situation, workers),
  };
}

function runPart({ run, runState }: Situation): RunPart | null {
  if (run === undefined || runState === 'none') return null;
  return {
    id: run.id,
    state: runState,
    started_at: isoUtc(run.startedAt),
    ticked_at: isoUtc(run.tickedAt),
    ended_at: isoOrNull(run.endedAt),
    cycle: run.cycle,
    cycles: run.cycles,
    repos_in_cycle: run.cycleRepos,
    repos_done: Math.min(run.cycleDone, run.cycleRepos),
    parallel: run.parallel,
    agent: run.agent,
    stop_reason: run.stopReason ?? null,
    exit_code: run.exitCode ?? null,
    logs: run.folder,
    warnings: run.warnings,
  };
}

function ciParts({ watches }: Situation): readonly CiPart[] {
  return watches.map((watch) => ({
    repo: watch.repo,
    sha: watch.sha,
    session: watch.session,
    state: watch.state,
    attempts: watch.attempt,
    url: watch.url ?? watch.runs.at(-1)?.url ?? null,
    since: isoUtc(watch.startedAt),
    why: watch.why,
  }));
}

function sessionCounts(run: RunView | undefined): StatusReport['sessions'] {
  const count = (state: string): number => run?.sessions[state] ?? 0;
  return {
    landed: count('cleaned'),
    no_work: count('no_work'),
    skipped: count('skipped'),
    rejected: count('rejected'),
    blocked: count('blocked'),
    failed: count('failed'),
    interrupted: count('interrupted'),
    abandoned: count('abandoned'),
  };
}

function usagePart(run: RunView | undefined): UsagePart {
  return {
    turns: run?.turns ?? 0,
    input_tokens: run?.usage.inputTokens ?? 0,
    cached_input_tokens: run?.usage.cachedInputTokens ?? 0,
    output_tokens: run?.usage.outputTokens ?? 0,
    agent_seconds: Math.round(run?.agentSeconds ?? 0),
    commits: run?.commits ?? 0,
    pushes: run?.pushes ?? 0,
  };
}

function goesOn(situation: Situation): StatusReport['goes_on'] {
  const { run, runState, question } = situation;
  const [parked] = parkedAgents(situation);
  if (run === undefined || runState !== 'running') return { at: null, why: 'with the next `clone run`' };
  if (parked !== undefined) {
    const why =
      parked.until === undefined
        ? `when ${parked.agent} can be used again`
        : `the limit of ${parked.agent} is over then`;
    return { at: isoOrNull(parked.until), why };
  }
  if (run.cycleEndedAt === undefined) return { at: null, why: 'it is working' };
  if (run.cycles > 0 && run.cycle >= run.cycles) return { at: null, why: 'the run is ending' };
  return { at: nextCycle(run.cycleEndedAt, question.sleepSeconds), why: 'the next cycle begins' };
}

function nextCycle(ended: Instant, sleepSeconds: number | undefined): string | null {
  return sleepSeconds === undefined ? null : isoUtc(ended + seconds(sleepSeconds));
}
