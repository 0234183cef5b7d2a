import { type Instant, spoken } from '../domain/time.ts';
import type { RunView, SessionView } from '../ledger/views.ts';
import { busySessions, type LiveState } from './live-state.ts';
import { oneLine } from './one-line.ts';
import { grouped } from './status-page.ts';
import { parkedAgents } from './waiting-parts.ts';
import { cutToWidth, padToWidth, widthOf } from './width.ts';
import { workerPart } from './worker-parts.ts';

export interface LiveOptions {
  readonly columns: number;
  readonly rows: number;
  readonly now: Instant;
  readonly colour: boolean;
}

/** The live view: at most `rows` lines of at most `columns`, the most urgent ones when there is no room for all. */
export function renderLive(state: LiveState, { columns, rows, now, colour }: LiveOptions): readonly string[] {
  const { run } = state;
  if (run === undefined) return ['clone begins …'].slice(0, rows);
  const busy = busySessions(state);
  const head: Line = { text: headline(run, busy.length, now), how: 'bold' };
  const foot: Line = { text: totals(run), how: 'dim' };
  const needs = needLines(state);
  const waits = waitLines(state, now);
  const workers = workerLines(busy, now);

  const room = Math.max(0, rows - 2);
  const shownNeeds = atMost(needs, Math.min(5, room));
  const shownWorkers = atMost(workers, Math.max(0, room - shownNeeds.length));
  const shownWaits = atMost(waits, Math.max(0, room - shownNeeds.length - shownWorkers.length));
  return [head, ...shownWorkers, ...shownWaits, ...shownNeeds, foot].slice(0, rows).map(({ text, how }) => {
    const cut = cutToWidth(text, columns);
    return colour && how !== undefined ? `\u001b[${codes[how]}m${cut}\u001b[0m` : cut;
  });
}

interface Line {
  readonly text: string;
  readonly how?: keyof typeof codes | undefined;
}

const codes = { bold: 1, dim: 2, yellow: 33, cyan: 36 } as const;

function headline(run: RunView, busy: number, now: Instant): string {
  const cycle = run.cycles === 0 ? `${run.cycle}` : `${run.cycle}/${run.cycles}`;
  const done = `${Math.min(run.cycleDone, run.cycleRepos)}/${run.cycleRepos} repositories`;
  return `run ${run.id}   cycle ${cycle}   ${done}   ${busy}/${run.parallel} at work   ${spoken(now - run.startedAt)}`;
}

function workerLines(busy: readonly SessionView[], now: Instant): readonly Line[] {
  const rows = busy.map((session) => {
    const part = workerPart(session);
    const task = part.task === null ? '' : ` ${part.task}/${part.of}`;
    return [
      oneLine(part.repo),
      `${part.turn}${task}`,
      spoken(now - session.startedAt),
      `${grouped(part.tokens)} tok`,
      oneLine(part.doing ?? part.title ?? ''),
    ] as const;
  });
  const width = (index: 0 | 1 | 2 | 3): number =>
    Math.min(30, Math.max(0, ...rows.map((row) => widthOf(row[index]))));
  return rows.map((row) => ({
    text: `  ${row.map((cell, index) => (index === 4 ? cell : padToWidth(cutToWidth(cell, 30), width(index as 0 | 1 | 2 | 3)))).join('  ')}`,
  }));
}

function waitLines(state: LiveState, now: Instant): readonly Line[] {
  const watches = [...state.watches.values()].map(({ repo, sha, state: ci, startedAt, attempt }) => {
    const fix = attempt > 0 ? `, fix ${attempt}` : '';
    return {
      text: `  CI  ${oneLine(repo)} ${sha.slice(0, 7)} ${ci}${fix}, ${spoken(now - startedAt)}`,
      how: 'cyan',
    } as const;
  });
  const parked = parkedAgents({ agents: [...state.agents.values()], now }).map(({ agent, until, why }) => ({
    text: `  waits  ${agent}, ${until === undefined ? 'until somebody helps' : `${spoken(until - now)} more`}: ${oneLine(why)}`,
    how: 'cyan' as const,
  }));
  return [...parked, ...watches];
}

function needLines({ sessions }: LiveState): readonly Line[] {
  return [...sessions.values()]
    .filter(({ state, blockedBy }) => state === 'blocked' && blockedBy !== 'limit' && blockedBy !== 'budget')
    .map(({ repo, blockedBy, why, id }) => ({
      text: `  ! ${oneLine(repo)} needs you (${blockedBy ?? 'blocked'}): ${oneLine(why ?? '')}  clone show ${id}`,
      how: 'yellow',
    }));
}

function totals(run: RunView): string {
  const ends = Object.entries(run.sessions).filter(([, count]) => count > 0);
  const words = ends.map(
    ([state, count]) => `${state === 'cleaned' ? 'landed' : state.replace('_', ' ')} ${count}`,
  );
  const { inputTokens, outputTokens } = run.usage;
  return [
    ...words,
    run.commits === 1 ? '1 commit' : `${run.commits} commits`,
    run.pushes === 1 ? '1 push' : `${run.pushes} pushes`,
    run.turns === 1 ? '1 turn' : `${run.turns} turns`,
    `${grouped(inputTokens)} in`,
    `${grouped(outputTokens)} out`,
  ].join('   ');
}

function atMost(lines: readonly Line[], most: number): readonly Line[] {
  if (lines.length <= most) return lines;
  if (most <= 0) return [];
  return [...lines.slice(0, most - 1), { text: `  … and ${lines.length - most + 1} more`, how: 'dim' }];
}
