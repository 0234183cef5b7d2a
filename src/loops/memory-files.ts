import { memoryFiles } from '../domain/memory.ts';
import type { LocalState } from '../ports/discovery.ts';
import type { World } from '../ports/world.ts';
import {
  type Backlog,
  type MemoryLength,
  readBacklog,
  readMemoryLength,
} from '../rules/signals/read-memory-files.ts';

/** Settings that a repository brings along. */
export const ownSettings = '.clone.yaml';

/** The files of a checkout that matter before it is visited. */
export const filesThatMatter = [memoryFiles.backlog, memoryFiles.memory, ownSettings];

/** Reads the backlog and the memory of checkouts: each file again only when it was written since. */
export interface MemoryFiles {
  backlogOf(path: string, state: LocalState): Backlog;
  memoryOf(path: string, state: LocalState): MemoryLength;
}

// Longer ones are over every limit that can be set; what follows would change nothing.
const mostBytes = 16 * 1024 * 1024;

export function memoryFilesOf(discovery: Pick<World['discovery'], 'text'>): MemoryFiles {
  return {
    backlogOf: remembering(discovery, memoryFiles.backlog, readBacklog),
    memoryOf: remembering(discovery, memoryFiles.memory, readMemoryLength),
  };
}

function remembering<Value>(
  discovery: Pick<World['discovery'], 'text'>,
  name: string,
  read: (text: string | undefined) => Value,
): (path: string, state: LocalState) => Value {
  const readings = new Map<string, { mark: string; value: Value }>();
  const nothing = read(undefined);
  return (path, state) => {
    const mark = state.marks[name];
    if (mark === undefined) return nothing;
    const before = readings.get(path);
    if (before?.mark === mark) return before.value;
    const value = read(discovery.text(path, name, mostBytes));
    readings.set(path, { mark, value });
    return value;
  };
}
