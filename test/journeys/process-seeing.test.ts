import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloneRun, cloneCommand } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { agentIn, humanPushes, open, paused, promptsOf, startClone, turnsOf, until } from './ci-support.ts';
import { processWith } from './process-support.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  goodWork,
  handoff,
  noWork,
  plan,
  quickCheck,
  remoteSubjects,
  repoFiles,
  showJson,
  statusJson,
  survivors,
  turn,
} from './support.ts';

const hostile = 'Keep <script>alert("x")</script> & | `tick` useful.';

describe('what can be seen of a run', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let followed: CloneRun;
  let folder: string;

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [
        { name: 'works', files: repoFiles(), entry: { objective: hostile } },
        { name: 'quiet', files: repoFiles() },
      ],
      scenarios: [
        turn('works', 'plan', [{ json: plan('Add <b>bold</b>') }]),
        turn('works', 'task', [
          { write: { path: 'bold.txt', content: 'good\n' } },
          paused('works'),
          { json: handoff('Add <b>bold</b>') },
        ]),
        turn('quiet', 'plan', [{ json: noWork('<img src=x onerror=alert(1)> is fine.') }]),
      ],
      options: { ...quickCheck, ci_grace_seconds: 0.3 },
    });
    const going = startClone(sandbox, ['run', '--json']);
    await agentIn(sandbox, 'works', 'task');
    let heard = '';
    const following = sandbox.clone(['logs', '-f'], { onOutput: (text) => (heard += text) });
    await until('the follower', () => heard.includes('works: task 1/1'));
    await open(sandbox, 'works');
    [run, followed] = await Promise.all([going.done, following]);
    folder = path.join(sandbox.home, 'logs', await latest());
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  async function latest(): Promise<string> {
    return (await readdir(path.join(sandbox.home, 'logs'))).find((name) => name.startsWith('run-')) ?? '';
  }
  const inFolder = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');

  it('is a stream of events, the same on standard output and in events.jsonl', async () => {
    expectRun(run, 0);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
    expect(await inFolder('events.jsonl')).toBe(run.stdout);
    const id = path.basename(folder).replace('run-', '');
    let seq = 0;
    for (const event of await eventsOf(sandbox)) {
      expect(event).toMatchObject({
        run: id,
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      });
      expect(typeof event.type).toBe('string');
      expect(event.seq).toBeGreaterThan(seq);
      ({ seq } = event);
    }
  });

  it('is a log for people, which logs -f follows to the end of the run', async () => {
    expectRun(followed, 0);
    const log = await inFolder('run.log');
    expect(followed.stdout).toBe(log);
    expect(log).toMatch(/ works: task 1\/1 "Add <b>bold<\/b>" is done/);
    expect(log).toMatch(/ended: cycles done \(exit 0\)\n$/);
    expect((await sandbox.clone(['logs'])).stdout).toBe(log);
  });

  it('is a status in four forms that say the same, and what comes from outside is escaped', async () => {
    const file = JSON.parse(await inFolder('status.json')) as Record<string, unknown>;
    const told = (await statusJson(sandbox)) as unknown as Record<string, unknown>;
    expect(Object.keys(file)).toEqual(Object.keys(told));
    for (const key of ['schema_version', 'home', 'run', 'workers', 'ci', 'sessions', 'usage', 'repos'])
      expect(file[key], key).toEqual(told[key]);
    const html = await inFolder('status.html');
    expect(html).toContain('&lt;b&gt;bold&lt;/b&gt;');
    expect(html).not.toMatch(/<script>alert|<b>bold|<img src=x/);
    expect(html).not.toMatch(/http-equiv="refresh"/);
    expect(await inFolder('status.md')).not.toMatch(/<script>alert|[^\\]<b>bold/);
  });

  it('is one file per worker and per turn (B9)', async () => {
    expect(await readdir(path.join(folder, 'workers'))).toContain('1.json');
    expect(JSON.parse(await inFolder('workers/1.json'))).toMatchObject({
      schema_version: 1,
      worker: 1,
      session: null,
    });
    const names = await readdir(path.join(folder, 'sessions/works-1'));
    for (const stem of ['1-plan', '2-task-add-b-bold-b'])
      for (const end of ['.prompt.md', '.jsonl', '.last-message.txt'])
        expect(names).toContain(`${stem}${end}`);
    expect(names.some((name) => name.startsWith('verify-'))).toBe(true);
    expect(await inFolder('sessions/works-1/1-plan.prompt.md')).toContain(hostile);
    const turn1 = await sandbox.clone(['logs', '--repo', 'works', '--turn', '1-plan']);
    expect(turn1.stdout).toBe(await inFolder('sessions/works-1/1-plan.jsonl'));
    for (const line of turn1.stdout.trim().split('\n'))
      expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('is found under logs/latest', async () => {
    expect(await readFile(path.join(sandbox.home, 'logs/latest/run.log'), 'utf8')).toBe(
      await inFolder('run.log'),
    );
  });

  it('is news since the last look, until a person has looked', async () => {
    expect((await statusJson(sandbox)).since_last_look).toMatchObject([{ repo: 'works', what: 'landed' }]);
    expect((await sandbox.clone(['status'])).stdout).toContain('landed');
    expect((await statusJson(sandbox)).since_last_look).toEqual([]);
  });

  it('is a number of commits, and a morning report', async () => {
    expect((await sandbox.clone(['commits', '--since', '1h', '--count'])).stdout).toMatch(
      /^2 +works +1 of ours\n1 +quiet\n3 commits in 2 of 2 repositories\n$/,
    );
    const listed = await sandbox.clone(['commits', '--since', '1h']);
    expect(listed.stdout).toContain('Add <b>bold</b>');
    const standup = await sandbox.clone(['standup', '--json']);
    expect(JSON.parse(standup.stdout)).toMatchObject({ schema_version: 1 });
    expect(standup.stdout).toContain('Add <b>bold</b>');
    for (const one of [listed, standup]) expectRun(one, 0);
  });

  it('never holds an escape code where no terminal is', async () => {
    const said = await Promise.all(
      [['status'], ['show', 'works'], ['logs'], ['standup'], ['commits'], ['review']].map((args) =>
        sandbox.clone(args),
      ),
    );
    for (const { stdout, stderr, exitCode } of said) {
      expect(exitCode).toBe(0);
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });
});

describe('work that waits for a person', () => {
  let sandbox: Sandbox;
  const sessions = new Map<string, string>();

  beforeAll(async () => {
    const names = ['accepted', 'moved', 'refused'];
    sandbox = await startSandbox({
      repos: names.map((name) => ({ name, files: repoFiles() })),
      scenarios: names.flatMap((name) => goodWork(name)),
      options: { ...quickCheck, ci_grace_seconds: 0.3 },
    });
    expectRun(await sandbox.clone(['run', '--land', 'hold']), 4);
    for (const name of names) sessions.set(name, (await showJson(sandbox, name)).session);
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());
  const of = (name: string): string => sessions.get(name) ?? '';

  it('is listed, with the command that helps', async () => {
    const list = await sandbox.clone(['review']);
    expectRun(list, 0);
    for (const id of sessions.values()) expect(list.stdout).toContain(id);
    const { needs_you: needs } = await statusJson(sandbox);
    expect(needs.map(({ hint }) => hint).sort()).toEqual(
      [...sessions.values()].map((id) => `clone review ${id}`).sort(),
    );
    const json = JSON.parse((await sandbox.clone(['review', '--json'])).stdout) as { waiting: unknown[] };
    expect(json.waiting).toHaveLength(3);
  });

  it('is shown with its evidence and its diff', async () => {
    const shown = await sandbox.clone(['review', of('accepted')]);
    expectRun(shown, 0);
    expect(shown.stdout).toMatch(/check +0 .*sh check\.sh/);
    expect(shown.stdout).toContain('+++ b/good-work.txt');
    expect(shown.stdout).toContain('+good');
    expect(shown.stdout).not.toMatch(/Goods?\s+undefined/);
  });

  it('lands when it is accepted, and waits no more', async () => {
    const yes = await sandbox.clone(['review', of('accepted'), '--accept']);
    expectRun(yes, 0);
    expect(yes.stdout).toMatch(/landed as [0-9a-f]{12} on main/);
    expect(await remoteSubjects(sandbox, 'accepted')).toEqual(['Do good-work', 'First commit']);
    const again = await sandbox.clone(['review', of('accepted'), '--accept']);
    expectRun(again, 2);
    expect(again.stderr).toContain('does not wait for a decision');
  });

  it('is verified again when the branch has moved', async () => {
    await humanPushes(sandbox, 'moved', { 'human.txt': 'good\n' });
    expectRun(await sandbox.clone(['review', of('moved'), '--accept']), 0);
    expect(await remoteSubjects(sandbox, 'moved')).toEqual(['Do good-work', 'By a person', 'First commit']);
    const { evidence } = await showJson(sandbox, of('moved'));
    expect(new Set(evidence.map(({ tree }) => tree)).size).toBe(2);
  });

  it('never lands when it is rejected, and the reason is kept', async () => {
    const no = await sandbox.clone(['review', of('refused'), '--reject', 'not now']);
    expectRun(no, 0);
    expect(await showJson(sandbox, of('refused'))).toMatchObject({
      state: 'rejected',
      why: 'a person rejected it: not now',
    });
    expect(await remoteSubjects(sandbox, 'refused')).toEqual(['First commit']);
    expect((await sandbox.clone(['review'])).stdout).toContain('Nothing waits');
    await expectClean(sandbox);
  });
});

describe('the caps of a run', () => {
  it('end it when its hours are used up, at a safe point', async () => {
    await using sandbox = await startSandbox({
      repos: [
        { name: 'long', files: repoFiles() },
        { name: 'later', files: repoFiles() },
      ],
      scenarios: [...goodWork('long', 'First', 'Second'), ...goodWork('later')].map((one) =>
        one.match?.turn === 'plan' ? { ...one, steps: [{ run: 'sleep 1.5' }, ...one.steps] } : one,
      ),
      options: { ...quickCheck, parallel_repos: 1, max_hours: 0.0003, max_cycles: 0 },
    });
    const run = await sandbox.clone(['run']);
    expectRun(run, 0);
    expect(run.stdout).toMatch(/ended: hours used up \(exit 0\)\n$/);
    expect(run.stdout).toMatch(/left out: .*\(the (run is stopping|hours of the run are used up)\)/);
    await expectClean(sandbox);
    expect((await statusJson(sandbox)).run?.stop_reason).toBe('hours used up');
  });

  it('call for a cleanup turn after enough commits, and count anew from there', async () => {
    await using sandbox = await startSandbox({
      repos: [{ name: 'tidy', files: repoFiles() }],
      scenarios: [
        ...goodWork('tidy', 'One').slice(1),
        ...['One', 'Two', 'Three'].map((title, at) =>
          turn('tidy', 'plan', [{ json: plan(title) }], { call: at + 1 }),
        ),
        turn('tidy', 'cleanup', [
          { write: { path: 'start.txt', content: 'good and tidy\n' } },
          { json: handoff('Tidy up') },
        ]),
      ],
      options: { ...quickCheck, cleanup_enabled: true, cleanup_trigger_commits: 2, ci_grace_seconds: 0.3 },
    });
    expectRun(await sandbox.clone(['run', '--cycles', '3']), 0);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
    expect(turnsOf(sandbox, 'tidy', 'cleanup')).toBe(1);
    expect(await remoteSubjects(sandbox, 'tidy')).toEqual([
      'Do three',
      'Tidy up',
      'Do two',
      'Do one',
      'First commit',
    ]);
    expect(promptsOf(sandbox, 'tidy', 'cleanup')[0]).toContain('Turn: cleanup');
  });
});

/** tmux is the terminal here, and it comes with no package of npm: where it is not, src/adapters/terminal has the tests. */
describe.runIf(existsSync('/usr/bin/tmux'))('a run in a terminal', () => {
  it('shows its progress live, and gives the terminal back as it was', async () => {
    await using sandbox = await startSandbox({
      repos: ['wide', 'deep'].map((name) => ({ name, files: repoFiles() })),
      scenarios: ['wide', 'deep'].flatMap((name) => [
        turn(name, 'plan', [{ json: plan('Good work') }]),
        turn(name, 'task', [
          { write: { path: 'good-work.txt', content: 'good\n' } },
          paused(name),
          { json: handoff('Do good work') },
        ]),
      ]),
      options: { ...quickCheck, ci_grace_seconds: 0.3 },
    });
    const screen = await terminal(sandbox, ['run']);
    await until('both workers on the screen', async () => {
      const text = await screen.text();
      return /wide .*task/.test(text) && /deep .*task/.test(text);
    });
    const live = await screen.text();
    expect(live).toMatch(/cycle 1/);
    expect(await screen.cursorShown()).toBe(false);
    await open(sandbox, 'wide');
    await open(sandbox, 'deep');
    await until('the end', async () => (await screen.text()).includes('it ended with 0'));
    const after = await screen.text();
    expect(after).toMatch(/ended: cycles done \(exit 0\)/);
    expect(await screen.cursorShown()).toBe(true);
    expect(after.split('\n').filter((line) => /wide: landed 1 commit on main/.test(line))).toHaveLength(1);
    await screen.close();
    await expectClean(sandbox);
  });

  interface Screen {
    text(): Promise<string>;
    cursorShown(): Promise<boolean>;
    close(): Promise<void>;
  }

  /** A tmux of its own with `clone` in it; a line tells its exit code. */
  async function terminal(sandbox: Sandbox, args: readonly string[]): Promise<Screen> {
    const socket = path.join(sandbox.folder, 'tmux');
    const tmux = async (...words: readonly string[]): Promise<string> => {
      const env = { ...sandbox.env, TERM: 'xterm-256color' };
      return (await promisify(execFile)('tmux', ['-S', socket, '-f', '/dev/null', ...words], { env })).stdout;
    };
    const script = path.join(sandbox.folder, 'in-the-terminal.sh');
    const line = [...cloneCommand(), ...args].map((word) => `'${word}'`).join(' ');
    await writeFile(script, `cd '${sandbox.home}'\n${line}\necho "it ended with $?"\nsleep 600\n`);
    await tmux('new-session', '-d', '-x', '110', '-y', '30', `sh '${script}'`);
    await processWith(sandbox, 'in-the-terminal.sh');
    return {
      text: () => tmux('capture-pane', '-p'),
      cursorShown: async () => (await tmux('display-message', '-p', '#{cursor_flag}')).trim() === '1',
      async close() {
        await tmux('kill-server');
        await until('the end of the terminal', async () => (await survivors(sandbox)).length === 0);
      },
    };
  }
});
