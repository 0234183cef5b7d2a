import { type MemoryKind, memoryFiles } from '../domain/memory.ts';
import { type Instant, isoUtc } from '../domain/time.ts';
import { boxesIn } from '../rules/memory/backlog-file.ts';
import { linesOf } from '../rules/memory/lines.ts';
import { lintMemory } from '../rules/memory/lint-memory.ts';
import { outlineOf } from '../rules/memory/markdown.ts';
import { type ReadIncident, readEntries, readIncidents } from '../rules/memory/read-entries.ts';
import { repoFacts } from '../rules/memory/recall.ts';

/** A file that remembers, as it was found in a checkout. */
export interface FoundFile {
  readonly kind: MemoryKind;
  /** Undefined: there is none, or it cannot be used. */
  readonly text: string | undefined;
  /** Why it cannot be used, in words. */
  readonly problem: string | undefined;
}

/** What a repository remembers: the answer of `clone memory show --json`. */
export interface MemoryReport {
  readonly schema_version: 1;
  readonly repo: string;
  readonly path: string;
  readonly files: readonly {
    readonly file: string;
    readonly state: 'there' | 'missing' | 'unusable';
    readonly lines: number;
    /** How many places do not have the format; `clone memory lint` tells them. */
    readonly findings: number;
    readonly problem: string | null;
  }[];
  readonly facts: readonly string[];
  readonly entries: readonly {
    readonly at: string | null;
    readonly section: string;
    readonly decision: string;
    readonly why: string;
    readonly evidence: string;
    readonly commit: string | null;
    readonly confidence: string;
    readonly trust: string;
    readonly follow_up: string;
  }[];
  readonly incidents: readonly IncidentJson[];
  readonly backlog: readonly { readonly title: string; readonly proposed: boolean }[];
}

/** One incident, as every answer tells it. */
export interface IncidentJson {
  readonly at: string | null;
  readonly trigger: string;
  readonly title: string;
  readonly impact: string;
  readonly root_cause: string;
  readonly fix: string;
  readonly prevention: string;
  readonly evidence: string;
  readonly commit: string | null;
  readonly confidence: string;
  readonly trust: string;
}

export function memoryReport(
  repo: { readonly name: string; readonly path: string },
  found: readonly FoundFile[],
): MemoryReport {
  const textOf = (kind: MemoryKind): string => found.find((one) => one.kind === kind)?.text ?? '';
  return {
    schema_version: 1,
    repo: repo.name,
    path: repo.path,
    files: found.map(fileOf),
    facts: repoFacts(textOf('contract'), 20_000)
      .trusted.split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^[-*] /, '')),
    entries: readEntries(textOf('memory')).map((entry) => ({
      at: moment(entry.at),
      section: entry.section,
      decision: entry.decision,
      why: entry.why,
      evidence: entry.evidence,
      commit: entry.commit ?? null,
      confidence: entry.confidence,
      trust: entry.trust,
      follow_up: entry.followUp,
    })),
    incidents: readIncidents(textOf('incidents')).map(incidentJson),
    backlog: boxesIn(outlineOf(textOf('backlog')))
      .filter(({ isDone }) => !isDone)
      .map(({ title, isProposed }) => ({ title, proposed: isProposed })),
  };
}

export function incidentJson(incident: Omit<ReadIncident, 'line'>): IncidentJson {
  return {
    at: moment(incident.at),
    trigger: incident.trigger,
    title: incident.title,
    impact: incident.impact,
    root_cause: incident.rootCause,
    fix: incident.fix,
    prevention: incident.prevention,
    evidence: incident.evidence,
    commit: incident.commit ?? null,
    confidence: incident.confidence,
    trust: incident.trust,
  };
}

function fileOf({ kind, text, problem }: FoundFile): MemoryReport['files'][number] {
  const state = text !== undefined ? 'there' : problem === undefined ? 'missing' : 'unusable';
  return {
    file: memoryFiles[kind],
    state,
    lines: text === undefined ? 0 : linesOf(text).length,
    findings: text === undefined ? 0 : lintMemory(kind, text).length,
    problem: problem ?? null,
  };
}

function moment(at: Instant | undefined): string | null {
  return at === undefined ? null : isoUtc(at);
}
