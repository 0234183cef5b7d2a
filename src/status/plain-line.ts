import { workOf } from '../domain/change.ts';
import type { LedgerEvent } from '../domain/fact.ts';
import { ideaStepWords } from '../domain/idea.ts';
import { type Instant, isoUtc, seconds, spoken } from '../domain/time.ts';
import type { SessionView } from '../ledger/views.ts';
import { readersWords, refusalWords } from '../rules/issues/refusal-words.ts';
import { blocking } from '../rules/review/judge-review.ts';
import { findingsInShort } from '../rules/review/tell-findings.ts';
import { oneLine } from './one-line.ts';
import { cutToWidth } from './width.ts';

const longestLine = 400;

/** What is known of sessions, to name their tasks. */
export type Known = (session: string) => SessionView | undefined;

/** One line for an event that a person cares about, without its time; undefined for the others. */
export function plainLine(event: LedgerEvent, known: Known): string | undefined {
  const words = wordsOf(event, known);
  if (words === undefined) return undefined;
  const where = event.repo === undefined ? '' : `${event.repo}: `;
  return cutToWidth(oneLine(`${where}${words}`), longestLine);
}

/** The line as a log file has it, with its time. */
export function stamped(at: Instant, line: string): string {
  return `${isoUtc(at)} ${line}`;
}

function wordsOf(event: LedgerEvent, known: Known): string | undefined {
  const short = 'sha' in event ? (event.sha ?? '').slice(0, 7) : '';
  switch (event.type) {
    case 'run-started': {
      const cycles = event.cycles === 0 ? 'until stopped' : counted(event.cycles, 'cycle');
      return `run ${event.run ?? ''} begins: ${cycles}, ${event.parallel} at once, ${event.agent}; logs in ${event.folder}`;
    }
    case 'run-ended':
      return `run ${event.run ?? ''} ended: ${event.stopReason} (exit ${event.exitCode})`;
    case 'config-refused':
      return `a file cannot be read, the last good one stays in force: ${event.message}`;
    case 'cycle-started':
      return `cycle ${event.cycle ?? ''} begins: ${counted(event.repos, 'repository')}`;
    case 'cycle-ended':
      return `cycle ${event.cycle ?? ''} is over`;
    case 'repos-skipped':
      return event.skipped.length === 0 ? undefined : `left out: ${grouped(event.skipped)}`;
    case 'session-queued':
      return `visit ${event.session ?? ''} begins: ${event.why}`;
    case 'session-resumed':
      return `visit ${event.session ?? ''} goes on where it was cut off: ${event.done} of ${counted(event.done + event.left, 'task')} done`;
    case 'run-recovered':
      return `after a run that died: resumed ${event.resumed}, kept the work of ${event.salvaged}`;
    case 'session-moved':
      return movedWords(event);
    case 'plan-made':
      if (event.tasks.length === 0) return undefined;
      return `plan of ${counted(event.tasks.length, 'task')}: ${event.tasks.map(({ title }) => title).join('; ')}`;
    case 'turn-started':
      return toldTurns.has(event.kind) ? `${event.kind} turn begins` : undefined;
    case 'turn-ended':
      if (event.outcome.kind === 'completed') return undefined;
      return `${event.kind} turn ended: ${event.outcome.kind}: ${event.outcome.message}`;
    case 'agent-parked': {
      const until = event.until === undefined ? 'until somebody helps' : `until ${isoUtc(event.until)}`;
      return `${event.agent} is parked ${until}: ${event.why}`;
    }
    case 'operator-task-added':
      return `a person asks: ${event.title}`;
    case 'operator-task-moved':
      return `asked for "${event.id}": ${event.to}: ${event.why}`;
    case 'idea-taken-up':
      return `idea ${event.idea} is taken up: ${event.title}`;
    case 'idea-step-ended':
      return `idea ${event.idea}: ${ideaStepWords[event.step]}: done`;
    case 'idea-moved':
      return `idea ${event.idea} is ${event.to}${event.why === '' ? '' : `: ${event.why}`}${event.hint ? ` (to do: ${event.hint})` : ''}`;
    case 'task-joined':
      return `a person asks for it now: ${event.joined.title}`;
    case 'task-started':
      return `${taskName(event, known)} begins`;
    case 'task-ended':
      return `${taskName(event, known)} is ${event.state}${event.why === '' ? '' : `: ${event.why}`}`;
    case 'check-ran': {
      const { check, exitCode, seconds: took, note } = event.evidence;
      if (exitCode === 0) return undefined;
      const how =
        exitCode === undefined
          ? (note ?? 'did not run')
          : `exit ${exitCode}${note === undefined ? '' : `, ${note}`}`;
      return `check ${check} is red (${how}, ${spoken(seconds(took))})`;
    }
    case 'over-claimed':
      return `over-claim: it said "${event.claim}", we saw ${event.saw}`;
    case 'gate-judged':
      if (event.findings.length === 0) return undefined;
      return `gate ${event.gate} refuses: ${event.findings.map(({ message }) => message).join('; ')}`;
    case 'reviewed':
      return reviewedWords(event);
    case 'tip-moved':
      return `somebody pushed first (${event.to.slice(0, 7)}); attempt ${event.attempt} to land`;
    case 'landed':
      if (event.mode === 'hold') return `${event.sha.slice(0, 7)} is held for a person`;
      return `landed ${counted(workOf(event.commits).length, 'commit')} on ${event.branch}, tip ${short}`;
    case 'checkout-updated':
      return event.moved ? undefined : `your checkout was left alone: ${event.why}`;
    case 'salvaged':
      return `kept ${short} under ${event.ref}: ${event.why}`;
    case 'watch-started':
      if (event.takesBack) return `waits for CI on ${short}, which takes the work back`;
      return event.attempt === 0
        ? `waits for CI on ${short}`
        : `waits for CI on ${short}, fix ${event.attempt}`;
    case 'ci-rerun-asked':
      return `failed jobs of ${short} run again`;
    case 'ci-failure-read':
      return `CI is red on ${short}: ${event.jobs.join(', ')}`;
    case 'fix-started':
      return `fix ${event.attempt} of ${short} begins`;
    case 'fix-failed':
      return `the fix of ${short} did not land: ${event.why}`;
    case 'watch-ended':
      return `CI of ${short}: ${event.verdict}${event.verdict === 'green' ? '' : `: ${event.why}`}`;
    case 'branch-ci-seen':
      if (event.verdict !== 'red') return undefined;
      return `CI is red on ${short}, which somebody else pushed: ${event.jobs.join(', ')}`;
    case 'warned':
      return `warning: ${event.message}`;
    case 'issue-refused':
      return `issue #${event.number} is not worked on: ${refusalWords(event)}`;
    case 'issue-accepted':
      return `issue #${event.number} can be worked on`;
    case 'issue-answered':
      return `issue #${event.number} is answered by ${event.commit.slice(0, 7)}`;
    case 'issue-readers-known':
      return `issues are read of ${readersWords(event)}`;
    case 'memory-proposed':
      return incidentWords(event);
    case 'memory-file-left-alone':
      return `${event.file} is left alone: ${event.why}`;
    case 'memory-summarised': {
      const others = event.why === undefined ? '' : `; the others go by their own words: ${event.why}`;
      return `the agent said ${event.used} of ${counted(event.asked, 'old entry')} of PROJECT_MEMORY.md in one line each${others}`;
    }
    case 'memory-compacted':
      return `PROJECT_MEMORY.md went from ${event.before} to ${event.after} lines; the whole of it is ${event.archive}`;
    case 'remembered':
    case 'issue-gone':
    case 'issue-offered':
    case 'forge-repository-known':
    case 'idea-step-began':
    case 'run-ticked':
    case 'repo-seen':
    case 'remote-asked':
    case 'lease-taken':
    case 'workspace-opened':
    case 'turn-progressed':
    case 'task-committed':
    case 'watch-saw':
      return undefined;
  }
}

