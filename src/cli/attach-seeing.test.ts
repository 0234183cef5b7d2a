import { describe, expect, it } from 'vitest';
import {
  inSession,
  moved,
  planned,
  queued,
  runStarted,
  task,
  turnStarted,
  usage,
  watchEnded,
  watchStarted,
} from '../../test/fakes/facts.ts';
import { lookingWorld, repo } from '../../test/fakes/looking-context.ts';
import type { Fact } from '../domain/fact.ts';
import type { StatusReport } from '../status/report.ts';
import type { AttachOptions } from './attach-options.ts';
import { attachSeeing } from './attach-seeing.ts';

const folder = '/home/me/logs/run-r1';
const ended: Fact = { type: 'run-ended', run: 'r1', stopReason: 'cycles done', exitCode: 0 };
const work: readonly Fact[] = [
  runStarted(),
  { type: 'cycle-started', run: 'r1', cycle: 1, repos: 1 },
  queued(),
  moved('setup'),
  moved('active'),
  planned(task('t1')),
  { type: 'task-started', ...inSession, task: 't1' },
  turnStarted('1', { task: 't1' }),
  { type: 'turn-progressed', ...inSession, turn: '1', doing: '$ curl -H s3cret', usage: usage(5) },
];

function seeing(mode: AttachOptions['mode'], terminal: Parameters<typeof lookingWorld>[0] = {}) {
  const world = lookingWorld(terminal);
  world.portfolio = [repo('jwt')];
  const attach = () =>
    attachSeeing({
      ledger: world.ledger,
      home: world.home,
      run: 'r1',
      runFolder: folder,
      mode,
      context: world.context,
      seeing: world.seeing,
      redact: (text) => text.replaceAll('s3cret', '[redacted]'),
    });
  const file = (name: string): string => world.files.get(`${folder}/${name}`) ?? '';
  return { world, attach, file };
}

