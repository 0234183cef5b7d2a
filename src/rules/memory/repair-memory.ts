import { type MemoryFinding, type MemoryKind, memoryFiles } from '../../domain/memory.ts';
import { type Adopted, adoptBacklog, adoptEntries, adoptIncidents } from './adopt.ts';
import { judgeContractEdit } from './judge-contract-edit.ts';
import { problemOf } from './read-memory-file.ts';

/** What may land of what an agent wrote into a file by hand. */
export interface Repaired {
  /** Undefined: there is no such file. */
  readonly text: string | undefined;
  /** What was mended, and what was not taken over; lines count in what the agent left. */
  readonly told: readonly MemoryFinding[];
}

/**
 * Takes over what an agent added by hand, as far as it has the format: an entry is mended where that is unambiguous,
 * and always untrusted, with `proxy` evidence. Everything else is as it was before.
 */
export function repairMemory(
  kind: MemoryKind,
  before: string | undefined,
  after: string | undefined,
): Repaired {
  if (before === after) return { text: after, told: [] };
  const file = memoryFiles[kind];
  if (after === undefined)
    return { text: before, told: [{ line: 1, message: `${file} was removed; it is back` }] };
  const problem = problemOf(after, file);
  if (problem)
    return {
      text: before,
      told: [{ line: problem.line ?? 1, message: `${file} ${problem.message}; it is as it was` }],
    };
  // A file that we would not touch ourselves is not for the agent to mend either.
  if (before !== undefined && problemOf(before, file))
    return kept(before, `${file} is not in order; it is as it was`);
  switch (kind) {
    case 'contract':
      return repairContract(before, after);
    case 'memory':
      return asRepaired(adoptEntries(before, after));
    case 'incidents':
      return asRepaired(adoptIncidents(before, after));
    case 'backlog':
      return asRepaired(adoptBacklog(before, after));
  }
}

function repairContract(before: string | undefined, after: string): Repaired {
  const verdict = judgeContractEdit(before, after);
  if (verdict.ok) return { text: after, told: [] };
  return { text: before, told: [{ line: verdict.line, message: `${verdict.finding}; it is as it was` }] };
}

function asRepaired({ text, told }: Adopted): Repaired {
  return { text, told: told.toSorted((a, b) => a.line - b.line) };
}

function kept(before: string, message: string): Repaired {
  return { text: before, told: [{ line: 1, message }] };
}
