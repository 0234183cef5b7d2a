import type { Confidence, MemorySection, Trust } from '../domain/memory.ts';
import type { Memorable, Remembering } from '../domain/remembering.ts';
import type { Handoff, MemoryProposal, Task } from '../domain/task.ts';
import type { Instant } from '../domain/time.ts';
import { oneLine } from './memory/words.ts';

/** A task that held, with what we know of it ourselves. */
export interface DoneTask {
  readonly session: string;
  readonly task: Pick<Task, 'id' | 'title'>;
  /** Undefined: the task is not worth a line of the backlog. */
  readonly title: string | undefined;
  readonly at: Instant;
  /** What we saw, with its label. */
  readonly evidence: string;
  /** True: the words of a stranger, or of a log, were read before. */
  readonly isTainted: boolean;
}

const mostCandidates = 3;
const longest = 400;
const sections: Readonly<Record<MemoryProposal['kind'], MemorySection>> = {
  decision: 'Recent Decisions',
  fix: 'Mistakes And Fixes',
  risk: 'Known Risks',
};

/** What a task that held leaves behind: its line in the backlog, what it proposes to do next, and what it decided. */
export function proposedBy(handoff: Handoff, done: DoneTask): readonly Remembering[] {
  const implemented: Memorable[] =
    done.title === undefined
      ? []
      : [{ kind: 'done', at: done.at, title: oneLine(done.title, 200), evidence: done.evidence }];
  const candidates = handoff.followUps
    .map((title) => oneLine(title, 200))
    .filter((title) => title !== '')
    .slice(0, mostCandidates)
    .map((title): Memorable => ({ kind: 'candidate', title }));
  const entries = handoff.memory.map((proposal) => entryOf(proposal, done));
  const { session, task } = done;
  return [...implemented, ...candidates, ...entries].map((what, index) => ({
    id: `${session}/${task.id}/${index + 1}`,
    session,
    task: task.id,
    waits: true,
    commit: undefined,
    what,
  }));
}

/** A person's no, with the reason: a decision of theirs. */
export function rejectedByPerson(
  where: { session: string; at: Instant },
  answer: { what: string; why: string },
): Remembering {
  const entry = {
    at: where.at,
    section: 'Recent Decisions' as const,
    decision: oneLine(`Not wanted: ${answer.what}`, longest),
    why: oneLine(answer.why, longest) || 'no reason given',
    evidence: `direct: a person rejected session ${where.session} in clone review`,
    confidence: 'high' as const,
    trust: 'trusted' as const,
    followUp: undefined,
  };
  const { session } = where;
  return {
    id: `${session}/answer`,
    session,
    task: undefined,
    waits: false,
    commit: undefined,
    what: { kind: 'entry', entry },
  };
}

/** What the agent says is a claim; what our own checks say of the same work stands beside it. */
function entryOf(proposal: MemoryProposal, { at, evidence, isTainted }: DoneTask): Memorable {
  const said = oneLine(proposal.evidence, longest);
  const claim = `the agent says: ${said}`;
  const trust: Trust = isTainted ? 'untrusted' : 'trusted';
  return {
    kind: 'entry',
    entry: {
      at,
      section: sections[proposal.kind],
      decision: oneLine(proposal.decision, longest),
      why: oneLine(proposal.why, longest),
      evidence: proposal.kind === 'fix' ? [evidence, ...(said ? [claim] : [])].join('; ') : `proxy: ${claim}`,
      confidence: atMost(proposal.confidence, isTainted ? 'medium' : 'high'),
      trust,
      followUp: oneLine(proposal.followUp, longest) || undefined,
    },
  };
}

const rising: readonly Confidence[] = ['low', 'medium', 'high'];

function atMost(asked: Confidence, limit: Confidence): Confidence {
  return rising.indexOf(asked) > rising.indexOf(limit) ? limit : asked;
}
