import type { Delivery } from './delivery.ts';
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
        String(commit.files),
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
          turn.id.slice(turn.id.lastIndexOf('/') + 1),
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
          String(Math.round(seen.seconds)),
          seen.label,
          short(seen.tree),
          seen.command,
          seen.note ?? '',
        ],
      ),
      table('Over-claims', ['claim', 'what we saw'], delivery.over_claims, ({ claim, saw }) => [claim, saw]),
      table('Gates', ['gate', 'verdict', 'findings'], delivery.gates, ({ gate, verdict, findings }) => [
        gate,
        verdict,
        findings.map(findingWords).join('; '),
      ]),
      table('Review', ['turn', 'outcome'], delivery.review, (turn) => [turn.id, turn.outcome ?? 'goes on']),
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
        JSON.stringify(step.facts),
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

function claimsOf({ tasks }: Delivery): readonly (readonly string[])[] {
  return tasks.flatMap((task) => task.claims.map(({ text, how }) => [task.id, text, how]));
}

function findingWords(finding: unknown): string {
  const { file, message } = finding as { file?: string; message?: string };
  return [file, message].filter((part) => part !== undefined).join(': ');
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
