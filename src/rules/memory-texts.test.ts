import { describe, expect, it } from 'vitest';
import type { MemoryKind } from '../domain/memory.ts';
import type { Memorable, Remembering } from '../domain/remembering.ts';
import { kindOf, rememberedTexts } from './memory-texts.ts';

const about = {
  repo: 'jwt',
  objective: 'Be useful.',
  now: Date.UTC(2026, 10, 20),
  facts: ['Check: test'],
  seed: ['First idea'],
};
const item = (id: string, what: Memorable, commit?: string): Remembering => ({
  id,
  session: 's1',
  task: 't1',
  waits: false,
  commit,
  what,
});
const entry: Memorable = {
  kind: 'entry',
  entry: {
    at: about.now,
    section: 'Recent Decisions',
    decision: 'One store',
    why: 'Two drift apart',
    evidence: 'proxy: said',
    confidence: 'high',
    trust: 'trusted',
    followUp: undefined,
  },
};
const incident: Memorable = {
  kind: 'incident',
  incident: {
    at: about.now,
    trigger: 'red-ci',
    title: 'CI turned red',
    impact: 'i',
    rootCause: 'r',
    fix: 'f',
    prevention: 'p',
    evidence: 'direct: e',
    confidence: 'low',
  },
};
const done: Memorable = { kind: 'done', at: about.now, title: 'Add it', evidence: 'local: test exited 0' };
const candidate: Memorable = { kind: 'candidate', title: 'Next idea' };
const none = new Map<MemoryKind, undefined>([
  ['contract', undefined],
  ['memory', undefined],
  ['incidents', undefined],
  ['backlog', undefined],
]);
const commit = 'c'.repeat(40);
const all = [item('a', entry, commit), item('b', incident), item('c', done, commit), item('d', candidate)];

describe('the texts that remember', () => {
  it('are all made where there are none, each with what belongs there', () => {
    const { changed, held, problems } = rememberedTexts(none, all, about);
    expect([...changed.keys()]).toEqual(['contract', 'memory', 'incidents', 'backlog']);
    expect(changed.get('contract')).toContain('- Check: test');
    expect(changed.get('memory')).toContain(`- Commit: ${commit}`);
    expect(changed.get('incidents')).toContain('CI turned red');
    expect(changed.get('backlog')).toContain('Add it (local: test exited 0; commit cccccccccccc)');
    expect(changed.get('backlog')).toContain('First idea');
    expect(changed.get('backlog')).toContain('Next idea');
    expect([...held].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(problems).toEqual([]);
  });

  it('do not change for what stands there already, nor for nothing', () => {
    const first = rememberedTexts(none, all, about).changed;
    const again = rememberedTexts(first, all, about);
    expect([...again.changed]).toEqual([]);
    expect(again.held).toHaveLength(4);
    expect(rememberedTexts(first, [], { ...about, facts: ['Check: other'] }).changed.size).toBe(0);
  });

  it('leave out what belongs to a file that cannot be written, or must not be', () => {
    const texts = new Map<MemoryKind, string | undefined>([
      ['memory', '<<<<<<< ours\n'],
      ['backlog', undefined],
    ]);
    const { changed, held, problems } = rememberedTexts(texts, all, about);
    expect([...changed.keys()]).toEqual(['backlog']);
    expect(held).toEqual(['c', 'd']);
    expect(problems.map(({ file }) => file)).toEqual(['PROJECT_MEMORY.md']);
  });

  it('say nothing of a commit where there is none', () => {
    const { changed } = rememberedTexts(none, [item('c', done)], about);
    expect(changed.get('backlog')).toContain('Add it (local: test exited 0)');
  });

  it.each([
    [entry, 'memory'],
    [incident, 'incidents'],
    [done, 'backlog'],
    [candidate, 'backlog'],
  ] as const)('each have their own', (what, kind) => {
    expect(kindOf(what)).toBe(kind);
  });
});
