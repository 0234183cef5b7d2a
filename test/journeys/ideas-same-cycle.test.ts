import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import type { Sandbox } from '../../testkit/sandbox/sandbox.ts';
import { agentIn, during, open, sandboxAt, turnsOf, waitingFor, workflow } from './ci-support.ts';
import { firstVersion, goodIdea, ideasOf, writeIdeas } from './ideas-support.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  handoff,
  noWork,
  plan,
  remoteSubjects,
  repoFiles,
  statusJson,
  turn,
} from './support.ts';

describe('an idea in a run of one cycle with one worker', () => {
  let sandbox: Sandbox;
  let run: CloneRun;

  beforeAll(async () => {
    sandbox = await sandboxAt((folder) => ({
      repos: [{ name: 'other', files: repoFiles() }],
      scenarios: [
        goodIdea('green', {
          '.github/workflows/ci.yml': workflow({ Test: `${waitingFor(folder, 'green')}\nsh test.sh` }),
        }),
        turn('green', 'plan', [{ json: plan('Say the time') }]),
        turn('green', 'task', [
          { write: { path: 'time.sh', content: 'date\n' } },
          { json: handoff('Say the time') },
        ]),
        turn(
          'mended',
          'task',
          [
            firstVersion({
              'state.txt': 'broken\n',
              '.github/workflows/ci.yml': workflow({ Test: 'grep -x right state.txt' }),
            }),
            { json: handoff('Begin mended') },
          ],
          { task: 'first-version' },
        ),
        turn('mended', 'ci-fix', [
          { write: { path: 'state.txt', content: 'right\n' } },
          { json: handoff('Mend it') },
        ]),
        turn('mended', 'plan', [{ json: noWork('It has only begun.') }]),
        turn('other', 'plan', [{ json: noWork('Fine.') }]),
      ],
      options: {
        ci_grace_seconds: 0.5,
        ci_poll_interval_seconds: 0.2,
        parallel_repos: 1,
        commit_email: 'clone@example.test',
      },
    }));
    await writeIdeas(sandbox, { title: 'Green' }, { title: 'Mended' });
    // The visit to the other one lets CI go on: a worker that waited for CI would wait for ever.
    run = await during(sandbox.clone(['run', '--cycles', '1']), async () => {
      await agentIn(sandbox, 'other', 'plan');
      await open(sandbox, 'green');
    });
  }, 90_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  const told = async (repo: string, ...types: readonly string[]): Promise<string[]> =>
    (await eventsOf(sandbox))
      .filter((event) => event.repo === repo && types.includes(event.type))
      .map(({ type, cycle, verdict }) => [type, verdict, `in cycle ${cycle}`].filter(Boolean).join(' '));

  it('is a repository, green, and visited in that cycle, once its CI is known', async () => {
    expectRun(run, 0);
    expect((await ideasOf(sandbox)).map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
    expect(await told('green', 'session-queued', 'watch-started', 'watch-ended')).toEqual([
      'session-queued in cycle 1',
      'watch-started in cycle 1',
      'watch-ended green in cycle 1',
      'session-queued in cycle 1',
      'watch-started in cycle 1',
      'watch-ended green in cycle 1',
    ]);
    expect(await remoteSubjects(sandbox, 'green')).toEqual(['Say the time', 'Begin green']);
    expect(turnsOf(sandbox, 'green', 'plan')).toBe(1);
  });

  it('has its red CI mended before it is visited', async () => {
    expect(await told('mended', 'session-queued', 'fix-started', 'watch-ended')).toEqual([
      'session-queued in cycle 1',
      'fix-started in cycle 1',
      'watch-ended green in cycle 1',
      'watch-ended fixed in cycle 1',
      'session-queued in cycle 1',
    ]);
    expect(turnsOf(sandbox, 'mended', 'plan')).toBe(1);
  });

  it('leaves nobody out, and nothing behind', async () => {
    const events = await eventsOf(sandbox);
    expect(events.filter(({ type }) => type === 'cycle-started').map(({ repos }) => repos)).toEqual([3]);
    expect(events.filter(({ type }) => type === 'repos-skipped')).toEqual([]);
    expect((await statusJson(sandbox)).waiting).toEqual([]);
    expect(sandbox.model.problems).toEqual([]);
    await expectClean(sandbox);
  });
});
