import { placeOf } from '../rules/review/tell-findings.ts';
import type { Delivery } from './delivery.ts';
import type { DeliveryEvidence } from './delivery-evidence.ts';
import { oneLine } from './one-line.ts';
import type { Page, Section } from './page.ts';
import { grouped } from './status-page.ts';

/** A session on one screen. */
export function deliveryPage(delivery: Delivery): Page {
  const { repo, session, state, why } = delivery;
  const because = why === null || why === '' ? '' : `: ${why}`;
  return {
    title: oneLine(`${repo}, session ${session}`),
    state: moods[state] ?? 'plain',
    headline: oneLine(`${state}${delivery.blocked_by === null ? '' : ` (${delivery.blocked_by})`}${because}`),
    sections: [
      list('', [
        ['called by', delivery.called_by],
        ['run', `${delivery.run}, cycle ${delivery.cycle}, ${delivery.agent}, land: ${delivery.land}`],
        [
          'began',
          `${delivery.started_at}${delivery.ended_at === null ? '' : `, ended ${delivery.ended_at}`}`,
        ],
        ...(delivery.base_sha === null
          ? []
          : [
              [
                'base',
                `${short(delivery.base_sha)} of ${delivery.target_branch ?? '?'}, worked on ${delivery.branch ?? '?'}`,
              ],
            ]),
        ...(delivery.dropped_tasks === 0
          ? []
          : [['over the cap', `${delivery.dropped_tasks} planned tasks were left out`]]),
        ['landed', delivery.landed_sha === null ? 'nothing' : short(delivery.landed_sha)],
        ...(delivery.checkout === null ? [] : [['checkout', delivery.checkout.why]]),
        ['logs', delivery.logs],
      ]),
      table('Commits', ['sha', 'subject', 'task', 'files'], delivery.commits, (commit) => [
        short(commit.sha),
        commit.subject,
        commit.task ?? '',
        filesWords(commit),
      ]),
      table('Tasks', ['id', 'kind', 'state', 'title', 'why', 'commit'], delivery.tasks, (task) => [
        task.id,
        task.kind,
        task.state,
        task.issue === null ? task.title : `${task.title} (answers #${task.issue})`,
        task.why,
        short(task.commit),
      ]),
      table('Issues', ['issue', 'state', 'why', 'do'], delivery.issues, (issue) => [
        `#${issue.number}`,
        issue.state,
        issue.why,
        issue.hint,
      ]),
      table('Claims of the agent (no evidence)', ['task', 'claim', 'how'], claimsOf(delivery), (row) => row),
      table(
        'Turns',
        ['turn', 'kind', 'agent', 'outcome', 'seconds', 'in', 'cached', 'out', 'words'],
        delivery.turns,
        (turn) => [
          nameOf(turn.id),
          turn.kind,
          turn.agent,
          turn.outcome ?? 'goes on',
          String(Math.round(turn.seconds)),
          grouped(turn.usage.input_tokens),
          grouped(turn.usage.cached_input_tokens),
          grouped(turn.usage.output_tokens),
          turn.message ?? '',
        ],
      ),
      table(
        'Evidence',
        ['check', 'exit', 'seconds', 'label', 'tree', 'command', 'note'],
        delivery.evidence,
        (seen) => [
          seen.check,
          seen.exit_code === null ? 'none' : String(seen.exit_code),
          seen.seconds === null ? '' : String(Math.round(seen.seconds)),
          seen.label,
          short(seen.tree),
          seen.command ?? '',
          noteOf(seen),
        ],
      ),
      table('Over-claims', ['claim', 'what we saw'], delivery.over_claims, ({ claim, saw }) => [claim, saw]),
      table('Gates', ['gate', 'verdict', 'findings'], delivery.gates, ({ gate, verdict, findings }) => [
        gate,
        verdict,
        findings.map(findingWords).join('; '),
      ]),
      table('Review', ['turn', 'agent', 'outcome', 'commit', 'words'], delivery.review, (review) => [
        nameOf(review.turn),
        review.agent,
        review.outcome,
        short(review.sha),
        [review.why ?? '', review.edited ? 'it changed files, which was taken back' : '']
          .filter((words) => words !== '')
          .join('; '),
      ]),
      table(
        'Findings of the review',
        ['turn', 'severity', 'where', 'what', 'why', 'to do'],
        delivery.review.flatMap((review) => review.findings.map((finding) => ({ review, finding }))),
        ({ review, finding }) => [
          nameOf(review.turn),
          finding.severity,
          placeOf({ file: finding.file ?? undefined, line: finding.line ?? undefined }),
          finding.message,
          finding.why,
          finding.suggestion,
        ],
      ),
      list('CI', [
        ['state', delivery.ci.state],
        ['fixes', String(delivery.ci.attempts)],
        ['why', delivery.ci.why],
        ['url', delivery.ci.url ?? ''],
      ]),
      table('Kept', ['ref', 'commit', 'why'], delivery.salvage, ({ ref, sha, why: because }) => [
        ref,
        short(sha),
        because,
      ]),
      table('History', ['at', 'state', 'facts'], delivery.states, (step) => [
        step.at,
        step.state,
        factWords(step.facts),
      ]),
    ],
    foot: '',
  };
}

const moods: Readonly<Record<string, Page['state']>> = {
  cleaned: 'ok',
  pushed: 'ok',
  rejected: 'attention',
  blocked: 'attention',
  interrupted: 'attention',
  failed: 'problem',
  no_work: 'idle',
  skipped: 'idle',
};

function short(sha: string | null): string {
  return sha === null ? '' : sha.slice(0, 12);
}

const mostFilesNamed = 3;

/** How many, and the first of them. */
function filesWords({ files, files_count: count }: Delivery['commits'][number]): string {
  if (files.length === 0) return String(count);
  const more = count > mostFilesNamed ? ', …' : '';
  return `${count}: ${files.slice(0, mostFilesNamed).join(', ')}${more}`;
}

function noteOf({ note, conclusion, commit, url }: DeliveryEvidence): string {
  const ended = conclusion === null ? undefined : `${conclusion} on ${short(commit)}`;
  return [ended, note, url].filter((part) => part != null).join(', ');
}

function nameOf(turn: string): string {
  return turn.slice(turn.lastIndexOf('/') + 1);
}

function claimsOf({ tasks }: Delivery): readonly (readonly string[])[] {
  return tasks.flatMap((task) => task.claims.map(({ text, how }) => [task.id, text, how]));
}

function findingWords(finding: unknown): string {
  const { file, message } = finding as { file?: string; message?: string };
  return [file, message].filter((part) => part !== undefined).join(': ');
}

function factWords(facts: unknown): string {
  return Object.entries(facts as object)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${wordOf(value)}`)
    .join(', ');
}

function wordOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[0-9a-f]{40}$/.test(value) ? short(value) : value;
}

function list(title: string, rows: readonly (readonly string[])[]): Section {
  const kept = rows.filter((row) => row[1] !== '');
  return { title, columns: [], empty: undefined, rows: kept.map((row) => row.map(oneLine)) };
}

function table<Item>(
  title: string,
  columns: readonly string[],
  items: readonly Item[],
  row: (item: Item) => readonly string[],
): Section {
  return { title, columns, empty: undefined, rows: items.map((item) => row(item).map(oneLine)) };
}
