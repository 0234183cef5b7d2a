import { describe, expect, it } from 'vitest';
import { ciRun } from '../../../test/fakes/facts.ts';
import type { CiRun } from '../../domain/ci.ts';
import { hours, minutes, seconds } from '../../domain/time.ts';
import { type BranchJudgement, type BranchLook, judgeBranch } from './judge-branch.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const pushedAt = now - hours(1);
const run = (id: number, conclusion: string | null, more: Partial<CiRun> = {}): CiRun =>
  ciRun(id, {
    workflowId: id,
    sha: 'new',
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
    createdAt: pushedAt + seconds(5),
    ...more,
  });
const old = (id: number, conclusion: string): CiRun =>
  run(id, conclusion, { sha: 'old', createdAt: pushedAt - hours(3) });

type Row = [
  when: string,
  runs: readonly CiRun[],
  look: Partial<BranchLook>,
  kind: BranchJudgement['kind'],
  sha: string | undefined,
  says: string,
];

describe('the branch, as CI sees it', () => {
  it.each<Row>([
    ['its last push failed', [run(2, 'failure'), old(1, 'success')], {}, 'red', 'new', '2'],
    ['one of two workflows failed', [run(3, 'failure'), run(2, 'success')], {}, 'red', 'new', '3'],
    ['it passed', [run(2, 'success'), old(1, 'failure')], {}, 'verdict', 'new', 'green'],
    ['it is at work', [run(2, null), old(1, 'failure')], {}, 'pending', 'new', 'ci is not finished'],
    [
      'a workflow failed and another is at work',
      [run(3, 'failure'), run(2, null)],
      {},
      'pending',
      'new',
      'ci is not finished',
    ],
    ['it is at work for hours', [run(2, null)], { since: now - hours(7) }, 'verdict', 'new', 'timeout'],
    ['it was cancelled', [run(2, 'cancelled')], {}, 'verdict', 'new', 'infra'],
    ['everything in it was skipped', [run(2, 'skipped')], {}, 'verdict', 'new', 'no_ci'],
    [
      'a re-run of it passed',
      [run(2, 'failure', { attempt: 1 }), run(2, 'success', { attempt: 2 })],
      {},
      'verdict',
      'new',
      'green',
    ],
    [
      'it passed a moment ago, and more may come',
      [run(2, 'success', { createdAt: now - seconds(20) })],
      { pushedAt: now - seconds(25) },
      'pending',
      'new',
      'all finished; one more look for late workflows',
    ],
    [
      'it failed a moment ago',
      [run(2, 'failure', { createdAt: now - seconds(20) })],
      { pushedAt: now - seconds(25) },
      'red',
      'new',
      '2',
    ],
    [
      'its push is too new to have a run',
      [old(1, 'failure')],
      { pushedAt: now - minutes(1) },
      'pending',
      'old',
      'a run of the last push may still come',
    ],
    [
      'no run came of its last push, so that the last one stands',
      [old(1, 'failure')],
      { pushedAt: now - minutes(6) },
      'red',
      'old',
      '1',
    ],
    [
      'its tip has a run, however new another push is',
      [run(2, 'success')],
      { tip: 'new', pushedAt: now - 1000 },
      'verdict',
      'new',
      'green',
    ],
    [
      'its tip has none yet, though a run is newer than the push',
      [run(2, 'success')],
      { tip: 'newer', pushedAt: now - minutes(1) },
      'pending',
      'new',
      'a run of the last push may still come',
    ],
    ['CI never ran there', [], {}, 'verdict', undefined, 'no_ci'],
    ['CI did not run there yet', [], { pushedAt: now - 1000 }, 'pending', undefined, 'a run of the'],
    ['nobody knows when it was pushed', [], { pushedAt: undefined }, 'pending', undefined, 'a run of'],
    [
      'nobody knows when it was pushed, and it was asked about for a while',
      [],
      { pushedAt: undefined, since: now - minutes(6) },
      'verdict',
      undefined,
      'no_ci',
    ],
    [
      'only a pull request, a night job and another branch are red',
      [
        run(5, 'failure', { event: 'pull_request' }),
        run(4, 'failure', { event: 'schedule' }),
        run(3, 'failure', { branch: 'topic' }),
        run(2, 'success'),
      ],
      {},
      'verdict',
      'new',
      'green',
    ],
  ])('when %s', (_when, runs, look, kind, sha, says) => {
    const whole = { runs, branch: 'main', tip: undefined, pushedAt, since: now, at: now, ...look };
    const judged = judgeBranch(whole);
    expect(judged).toMatchObject({ kind, sha });
    const words =
      judged.kind === 'red'
        ? judged.runs.map(({ id }) => id).join()
        : judged.kind === 'verdict'
          ? judged.verdict
          : judged.why;
    expect(words.startsWith(says)).toBe(true);
  });
});
