import type { BacklogNews, Incident, MemoryEntry, MemoryKind, MemoryProblem } from '../domain/memory.ts';
import type { Memorable, Remembering } from '../domain/remembering.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Instant } from '../domain/time.ts';
import { updateBacklog } from './memory/backlog-file.ts';
import { withContract } from './memory/contract.ts';
import { findPart } from './memory/contract-part.ts';
import { addIncidents } from './memory/incidents-file.ts';
import { linesOf } from './memory/lines.ts';
import { addEntries } from './memory/memory-file.ts';

/** A file that may be written: its text, or undefined where there is none yet. A kind that is missing stays as it is. */
export type WritableTexts = ReadonlyMap<MemoryKind, string | undefined>;

export interface AboutMemory {
  readonly repo: string;
  readonly objective: string;
  readonly now: Instant;
  /** How the repository is checked, one line each; told once, when our part of AGENTS.md is made. */
  readonly facts: readonly string[];
  /** The first candidates of a backlog that is made now. */
  readonly seed: readonly string[];
}

export interface RememberedTexts {
  /** The files with what is to be remembered in them, those that changed. */
  readonly changed: ReadonlyMap<MemoryKind, string>;
  /** What stands in them now, by id. */
  readonly held: readonly string[];
  readonly problems: readonly MemoryProblem[];
}

/** Writes what is to be remembered into the files it belongs to; what belongs to a file that cannot be written waits. */
export function rememberedTexts(
  texts: WritableTexts,
  items: readonly Remembering[],
  about: AboutMemory,
): RememberedTexts {
  const changed = new Map<MemoryKind, string>();
  const held: string[] = [];
  const problems: MemoryProblem[] = [];
  for (const [kind, text] of texts) {
    const own = items.filter(({ what }) => kindOf(what) === kind);
    const written = write(kind, text, own, about);
    if (!written.ok) {
      problems.push(written.failure);
      continue;
    }
    held.push(...own.map(({ id }) => id));
    if (written.value !== text) changed.set(kind, written.value);
  }
  return { changed, held, problems };
}

/** The file that something belongs to. */
export function kindOf(what: Memorable): MemoryKind {
  switch (what.kind) {
    case 'entry':
      return 'memory';
    case 'incident':
      return 'incidents';
    case 'done':
    case 'candidate':
      return 'backlog';
  }
}

function write(
  kind: MemoryKind,
  text: string | undefined,
  items: readonly Remembering[],
  about: AboutMemory,
): Result<string, MemoryProblem> {
  // Nothing for it: only a file that is missing is made.
  if (text !== undefined && items.length === 0 && kind !== 'contract') return ok(text);
  switch (kind) {
    case 'contract': {
      const isNew = text === undefined || findPart({ lines: linesOf(text) }).is === 'none';
      return withContract(text, { ...about, facts: isNew ? about.facts : [] });
    }
    case 'memory':
      return addEntries(text, items.flatMap(asEntry), about);
    case 'incidents':
      return addIncidents(text, items.flatMap(asIncident));
    case 'backlog':
      return updateBacklog(text, newsOf(items), about.seed);
  }
}

function asEntry({ what, commit }: Remembering): readonly MemoryEntry[] {
  return what.kind === 'entry' ? [{ ...what.entry, commit }] : [];
}

function asIncident({ what, commit }: Remembering): readonly Incident[] {
  return what.kind === 'incident' ? [{ ...what.incident, commit }] : [];
}

function newsOf(items: readonly Remembering[]): BacklogNews {
  return {
    implemented: items.flatMap(({ what, commit }) => {
      if (what.kind !== 'done') return [];
      const where = commit === undefined ? '' : `; commit ${commit.slice(0, 12)}`;
      return [{ at: what.at, title: what.title, evidence: `${what.evidence}${where}` }];
    }),
    candidates: items.flatMap(({ what }) => (what.kind === 'candidate' ? [what.title] : [])),
    insights: [],
  };
}
