import type { CiFailure } from '../../domain/ci.ts';
import type { Sha } from '../../domain/repo.ts';
import type { Part } from './segment.ts';

/** What CI has against the branch, as data: workflows, jobs and logs are anybody's words. */
export function redCiParts(
  red: { readonly sha: Sha; readonly failures: readonly CiFailure[] } | undefined,
): readonly Part[] {
  if (!red) return [];
  return red.failures.map(({ run, job, step, excerpt }, index) => ({
    source: 'CI log',
    trust: 'untrusted',
    lead: index === 0 ? intro(red.sha) : undefined,
    text: `Workflow ${run.workflow}, job ${job.name}${step === undefined ? '' : `, step ${step}`}:\n${excerpt}`,
  }));
}

function intro(sha: Sha): string {
  return [
    `CI is red on commit ${sha} of this branch. Mending it comes before other work: find the cause, and do not weaken`,
    'the test or the workflow to get past it. The jobs that failed, with what matters of their logs:',
  ].join(' ');
}
