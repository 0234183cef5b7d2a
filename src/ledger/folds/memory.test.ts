import { describe, expect, it } from 'vitest';
import { commit, inSession, landed, moved } from '../../../test/fakes/facts.ts';
import { foldFacts, type Told } from '../../../test/fakes/fold-facts.ts';
import type { Remembering } from '../../domain/remembering.ts';
import { redCi } from '../../rules/tell-incident.ts';
import type { MemoryView } from '../views.ts';
import { memoryFold } from './memory.ts';

const session = 's1';
const item = (id: string, more: Partial<Remembering> = {}): Remembering => ({
  id,
  session,
  task: 'csv',
  waits: true,
  commit: undefined,
  what: { kind: 'candidate', title: id },
  ...more,
});
const red = redCi(
  { session, at: 1 },
  {
    sha: 'f'.repeat(40),
    jobs: ['test'],
    url: undefined,
    fix: undefined,
    lesson: { rootCause: 'x', preventionRule: '' },
  },
);
const proposed = (...items: Remembering[]): Told => ({ type: 'memory-proposed', ...inSession, items });
const remembered = (sha: string, ...items: string[]): Told => ({
  type: 'remembered',
  ...inSession,
  commit: sha,
  items,
});
const landing = (...shas: string[]): Told =>
  landed(shas.at(-1) ?? '', { commits: shas.map((sha) => ({ ...commit(sha), task: 'csv' })) });

function after(...told: readonly Told[]): MemoryView | undefined {
  return foldFacts(memoryFold, told).get('jwt');
}
const ids = (view: MemoryView | undefined): readonly string[] => (view?.pending ?? []).map(({ id }) => id);

describe('what is to be remembered', () => {
  it('waits until the commit that holds it has landed', () => {
    expect(ids(after(proposed(item('a')), remembered('m', 'a')))).toEqual(['a']);
    expect(ids(after(proposed(item('a'), item('b')), remembered('m', 'a'), landing('c', 'm')))).toEqual([
      'b',
    ]);
  });

  it('goes on waiting where the work landed without it, and knows its commit', () => {
    const view = after(proposed(item('a')), remembered('m', 'a'), landing('c'));
    expect(view?.pending).toEqual([item('a', { waits: false, commit: 'c' })]);
  });

  it('goes on waiting while a landing is held for a person', () => {
    const held = landed('m', { mode: 'hold', commits: [] });
    expect(ids(after(proposed(item('a')), remembered('m', 'a'), held))).toEqual(['a']);
  });

  it.each(['rejected', 'failed', 'abandoned', 'no_work', 'interrupted'] as const)(
    'is dropped when its session ends %s, and the incident is not',
    (to) => {
      const view = after(
        proposed(item('a'), item('incident', { waits: false }), item('b', { session: 's9' })),
        moved(to),
      );
      expect(ids(view)).toEqual(['incident', 'b']);
    },
  );

  it('stays while its session is blocked: it may be accepted yet', () => {
    expect(ids(after(proposed(item('a')), moved('blocked')))).toEqual(['a']);
  });

  it('is told again under the same id, and stands there once', () => {
    const again = item('a', { what: { kind: 'candidate', title: 'better' } });
    expect(after(proposed(item('a'), item('b')), proposed(again))?.pending).toEqual([item('b'), again]);
  });

  it('is bounded: the oldest goes', () => {
    const many = Array.from({ length: 310 }, (_, index) => item(String(index)));
    const view = after(proposed(...many));
    expect(view?.pending).toHaveLength(300);
    expect(ids(view)[0]).toBe('10');
  });

  it('is known for a while after it was written, for a revert of that landing', () => {
    const view = after(proposed(item('a')), remembered('m', 'a'), landing('c', 'm'));
    expect(view?.written).toEqual([{ commit: 'm', items: [item('a')] }]);
  });

  it('keeps the last red CI in mind, for a revert that follows', () => {
    expect(
      after(proposed(red), proposed(item('a')), remembered('m', red.id), landing('m'))?.lastRedCi,
    ).toEqual(red);
  });

  it('knows what people were told of files that cannot be written', () => {
    const told: Told = {
      type: 'memory-file-left-alone',
      ...inSession,
      file: 'AGENTS.md',
      why: 'it is a link',
    };
    expect(after(told)?.leftAlone).toEqual({ 'AGENTS.md': 'it is a link' });
  });

  it('is nothing for a repository where there is nothing to remember', () => {
    expect(after(landing('c'), moved('rejected'))).toBeUndefined();
  });
});
