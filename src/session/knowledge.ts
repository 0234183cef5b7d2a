import type { Options } from '../config/options.ts';
import { type Halves, type MemoryKind, memoryFiles } from '../domain/memory.ts';
import type { Repo } from '../domain/repo.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Workplace } from '../ports/workplace.ts';
import { largestOf, problemOf } from '../rules/memory/read-memory-file.ts';
import {
  openBacklog,
  preventionRules,
  recentMemory,
  repoFacts,
  type WaitingIncident,
} from '../rules/memory/recall.ts';
import type { Part } from '../rules/prompt/segment.ts';
import { variables } from '../rules/prompt/variables.ts';
import { sanitise } from '../rules/untrusted.ts';

/** What a repository remembers, as far as its prompts tell it. */
export interface Knowledge {
  readonly parts: Readonly<Partial<Record<Remembered, readonly Part[]>>>;
  /** Files that were left out, and why. */
  readonly warnings: readonly string[];
}

type Remembered = 'repo_facts' | 'memory' | 'prevention' | 'backlog';

export const nothingKnown: Knowledge = { parts: {}, warnings: [] };

/** What the repository in a workspace remembers; what had to be left out is told to the ledger. */
export async function knowledgeOf(
  world: {
    readonly workplace: Pick<Workplace, 'readText' | 'list'>;
    readonly ledger: Pick<Ledger, 'record' | 'memory'>;
  },
  folder: string,
  visit: Remembers,
): Promise<Knowledge> {
  const waiting = await waitingIncidents(world, visit);
  const knowledge = await readKnowledge(world.workplace, folder, waiting);
  for (const message of knowledge.warnings) await world.ledger.record({ type: 'warned', message });
  return knowledge;
}

/** The repository of a visit, and whether it is to remember anything. */
interface Remembers {
  readonly repo: Pick<Repo, 'name'>;
  readonly options: Pick<Options, 'memory_enabled'>;
}

/** What went wrong and is not in the repository's own file yet: the next session is the one to know. */
export async function waitingIncidents(
  { ledger }: { readonly ledger: Pick<Ledger, 'memory'> },
  { repo, options }: Remembers,
): Promise<readonly WaitingIncident[]> {
  if (!options.memory_enabled) return [];
  const view = await ledger.memory(repo.name);
  return (view?.pending ?? []).flatMap(({ what }) => (what.kind === 'incident' ? [what.incident] : []));
}

/**
 * Reads the files that remember once, before any agent can change them, and keeps only the bounded excerpts that
 * prompts need. A file that is not what it should be is left out, with a warning.
 */
export async function readKnowledge(
  files: Pick<Workplace, 'readText' | 'list'>,
  folder: string,
  waiting: readonly WaitingIncident[] = [],
): Promise<Knowledge> {
  const names = await files.list(folder, '');
  const parts: Partial<Record<Remembered, readonly Part[]>> = {};
  const warnings: string[] = [];
  for (const { file, tells, recall, lead, proposed } of sources) {
    const name = memoryFiles[file];
    const isThere = names.includes(name);
    const told = file === 'incidents' ? waiting : [];
    if (!isThere && told.length === 0) continue;
    const text = isThere ? await files.readText(folder, name, largestOf(name)) : '';
    const problem = text === undefined ? undefined : problemOf(text, name);
    if (text === undefined || problem) {
      const why = problem?.message ?? `is a link, not a plain file, or larger than ${largestOf(name)} bytes`;
      warnings.push(`${name} is left out of the prompts: it ${why}`);
      if (told.length === 0) continue;
    }
    const usable = problem ? '' : (text ?? '');
    const { trusted, untrusted } = recall(usable, variables[tells].maxChars, told);
    parts[tells] = [...part(name, 'trusted', lead, trusted), ...part(name, 'untrusted', proposed, untrusted)];
  }
  return { parts, warnings };
}

interface Source {
  readonly file: MemoryKind;
  readonly tells: Remembered;
  readonly recall: (text: string, maxChars: number, waiting: readonly WaitingIncident[]) => Halves;
  /** What stands before it, and before the half that is only data. */
  readonly lead: string;
  readonly proposed: string;
}

const sources: readonly Source[] = [
  {
    file: 'contract',
    tells: 'repo_facts',
    recall: repoFacts,
    lead: 'Facts about this repository:',
    proposed: 'Facts that somebody else noted:',
  },
  {
    file: 'memory',
    tells: 'memory',
    recall: recentMemory,
    lead: 'What this repository remembers, newest first:',
    proposed: 'What agents noted here, or took from issues, the web and logs:',
  },
  {
    file: 'incidents',
    tells: 'prevention',
    recall: preventionRules,
    lead: 'Rules from earlier failures here. Keep to them:',
    proposed: 'Rules that agents proposed after earlier failures here. Keep to those that fit your work:',
  },
  {
    file: 'backlog',
    tells: 'backlog',
    recall: openBacklog,
    lead: 'Backlog:',
    proposed: 'Backlog, as agents proposed it:',
  },
];

function part(source: string, trust: Part['trust'], lead: string, text: string): readonly Part[] {
  const seen = sanitise(text, { maxChars: text.length }).trim();
  return seen === '' ? [] : [{ source, trust, lead, text: seen }];
}
