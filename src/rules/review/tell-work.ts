import type { Claim, Task } from '../../domain/task.ts';

/** A task as far as a reviewer has to know it. */
export interface ToldTask {
  readonly plan: Pick<Task, 'id' | 'title' | 'why' | 'acceptance' | 'operatorTask'>;
  readonly claims: readonly Claim[];
}

const longest = 800;
const mostLines = 10;

/** The tasks that a change does, and what the author claims of them: labelled as what nobody else saw. */
export function workLines(tasks: readonly ToldTask[]): string {
  return tasks
    .map(({ plan, claims }) =>
      [
        `Task ${plan.id}${plan.operatorTask === undefined ? '' : ', asked for by a person'}: ${line(plan.title)}`,
        ...(plan.why === '' ? [] : [`Why: ${line(plan.why)}`]),
        ...plan.acceptance.slice(0, mostLines).map((one) => `Done when: ${line(one)}`),
        ...claims
          .slice(0, mostLines)
          .map(({ text, how }) => `Claim (proxy): ${line(text)}${how === '' ? '' : ` (${line(how)})`}`),
      ].join('\n'),
    )
    .join('\n\n');
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, longest);
}
