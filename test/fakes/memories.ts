import type { Incident, MemoryEntry } from '../../src/domain/memory.ts';

/** Entries and incidents as a landing would hand them over, with everything filled in that a test does not care about. */
export function memoryEntry(decision: string, at: string, more: Partial<MemoryEntry> = {}): MemoryEntry {
  return {
    at: Date.parse(at),
    section: 'Recent Decisions',
    decision,
    why: 'it is simpler',
    evidence: 'local: npm test exited 0',
    commit: undefined,
    confidence: 'high',
    trust: 'trusted',
    followUp: undefined,
    ...more,
  };
}

export function incident(title: string, at: string, more: Partial<Incident> = {}): Incident {
  return {
    at: Date.parse(at),
    trigger: 'red-ci',
    title,
    impact: 'main was red for an hour',
    rootCause: 'a test used the clock',
    fix: 'the clock is handed in',
    prevention: 'never read the clock in a rule',
    evidence: 'direct: run 12 failed',
    commit: 'a'.repeat(40),
    confidence: 'medium',
    trust: 'trusted',
    ...more,
  };
}
