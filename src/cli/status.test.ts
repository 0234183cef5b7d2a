import { describe, expect, it } from 'vitest';
import { inSession, landed, moved, queued, runStarted } from '../../test/fakes/facts.ts';
import { lookingWorld, perform, repo } from '../../test/fakes/looking-context.ts';
import { LedgerUnusable } from '../ports/ledger-unusable.ts';
import type { StatusReport } from '../status/report.ts';
import { statusCommand } from './status.ts';

type World = ReturnType<typeof lookingWorld>;

async function status(world: World, ...args: string[]): Promise<string> {
  const before = world.out().length;
  await perform(statusCommand(world.context), args);
  return world.out().slice(before);
}
async function json(world: World): Promise<StatusReport> {
  return JSON.parse(await status(world, '--json')) as StatusReport;
}
async function withLanding(): Promise<World> {
  const world = lookingWorld();
  world.portfolio = [repo('jwt')];
  await world.ledger.record(runStarted(), queued(), moved('setup'), moved('active'));
  await world.ledger.record({ type: 'warned', ...inSession, message: 'hm' }, landed('abcdef0123'));
  return world;
}

describe('clone status', () => {
  it('works in an empty home', async () => {
    const world = lookingWorld();
    expect(await status(world)).toContain('idle: Nothing is here yet');
    expect(world.complaints()).toBe('');
  });

  it('answers in words', async () => {
    const text = await status(await withLanding());
    expect(text).toContain('ok: Run r1 is in cycle 0 of 2');
    expect(text).toContain('abcdef0 Subject abcdef0123');
  });

  it.each([
    ['--md', '# clone status'],
    ['--html', '<!doctype html>'],
    ['--json', '"schema_version": 1'],
  ])('answers with %s', async (flag, text) => {
    expect(await status(await withLanding(), flag)).toContain(text);
  });

  it.each([[['--md', '--json']], [['--html', '--json']], [['--html', '--md']]])(
    'refuses two forms at once: %s',
    async (flags) => {
      await expect(status(await withLanding(), ...flags)).rejects.toThrow('cannot be used with');
    },
  );

  it('remembers that somebody looked, at the plain form only', async () => {
    const world = await withLanding();
    world.clock.at += 1000;
    expect((await json(world)).since_last_look).toHaveLength(1);
    await status(world, '--md');
    await status(world, '--html');
    expect((await json(world)).since_last_look).toHaveLength(1);
    await status(world);
    expect(world.lastLook).toBe(world.clock.at);
    expect((await json(world)).since_last_look).toEqual([]);
  });

  it('tells a portfolio that cannot be read, and all the rest', async () => {
    const world = await withLanding();
    world.portfolioProblem = { file: 'repos.yaml', line: 3, column: 1, message: 'bad indent', hint: '' };
    expect(await json(world)).toMatchObject({
      verdict: { state: 'problem', sentence: 'repos.yaml:3:1: bad indent' },
      run: { id: 'r1' },
    });
  });

  it('sees that the process of a run is gone', async () => {
    const world = await withLanding();
    world.alive = false;
    expect((await json(world)).run?.state).toBe('died');
  });

  it('shows itself again until it is stopped', async () => {
    const world = await withLanding();
    let looks = 0;
    world.clock.onSleep = () => {
      looks += 1;
      if (looks === 3) world.stop.abort();
    };
    const text = await status(world, '--watch', '--json');
    expect(text.trim().split('\n')).toHaveLength(3);
  });

  it('is drawn in place on a terminal, with colour and no wider than it', async () => {
    const world = lookingWorld({ terminal: true, colour: true, columns: 40 });
    world.clock.onSleep = () => {
      world.stop.abort();
    };
    const text = await status(world, '--watch');
    expect(text.startsWith('\u001b[2J\u001b[H')).toBe(true);
  });

  it('tells a ledger that cannot be used, with a hint', async () => {
    const world = lookingWorld();
    const broken = new LedgerUnusable({
      code: 'corrupt',
      file: 'state.db',
      message: 'it is damaged',
      hint: 'restore it',
    });
    const context = { ...world.context, ledger: () => Promise.reject(broken) };
    await expect(perform(statusCommand(context), [])).rejects.toMatchObject({
      code: 'ledger-corrupt',
      hint: 'restore it',
      exitCode: 1,
    });
  });

  it('lets a bug fly', async () => {
    const world = lookingWorld();
    const context = { ...world.context, ledger: () => Promise.reject(new TypeError('a bug')) };
    await expect(perform(statusCommand(context), [])).rejects.toThrow(TypeError);
  });
});