describe('a run that is seen', () => {
  it('leaves its whole story in its log folder', async () => {
    const { world, attach, file } = seeing('quiet');
    const attached = await attach();
    await world.ledger.record(...work, ended);
    await attached.close();
    expect(world.out()).toBe('');

    const lines = file('events.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(work.length + 1);
    expect(lines[2]).toMatchObject({
      at: expect.stringMatching(/^2026-11-20T21:00:\d\d\.000Z$/) as string,
      seq: 3,
      type: 'session-queued',
      run: 'r1',
      cycle: 1,
      repo: 'jwt',
      session: 's1',
    });

    expect(file('run.log').trim().split('\n')).toEqual([
      expect.stringContaining('run r1 begins'),
      expect.stringContaining('cycle 1 begins: 1 repository'),
      expect.stringContaining('jwt: visit s1 begins'),
      expect.stringContaining('jwt: plan of 1 task'),
      expect.stringContaining('jwt: task 1/1 "Task t1" begins'),
      expect.stringContaining('run r1 ended: cycles done'),
    ]);
    const status = JSON.parse(file('status.json')) as StatusReport;
    expect(status.run).toMatchObject({ id: 'r1', state: 'ended' });
    expect(file('status.md')).toContain('# clone status');
    expect(file('status.html')).toContain('<!doctype html>');
    expect(file('status.html')).not.toContain('http-equiv="refresh"');
  });

  it('says in its status files what `clone status` says of a portfolio that cannot be read', async () => {
    const { world, attach, file } = seeing('quiet');
    world.portfolioProblem = { file: 'repos.yaml', line: 3, column: 1, message: 'bad indent', hint: '' };
    const attached = await attach();
    await world.ledger.record(...work, ended);
    await attached.close();
    expect((JSON.parse(file('status.json')) as StatusReport).needs_you).toMatchObject([
      { what: 'configuration', why: 'repos.yaml:3:1: bad indent' },
    ]);
  });

  it('masks secrets everywhere', async () => {
    const { world, attach, file } = seeing('json');
    const attached = await attach();
    await world.ledger.record(...work, { type: 'warned', run: 'r1', message: 'token s3cret' });
    await attached.close();
    expect(world.out()).toContain('[redacted]');
    expect(world.out() + [...world.files.values()].join('')).not.toContain('s3cret');
    expect(file('run.log')).toContain('warning: token [redacted]');
  });

  it('writes a file per worker, and says when it is free', async () => {
    const { world, attach, file } = seeing('quiet');
    let busy = '';
    world.clock.onSleep = () => {
      busy ||= file('workers/1.json');
    };
    const attached = await attach();
    await world.ledger.record(...work);
    while (busy === '') await new Promise((resolve) => setImmediate(resolve));
    await world.ledger.record(moved('failed'));
    await attached.close();
    expect(JSON.parse(busy)).toMatchObject({
      schema_version: 1,
      worker: 1,
      repo: 'jwt',
      session: 's1',
      turn: 'task',
      task: 1,
      of: 1,
      state: 'active',
    });
    expect(JSON.parse(file('workers/1.json'))).toMatchObject({ worker: 1, session: null });
  });

  it('tells each event that a person cares about as a line', async () => {
    const { world, attach } = seeing('plain');
    const attached = await attach();
    await world.ledger.record(...work);
    await attached.close();
    const lines = world.out().trim().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[2]).toMatch(/^2026-11-20T21:00:\d\dZ jwt: visit s1 begins: new commits$/);
  });

  it('tells every event as JSON', async () => {
    const { world, attach, file } = seeing('json');
    const attached = await attach();
    await world.ledger.record(...work);
    await attached.close();
    expect(world.out()).toBe(file('events.jsonl'));
  });

  it('is drawn on a terminal, with lines above it, and the terminal is given back', async () => {
    const { world, attach } = seeing('live', { terminal: true, rows: 10, columns: 60 });
    const attached = await attach();
    await world.ledger.record(...work);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await attached.close();
    const text = world.out();
    expect(text.startsWith('[draw]\nclone begins …')).toBe(true);
    expect(text).toMatch(/\[above\] \d\d:\d\d:\d\d jwt: visit s1 begins/);
    expect(text).toContain('task 1/1');
    expect(text.endsWith('[close]\n')).toBe(true);
  });

  it('hears nothing any more when it is closed', async () => {
    const { world, attach, file } = seeing('plain');
    const attached = await attach();
    await attached.close();
    await world.ledger.record(...work);
    expect(file('events.jsonl')).toBe('');
    expect(world.out()).toBe('');
  });

  it('knows what an earlier run left open', async () => {
    const { world, attach, file } = seeing('plain');
    await world.ledger.record(...work.slice(0, 6), watchStarted('abcdef0'));
    const attached = await attach();
    await world.ledger.record(
      { type: 'task-ended', ...inSession, task: 't1', state: 'done', why: '', claims: [] },
      watchEnded('abcdef0', 'green'),
    );
    await attached.close();
    expect(file('run.log')).toContain('task 1/1 "Task t1" is done');
  });

  it('removes old logs at the end, but never those of a run that goes on', async () => {
    const { world, attach } = seeing('quiet');
    await world.ledger.record(runStarted({ run: 'r0', folder: '/elsewhere/run-r0' }));
    const attached = await attach();
    await world.ledger.record(runStarted(), ended);
    await attached.close();
    expect(world.pruned).toEqual([[folder, '/elsewhere/run-r0']]);
  });

  it('goes on when its files cannot be written, and says so at the end', async () => {
    const { world, attach } = seeing('quiet');
    const pages = await world.seeing.pages(folder);
    const broken = {
      ...world.seeing,
      pages: () => Promise.resolve({ ...pages, problem: () => 'ENOSPC: no space left' }),
    };
    Object.assign(world.seeing, broken);
    const attached = await attach();
    await world.ledger.record(...work);
    await attached.close();
    expect(world.complaints()).toContain('the log files of the run are not complete: ENOSPC');
  });

  it('goes on when the status cannot be made, and says so at the end', async () => {
    const { world, attach } = seeing('quiet');
    const attached = await attach();
    Object.assign(world.seeing, { looks: { last: () => Promise.reject(new Error('no look')) } });
    await world.ledger.record(...work);
    await attached.close();
    expect(world.complaints()).toContain('no look');
  });
});
