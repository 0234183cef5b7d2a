import type { FactOf, LedgerEvent } from '../../domain/fact.ts';
import { settled } from '../../rules/settle-memory.ts';
import type { MemoryView } from '../views.ts';
import { appended } from './bounds.ts';
import { type Fold, missing } from './fold.ts';

/** More than this and the oldest goes: nothing was landed for very long. */
const mostPending = 300;
const mostLandings = 5;
const mostKept = 50;
const deadEnds: ReadonlySet<string> = new Set(['rejected', 'failed', 'abandoned', 'no_work', 'interrupted']);

/** What is to be remembered of a repository and has not landed yet. */
export const memoryFold: Fold<MemoryView> = {
  touches: (event) => (event.repo !== undefined && matters(event) ? [event.repo] : []),
  fold(view, event, key) {
    const known = view ?? { repo: key, pending: [], writing: undefined, leftAlone: {} };
    const after = next(known, event);
    return after === known ? view : after;
  },
  columns: (view) => ({ repo: view.repo, state: view.pending.length > 0 ? 'pending' : 'written' }),
};

function matters(event: LedgerEvent): boolean {
  switch (event.type) {
    case 'memory-proposed':
    case 'remembered':
    case 'memory-file-left-alone':
      return true;
    case 'landed':
      return event.mode !== 'hold';
    case 'session-moved':
      return deadEnds.has(event.to);
    default:
      return false;
  }
}

function next(view: MemoryView, event: LedgerEvent): MemoryView {
  switch (event.type) {
    case 'memory-proposed': {
      const fresh = new Set(event.items.map(({ id }) => id));
      const kept = view.pending.filter(({ id }) => !fresh.has(id));
      const lastRedCi =
        event.items.findLast(({ what }) => what.kind === 'incident' && what.incident.trigger === 'red-ci') ??
        view.lastRedCi;
      return { ...view, pending: [...kept, ...event.items].slice(-mostPending), lastRedCi };
    }
    case 'remembered':
      return { ...view, writing: { commit: event.commit, items: event.items } };
    case 'memory-file-left-alone':
      return { ...view, leftAlone: { ...view.leftAlone, [event.file]: event.why } };
    case 'landed':
      return landed(view, event);
    case 'session-moved':
      return withoutWork(view, event.session ?? missing(event, 'a session'));
    default:
      return view;
  }
}

function landed(view: MemoryView, event: FactOf<'landed'>): MemoryView {
  if (view.pending.length === 0) return view;
  const { writing } = view;
  const isWritten = event.commits.some(({ sha }) => sha === writing?.commit);
  const written = new Set(isWritten ? writing?.items : []);
  const pending = view.pending
    .filter(({ id }) => !written.has(id))
    .map((item) => settled(item, { session: event.session, commits: event.commits }));
  if (!isWritten || !writing) return { ...view, pending };
  const items = view.pending.filter(({ id }) => written.has(id)).slice(-mostKept);
  const kept = appended(view.written ?? [], { commit: writing.commit, items }, mostLandings);
  return { ...view, pending, writing: undefined, written: kept };
}

/** Nothing of it landed, nor will it: what it proposed goes, what it taught stays. */
function withoutWork(view: MemoryView, session: string): MemoryView {
  const pending = view.pending.filter((item) => !item.waits || item.session !== session);
  return pending.length === view.pending.length ? view : { ...view, pending };
}
