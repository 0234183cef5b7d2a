import type { EvidenceLabel } from '../../domain/evidence.ts';
import type {
  Confidence,
  Incident,
  IncidentTrigger,
  MemoryEntry,
  MemoryFinding,
  Trust,
} from '../../domain/memory.ts';
import { isoUtc } from '../../domain/time.ts';
import { type EntryBlock, valueOf } from './entry-block.ts';
import { oneLine } from './words.ts';

/** What may stand in one field of an entry. */
interface FieldRule {
  readonly name: string;
  /** Left out without being missed. */
  readonly isOptional?: boolean;
  /** What is wrong with a value that is not empty, in words. */
  readonly wrong?: (value: string) => string | undefined;
}

export const confidences: readonly Confidence[] = ['high', 'medium', 'low'];
export const trusts: readonly Trust[] = ['trusted', 'untrusted'];
export const triggers: readonly IncidentTrigger[] = ['red-ci', 'revert', 'over-claim', 'exhausted-repair'];
const labels: readonly EvidenceLabel[] = ['direct', 'local', 'proxy', 'blocked'];

const evidence: FieldRule = { name: 'Evidence', wrong: wrongEvidence };
const commit: FieldRule = { name: 'Commit', wrong: wrongCommit };
const confidence: FieldRule = { name: 'Confidence', wrong: oneOf(confidences) };

/** The fields of an entry of PROJECT_MEMORY.md, in their order. */
export const memoryFields: readonly FieldRule[] = [
  { name: 'Decision' },
  { name: 'Why' },
  evidence,
  commit,
  confidence,
  { name: 'Trust', wrong: oneOf(trusts) },
  { name: 'Follow-up' },
];

/** The fields of an entry of INCIDENTS.md, in their order. */
export const incidentFields: readonly FieldRule[] = [
  { name: 'Trigger', wrong: oneOf(triggers) },
  { name: 'Impact' },
  { name: 'Root Cause' },
  { name: 'Fix' },
  { name: 'Prevention Rule' },
  evidence,
  commit,
  confidence,
  { name: 'Trust', isOptional: true, wrong: oneOf(trusts) },
];

export function namesOf(rules: readonly FieldRule[]): readonly string[] {
  return rules.map(({ name }) => name);
}

const longest = 600;

/** An entry as PROJECT_MEMORY.md has it, whatever its words contain. */
export function memoryLines(entry: MemoryEntry): readonly string[] {
  return block(isoUtc(entry.at), memoryFields, [
    entry.decision,
    entry.why,
    entry.evidence,
    entry.commit,
    entry.confidence,
    entry.trust,
    entry.followUp,
  ]);
}

/** An incident as INCIDENTS.md has it. */
export function incidentLines(incident: Incident): readonly string[] {
  return block(`${isoUtc(incident.at)}: ${oneLine(incident.title, 200)}`, incidentFields, [
    incident.trigger,
    incident.impact,
    incident.rootCause,
    incident.fix,
    incident.prevention,
    incident.evidence,
    incident.commit,
    incident.confidence,
    incident.trust ?? 'untrusted',
  ]);
}

function block(
  heading: string,
  rules: readonly FieldRule[],
  values: readonly (string | undefined)[],
): readonly string[] {
  const fields = rules.map(({ name }, index) => {
    const value = oneLine(values[index] ?? '', longest) || 'none';
    return `- ${name}: ${name === 'Evidence' ? labelled(value) : value}`;
  });
  return [`### ${heading}`, '', ...fields];
}

/** Evidence with a label; what has none is what somebody said. */
export function labelled(text: string): string {
  return wrongEvidence(text) === undefined ? text : `proxy: ${text}`;
}

/** What somebody says of their own work is `proxy`, whatever they call it; only `blocked` claims nothing. */
export function asProxy(text: string | undefined): string {
  if (text?.startsWith('blocked: ') === true) return text;
  return `proxy: ${(text ?? 'none').replace(/^(?:direct|local|proxy):\s*/i, '') || 'none'}`;
}

/** What is wrong with an entry, line by line (counted from 1). */
export function wrongIn(entry: EntryBlock, rules: readonly FieldRule[]): readonly MemoryFinding[] {
  const findings: MemoryFinding[] = [];
  const find = (line: number, message: string): void => {
    findings.push({ line: line + 1, message });
  };
  if (entry.at === undefined)
    find(entry.start, 'the entry has no date: begin its heading with one, as 2026-11-20T21:00:00Z');
  const seen = new Set<string>();
  let lastPlace = -1;
  for (const { name, value, line } of entry.fields) {
    const place = rules.findIndex((rule) => rule.name.toLowerCase() === name.toLowerCase());
    const rule = rules[place];
    if (!rule) {
      find(line, `an entry has no ${name}; it has ${namesOf(rules).join(', ')}`);
      continue;
    }
    if (seen.has(rule.name)) find(line, `${rule.name} stands twice in one entry`);
    else if (place < lastPlace)
      find(line, `${rule.name} stands too late; the order is ${namesOf(rules).join(', ')}`);
    seen.add(rule.name);
    lastPlace = Math.max(lastPlace, place);
    const wrong = value === '' ? 'is empty; write none if there is nothing to say' : rule.wrong?.(value);
    if (wrong !== undefined) find(line, `${rule.name} ${wrong}`);
  }
  const missing = rules.filter((rule) => rule.isOptional !== true && !seen.has(rule.name));
  if (missing.length > 0) find(entry.start, `the entry has no ${namesOf(missing).join(', ')}`);
  return findings.toSorted((a, b) => a.line - b.line);
}

/** A commit id from a field, whole or abbreviated; undefined: none. */
export function commitOf(entry: EntryBlock): string | undefined {
  const value = valueOf(entry, 'Commit');
  return value !== undefined && wrongCommit(value) === undefined && value !== 'none' ? value : undefined;
}

function wrongEvidence(value: string): string | undefined {
  const label = /^([a-z]+): \S/.exec(value)?.[1];
  if (label !== undefined && labels.some((one) => one === label)) return undefined;
  return `has no label; begin it with ${labels.join(':, ')}:`;
}

function wrongCommit(value: string): string | undefined {
  if (value === 'none' || /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/.test(value)) return undefined;
  return 'is not a commit id; write none if nothing landed';
}

function oneOf(allowed: readonly string[]): (value: string) => string | undefined {
  return (value) => (allowed.includes(value) ? undefined : `is not one of ${allowed.join(', ')}`);
}
