import type { FingerprintPart } from '../../domain/fingerprint.ts';
import { memoryFiles } from '../../domain/memory.ts';
import type { SessionState } from '../../domain/session-state.ts';
import type { Signal, SignalKind } from '../../domain/signal.ts';
import type { Known, Observed, RedBranch } from './observed.ts';

/** What each kind of reason weighs. */
const scores: Readonly<Record<SignalKind, number>> = {
  'operator-task': 1000,
  'ci-red': 800,
  'never-visited': 700,
  'trusted-issue': 600,
  unfinished: 500,
  'landed-before': 400,
  'new-commits': 350,
  'objective-changed': 300,
  'prompts-changed': 250,
  backlog: 200,
  'memory-over-limit': 100,
};

/** What people asked for by hand: always a reason, whatever else is known. */
export function tasksAsked(observed: Pick<Observed, 'tasks'>): readonly Signal[] {
  return observed.tasks.map(({ title, priority, now }) => ({
    ...signal('operator-task', 'operator', `a person asks: ${title}`),
    score: scores['operator-task'] + (now ? 100 : 0) + 10 * (5 - priority),
  }));
}

/**
 * What else calls for a visit, the weightiest first. After a visit that found nothing to do, only what is new since
 * then; memory that is too long also when nobody has tried to shorten it.
 */
export function findSignals(
  known: Known,
  observed: Observed,
  news: ReadonlySet<FingerprintPart>,
): readonly Signal[] {
  const { last, seen } = known;
  const quiet = last?.state === 'no_work';
  const open = (part: FingerprintPart): boolean => !quiet || news.has(part);
  const found: Signal[] = [];
  if (known.red && open('ci')) found.push(signal('ci-red', 'CI', redWords(known.red)));
  if (last === undefined) found.push(signal('never-visited', 'ledger', 'never visited before'));
  else if (!quiet) found.push(afterVisit(last.state));
  else if (seen === undefined)
    found.push(signal('new-commits', 'ledger', 'what the last visit saw is not known'));
  if (open('issues')) found.push(...issuesOpen(observed.issues));
  if (news.has('commits')) found.push(signal('new-commits', 'git', 'new commits since the last visit'));
  if (news.has('objective'))
    found.push(signal('objective-changed', 'repos.yaml', 'its objective changed since the last visit'));
  if (news.has('prompts'))
    found.push(signal('prompts-changed', 'prompts', 'the prompts changed since the last visit'));
  if (observed.backlogItems > 0 && open('backlog'))
    found.push(
      signal('backlog', memoryFiles.backlog, `${counted(observed.backlogItems, 'open item')} in its backlog`),
    );
  if (observed.memoryLines > observed.memoryLimit && observed.parts.memory !== seen?.memory)
    found.push(
      signal(
        'memory-over-limit',
        memoryFiles.memory,
        `its memory has ${observed.memoryLines} lines, ${observed.memoryLimit} are its limit`,
      ),
    );
  return found.toSorted((a, b) => b.score - a.score);
}

/** The names of jobs are anybody's words. */
function redWords({ sha, jobs }: RedBranch): string {
  const where = jobs.length === 0 ? '' : `, in ${counted(jobs.length, 'job')}`;
  return `CI is red on the branch at ${sha.slice(0, 12)}${where}`;
}

function afterVisit(state: SessionState): Signal {
  if (state === 'cleaned' || state === 'pushed')
    return signal('landed-before', 'ledger', 'the last visit landed work; there may be more');
  return signal(
    'unfinished',
    'ledger',
    state === 'skipped' ? 'the last visit was skipped' : `the last visit ended ${state.replaceAll('_', ' ')}`,
  );
}

const mostNamed = 5;

/** Numbers only: the words of an issue are its author's. */
function issuesOpen(issues: Observed['issues']): readonly Signal[] {
  const named = issues.slice(0, mostNamed).map(({ number }) => ({
    ...signal('trusted-issue', `issue #${number}`, `issue #${number} of a person we trust is open`),
    trust: 'untrusted' as const,
  }));
  const rest = issues.length - named.length;
  if (rest <= 0) return named;
  const more = `${counted(rest, 'more issue')} of people we trust`;
  return [...named, { ...signal('trusted-issue', 'issues', more), trust: 'untrusted' }];
}

function signal(kind: SignalKind, source: string, text: string): Signal {
  return { kind, source, trust: 'trusted', score: scores[kind], text };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
