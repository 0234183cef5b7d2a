import type { BranchCi, CiExpectation, CiRun, CiVerdict } from '../ci.ts';
import type { Sha } from '../repo.ts';
import { count, type FactKinds, maybeText, moment, of, text } from './field.ts';

/** What the watching of CI tells. */
export const ciFacts = {
  'watch-started': {
    says: 'A pushed commit waits for its CI verdict.',
    fields: {
      sha: of<Sha>('sha', 'commit'),
      parent: of<Sha>('sha', 'tip before our landing'),
      branch: text('branch'),
      slug: text('owner/name on the forge'),
      attempt: count('0: the session’s own commit; n: the n-th fix'),
      expected: of<CiExpectation>('{kind, why}', 'whether a run should come'),
      takesBack: of<true | undefined>('true, optional', 'the commit takes the landing and its fixes back'),
    },
  },
  'watch-saw': {
    says: 'The runs of a watched commit changed.',
    fields: { sha: of<Sha>('sha', 'commit'), runs: of<readonly CiRun[]>('[run]', 'newest attempt of each') },
  },
  'ci-rerun-asked': {
    says: 'Failed jobs were started again, once, before anybody pays for a fix.',
    fields: { sha: of<Sha>('sha', 'commit'), runs: of<readonly number[]>('[run id]', 'which runs') },
  },
  'ci-failure-read': {
    says: 'A red run was read: which job, which step, and the signature that counts its fix passes.',
    fields: {
      sha: of<Sha>('sha', 'commit'),
      signature: text('digest of workflow, failing jobs and steps, and of what the log says went wrong'),
      jobs: of<readonly string[]>('[job]', 'failing jobs'),
      log: text('where the excerpt is, relative to the run folder'),
    },
  },
  'fix-started': {
    says: 'A fix pass began.',
    fields: {
      sha: of<Sha>('sha', 'the red commit'),
      attempt: count('1 is the first'),
      signature: text('of the failure'),
    },
  },
  'fix-failed': {
    says: 'A fix pass ended without landing anything.',
    fields: { sha: of<Sha>('sha', 'the red commit'), why: text('in words') },
  },
  'watch-ended': {
    says: 'A watched commit has its verdict.',
    fields: {
      sha: of<Sha>('sha', 'commit'),
      verdict: of<CiVerdict>('verdict', 'exactly one'),
      why: text('in words'),
      url: maybeText('the run that decided'),
    },
  },
  'branch-ci-seen': {
    says: 'CI was asked about a branch that somebody else pushed to. With a verdict it is not asked again until the next push.',
    fields: {
      sha: of<Sha | undefined>(
        'sha, optional',
        'the newest commit that CI ran on; without it there was none',
      ),
      verdict: of<BranchCi['state']>('verdict or pending', 'what CI says of it'),
      why: text('in words'),
      jobs: of<readonly string[]>('[job]', 'failing jobs'),
      url: maybeText('the run that decided'),
      tip: of<Sha | undefined>('sha, optional', 'the tip, where it was known'),
      pushedAt: moment('when the forge says that somebody pushed last'),
    },
  },
} as const satisfies FactKinds;
