import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { markerName, type Owner } from './marker.ts';

/** One line of the process table. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** In clock ticks since the machine started. */
  readonly started: string;
  /** CPU time of it and of its finished children, in clock ticks. */
  readonly cpu: number;
}

/** What `/proc/<pid>/stat` says; undefined when it cannot be read as that. */
export function parseStat(text: string): ProcessStat | undefined {
  // The name in brackets may hold anything, brackets too: what counts comes after the last one.
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const started = fields[19];
  if (!Number.isInteger(pid) || started === undefined || !text.includes(')')) return undefined;
  const cpu = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return { pid, parent: Number(fields[1]), session: Number(fields[3]), started, cpu };
}

/** The process with this id; undefined when there is none, or no /proc. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The command line of a process; '' when it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Every process that can be seen. None on a machine without /proc. */
export function processTable(): ProcessStat[] {
  return processIds()
    .map(processStat)
    .filter((process) => process !== undefined);
}

/** A process and everything below it. */
export function treeOf(root: number, table: readonly ProcessStat[]): ProcessStat[] {
  const children = Map.groupBy(table, ({ parent }) => parent);
  const tree = table.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** This process, as markers name it. */
export function ownProcess(): Owner {
  const self = processStat(process.pid);
  return { namespace: pidNamespace(), pid: process.pid, started: self?.started ?? '0' };
}

/** The marked processes that can be seen, with their markers. */
export async function markedProcesses(): Promise<{ pid: number; marker: string }[]> {
  const found = await Promise.all(processIds().map(async (pid) => ({ pid, marker: await markerOf(pid) })));
  return found.flatMap(({ pid, marker }) => (marker === undefined ? [] : [{ pid, marker }]));
}

async function markerOf(pid: number): Promise<string | undefined> {
  const entry = `${markerName}=`;
  try {
    const environment = await readFile(`/proc/${pid}/environ`);
    if (!environment.includes(entry)) return undefined;
    const line = environment
      .toString('utf8')
      .split('\0')
      .find((text) => text.startsWith(entry));
    return line?.slice(entry.length);
  } catch {
    // Gone meanwhile, or somebody else's.
    return undefined;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '') || '0';
  } catch {
    return '0';
  }
}
