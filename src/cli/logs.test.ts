import { describe, expect, it } from 'vitest';
import { moved, planned, queued, runStarted, task, turnEnded, turnStarted } from '../../test/fakes/facts.ts';
import { lookingWorld, perform, repo } from '../../test/fakes/looking-context.ts';
import { logsCommand } from './logs.ts';

const stream = '/home/me/logs/run-r1/sessions/jwt-1/s1/2-task-t1.jsonl';
const csv = { session: 's2', repo: 'csv' };

async function told() {
  const world = lookingWorld();
  await world.ledger.record(runStarted({ run: 'r0' }), {
    type: 'run-ended',
    run: 'r0',
    stopReason: 'stop',
    exitCode: 0,
  });
  world.clock.at += 1000;
  await world.ledger.record(
    runStarted(),
    queued(),
    queued(csv),
    moved('setup'),
    moved('active'),
    planned(task('t1')),
  );
  await world.ledger.record({ type: 'task-started', run: 'r1', repo: 'jwt', session: 's1', task: 't1' });
  await world.ledger.record(
    turnStarted('s1/2-task-t1', { task: 't1', log: 'sessions/jwt-1/s1/2-task-t1.jsonl' }),
  );
  world.files.set(stream, '{"type":"one"}\n');
  return world;
}
type World = Awaited<ReturnType<typeof told>>;
async function logs(world: World, ...args: string[]): Promise<readonly string[]> {
  await perform(logsCommand(world.context), args);
  return world
    .out()
    .split('\n')
    .filter((line) => line !== '');
}

describe('clone logs', () => {
  it('tells the last run, line by line', async () => {
    expect(await logs(await told())).toEqual([
      '2026-11-20T21:00:01Z run r1 begins: 2 cycles, 3 at once, codex; logs in /home/me/logs/run-r1',
      '2026-11-20T21:00:01Z jwt: visit s1 begins: new commits',
      '2026-11-20T21:00:01Z csv: visit s2 begins: new commits',
      '2026-11-20T21:00:01Z jwt: plan of 1 task: Task t1',
      '2026-11-20T21:00:01Z jwt: task 1/1 "Task t1" begins',
    ]);
  });

  it('tells the last run that was not turned away by another', async () => {
    const world = await told();
    const away = { run: 'r2', stopReason: 'cycles done', exitCode: 5 };
    world.clock.at += 1000;
    await world.ledger.record(runStarted({ run: 'r2' }), { type: 'run-ended', ...away });
    expect((await logs(world))[0]).toContain('run r1 begins');
    expect((await logs(world, 'r2')).at(-1)).toContain('run r2 ended');
  });

  it.each([['r0'], ['run-r0']])('tells the run %s', async (name) => {
    expect((await logs(await told(), name)).at(-1)).toContain('run r0 ended: stop');
  });

  it('tells one repository only', async () => {
    expect(await logs(await told(), '--repo', 'csv')).toEqual([
      '2026-11-20T21:00:01Z csv: visit s2 begins: new commits',
    ]);
  });

  it('refuses a repository that nobody knows, and names the nearest', async () => {
    const world = await told();
    world.portfolio = [repo('jwt-workbench')];
    await expect(logs(world, '--repo', 'jwt-workbnch')).rejects.toMatchObject({
      code: 'repo-unknown',
      hint: 'did you mean jwt-workbench?',
    });
    expect(await logs(world, '--repo', 'jwt-workbench')).toEqual([]);
  });

  it('tells every event as JSON', async () => {
    const types = (await logs(await told(), '--json')).map(
      (line) => (JSON.parse(line) as { type: string }).type,
    );
    expect(types).toContain('session-moved');
    expect(types).toHaveLength(8);
  });

  it('follows until the run ends', async () => {
    const world = await told();
    let looks = 0;
    world.clock.onSleep = async () => {
      looks += 1;
      if (looks === 2) await world.ledger.record({ type: 'warned', run: 'r1', message: 'late news' });
      if (looks === 3)
        await world.ledger.record({ type: 'run-ended', run: 'r1', stopReason: 'stop', exitCode: 0 });
    };
    const lines = await logs(world, '-f');
    expect(lines.slice(-2)).toEqual([
      expect.stringContaining('late news'),
      expect.stringContaining('run r1 ended'),
    ]);
    expect(looks).toBe(3);
  });

  it.each<[what: string, ends: (world: World) => void]>([
    [
      'it is stopped',
      (world) => {
        world.stop.abort();
      },
    ],
    [
      'the process of the run is gone',
      (world) => {
        world.alive = false;
      },
    ],
  ])('follows until %s', async (_what, ends) => {
    const world = await told();
    let looks = 0;
    world.clock.onSleep = () => {
      looks += 1;
      if (looks > 100) throw new Error('it does not end');
      if (looks === 2) ends(world);
    };
    expect(await logs(world, '--follow')).toHaveLength(5);
  });

  it.each([['s1/2-task-t1'], ['2-task-t1'], ['2'], ['t1']])(
    'tells the raw stream of turn %s',
    async (turn) => {
      expect(await logs(await told(), '--turn', turn)).toEqual(['{"type":"one"}']);
    },
  );

  it('follows a turn until it ends', async () => {
    const world = await told();
    let looks = 0;
    world.clock.onSleep = async () => {
      looks += 1;
      if (looks === 1) world.files.set(stream, '{"type":"one"}\n{"type":"two"}\n');
      if (looks === 2) await world.ledger.record(turnEnded('s1/2-task-t1'));
    };
    expect(await logs(world, '--turn', '2', '-f')).toEqual(['{"type":"one"}', '{"type":"two"}']);
  });

  it.each<[what: string, args: string[], code: string, hint: string]>([
    ['a run that is not there', ['nope'], 'run-unknown', 'the last one is r1'],
    ['a turn that is not there', ['--turn', '9-x'], 'turn-unknown', '2-task-t1'],
    ['a turn of another repository', ['--turn', '2', '--repo', 'csv'], 'turn-unknown', 'no turns'],
  ])('refuses %s', async (_what, args, code, hint) => {
    await expect(logs(await told(), ...args)).rejects.toMatchObject({
      code,
      exitCode: 2,
      hint: expect.stringContaining(hint) as string,
    });
  });

  it('asks which repository when several have such a turn', async () => {
    const world = await told();
    await world.ledger.record(turnStarted('s2/2-task-x', csv));
    await expect(logs(world, '--turn', '2')).rejects.toMatchObject({
      code: 'ambiguous',
      hint: expect.stringContaining('csv') as string,
    });
  });

  it('says when the stream is gone', async () => {
    const world = await told();
    world.files.clear();
    await expect(logs(world, '--turn', '2')).rejects.toMatchObject({ code: 'log-missing' });
  });

  it('says how to begin when nothing ran', async () => {
    await expect(perform(logsCommand(lookingWorld().context), [])).rejects.toMatchObject({
      code: 'no-run',
      exitCode: 2,
    });
  });
});