/** Plan and task turns are told by the plan and by the task. */
const toldTurns: ReadonlySet<string> = new Set(['repair', 'ci-fix', 'review', 'cleanup', 'summary']);

const toldEnds: Readonly<Record<string, string>> = {
  no_work: 'nothing to do',
  skipped: 'left out',
  rejected: 'rejected',
  blocked: 'blocked',
  failed: 'failed',
  interrupted: 'interrupted',
  abandoned: 'abandoned',
};

function movedWords(event: Extract<LedgerEvent, { type: 'session-moved' }>): string | undefined {
  const end = toldEnds[event.to];
  if (end === undefined) return undefined;
  const by = event.blockedBy === undefined ? '' : ` (${event.blockedBy})`;
  return `${end}${by}${event.why === undefined || event.why === '' ? '' : `: ${event.why}`}`;
}

function reviewedWords(event: Extract<LedgerEvent, { type: 'reviewed' }>): string {
  const edited = event.edited ? '; it changed files, which was taken back' : '';
  return `${reviewWords(event)}${edited}`;
}

function reviewWords({ agent, outcome, findings, why }: Extract<LedgerEvent, { type: 'reviewed' }>): string {
  switch (outcome) {
    case 'passed':
      return findings.length === 0
        ? `review by ${agent}: nothing found`
        : `review by ${agent}: nothing that stands against it: ${findingsInShort(findings)}`;
    case 'blocking':
      return `review by ${agent} found ${findingsInShort(blocking(findings))}`;
    case 'unreadable':
    case 'failed':
      return `no review by ${agent}: ${why}`;
  }
}

/** An incident is told once; of what is added to it later only that there is a fix. */
function incidentWords({
  items,
  again = [],
}: Extract<LedgerEvent, { type: 'memory-proposed' }>): string | undefined {
  const incidents = items.flatMap(({ id, what }) =>
    what.kind === 'incident' ? [{ ...what.incident, isNew: !again.includes(id) }] : [],
  );
  const titles = (told: typeof incidents): string => told.map(({ title }) => title).join('; ');
  const fresh = incidents.filter(({ isNew }) => isNew);
  if (fresh.length > 0) return `incident: ${titles(fresh)}`;
  const mended = incidents.filter(({ fix }) => !fix.startsWith('none yet'));
  return mended.length === 0 ? undefined : `fix added to the incident: ${titles(mended)}`;
}

function taskName(event: LedgerEvent, known: Known): string {
  const tasks = event.session === undefined ? [] : (known(event.session)?.tasks ?? []);
  const index = tasks.findIndex(({ id }) => id === event.task);
  const task = tasks[index];
  return task === undefined
    ? `task ${event.task ?? ''}`
    : `task ${index + 1}/${tasks.length} "${task.title}"`;
}

function grouped(skipped: readonly { repo: string; why: string }[]): string {
  const byWhy = Map.groupBy(skipped, ({ why }) => why);
  return [...byWhy]
    .map(
      ([why, repos]) =>
        `${repos.length > 3 ? `${repos.length} repositories` : repos.map(({ repo }) => repo).join(', ')} (${why})`,
    )
    .join('; ');
}

function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}
