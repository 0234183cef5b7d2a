import { describe, expect, it } from 'vitest';
import type { Handoff, MemoryProposal } from '../domain/task.ts';
import { type DoneTask, proposedBy, rejectedByPerson } from './propose-memory.ts';

const handoff: Handoff = {
  status: 'done',
  summary: '',
  commitMessage: '',
  claims: [],
  decisions: ['this is for the summary only'],
  followUps: [],
  memory: [],
  rootCause: '',
  preventionRule: '',
};
const proposal: MemoryProposal = {
  kind: 'decision',
  decision: 'One store',
  why: 'Two drift apart',
  evidence: 'src/store.ts',
  confidence: 'high',
  followUp: '',
};
const done: DoneTask = {
  session: 's1',
  task: { id: 't1', title: 'Add it' },
  title: 'Add it',
  at: 5,
  evidence: 'local: check exited 0',
  isTainted: false,
};

describe('a task that held', () => {
  it('leaves its line in the backlog and nothing else, when it is an ordinary one', () => {
    expect(proposedBy(handoff, done)).toEqual([
      {
        id: 's1/t1/1',
        session: 's1',
        task: 't1',
        waits: true,
        commit: undefined,
        what: { kind: 'done', at: 5, title: 'Add it', evidence: 'local: check exited 0' },
      },
    ]);
    expect(proposedBy(handoff, { ...done, title: undefined })).toEqual([]);
  });

  it('proposes at most three things to do next, each on one line', () => {
    const followUps = ['a\n# b', ' ', '<!-- c -->d', 'e', 'f'];
    const titles = proposedBy({ ...handoff, followUps }, done).flatMap(({ what }) =>
      what.kind === 'candidate' ? [what.title] : [],
    );
    expect(titles).toEqual(['a # b', 'd', 'e']);
  });

  it.each<[kind: MemoryProposal['kind'], tainted: boolean, expected: object]>([
    [
      'decision',
      false,
      {
        section: 'Recent Decisions',
        evidence: 'proxy: the agent says: src/store.ts',
        confidence: 'high',
        trust: 'trusted',
      },
    ],
    [
      'fix',
      false,
      {
        section: 'Mistakes And Fixes',
        evidence: 'local: check exited 0; the agent says: src/store.ts',
        confidence: 'high',
        trust: 'trusted',
      },
    ],
    ['risk', true, { section: 'Known Risks', confidence: 'medium', trust: 'untrusted' }],
  ])('proposes a %s with a label and a trust of ours (strangers read: %s)', (kind, isTainted, expected) => {
    const items = proposedBy(
      { ...handoff, memory: [{ ...proposal, kind }] },
      { ...done, title: undefined, isTainted },
    );
    expect(items.map(({ what }) => what.kind === 'entry' && what.entry)).toMatchObject([expected]);
  });
});

it('a person’s no is a decision of theirs, which waits for no landing of its session', () => {
  const item = rejectedByPerson({ session: 's1', at: 5 }, { what: '"Blue"', why: 'We like\nred' });
  expect(item).toMatchObject({ waits: false, commit: undefined });
  expect(item.what).toMatchObject({
    entry: { decision: 'Not wanted: "Blue"', why: 'We like red', trust: 'trusted' },
  });
});
