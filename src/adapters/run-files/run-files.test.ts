import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock/system-clock.ts';
import { homeSeeing } from './home-seeing.ts';
import { pointLatest } from './latest-link.ts';
import { looksFile } from './looks.ts';
import { runFiles } from './run-files.ts';
import { runLogs } from './run-logs.ts';
import { runPages } from './run-pages.ts';

let home: string;
let logs: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'run-files-'));
  logs = path.join(home, 'logs');
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

describe('the files of a run', () => {
  const open = () =>
    runFiles({ logs, run: '20261120-a1', redact: (text) => text.replaceAll('s3cret', '***') });

  it('are in a folder with the name of the run', async () => {
    const files = await open();
    expect(files.folder).toBe(path.join(logs, 'run-20261120-a1'));
    expect((await lstat(files.folder)).isDirectory()).toBe(true);
  });

  it.each([
    ['jwt-workbench', /^jwt-workbench-3$/],
    ['group/repo', /^group-repo-[0-9a-f]{8}-3$/],
    ['..', /^x-[0-9a-f]{8}-3$/],
    ['../../etc', /^etc-[0-9a-f]{8}-3$/],
    ['日本', /^x-[0-9a-f]{8}-3$/],
  ])('have a folder for a session of "%s" that stays inside', async (repo, name) => {
    const files = await open();
    const folder = await files.sessionFolder(repo, 3);
    expect(path.dirname(folder)).toBe(path.join(files.folder, 'sessions'));
    expect(path.basename(folder)).toMatch(name);
    expect((await lstat(folder)).isDirectory()).toBe(true);
  });

  it('keep repositories apart whose names look alike on disk', async () => {
    const files = await open();
    expect(await files.sessionFolder('a/b', 1)).not.toBe(await files.sessionFolder('a:b', 1));
  });

  it('are written without secrets, and are named from the run folder', async () => {
    const files = await open();
    const file = path.join(await files.sessionFolder('jwt', 1), 'deep', 'prompt.md');
    await files.write(file, 'the s3cret');
    expect(await readFile(file, 'utf8')).toBe('the ***');
    expect(files.relative(file)).toBe('sessions/jwt-1/deep/prompt.md');
  });
});

describe('the pages of a run', () => {
  it('grow in order', async () => {
    const pages = runPages(path.join(logs, 'run-1'));
    for (let n = 0; n < 500; n += 1) pages.append('events.jsonl', `${n}\n`);
    await pages.settled();
    const lines = (await readFile(path.join(logs, 'run-1', 'events.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map(Number)).toEqual(Array.from({ length: 500 }, (_, n) => n));
    pages.append('events.jsonl', 'last\n');
    await pages[Symbol.asyncDispose]();
    expect(await readFile(path.join(logs, 'run-1', 'events.jsonl'), 'utf8')).toMatch(/499\nlast\n$/);
    expect(pages.problem()).toBeUndefined();
  });

  it('are put in place whole, in the order they came, and leave nothing else', async () => {
    await using pages = runPages(path.join(logs, 'run-1'));
    await Promise.all(['one', 'two', 'three'].map((text) => pages.replace('workers/1.json', text)));
    expect(await readFile(path.join(logs, 'run-1', 'workers', '1.json'), 'utf8')).toBe('three');
    expect(await readdir(path.join(logs, 'run-1', 'workers'))).toEqual(['1.json']);
  });

  it('tell what could not be written, and go on', async () => {
    const folder = path.join(logs, 'run-1');
    await mkdir(path.join(folder, 'run.log'), { recursive: true });
    await mkdir(path.join(folder, 'status.json', 'x'), { recursive: true });
    const pages = runPages(folder);
    pages.append('run.log', 'a line\n');
    await pages.replace('status.json', '{}');
    await pages.replace('status.md', '# fine');
    await pages[Symbol.asyncDispose]();
    expect(pages.problem()).toMatch(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(await readFile(path.join(folder, 'status.md'), 'utf8')).toBe('# fine');
  });
});

describe('logs/latest', () => {
  it('points to the newest run', async () => {
    for (const run of ['run-1', 'run-2']) {
      await mkdir(path.join(logs, run), { recursive: true });
      await pointLatest(path.join(logs, run));
    }
    expect(await readlink(path.join(logs, 'latest'))).toBe('run-2');
    expect((await readdir(logs)).toSorted()).toEqual(['latest', 'run-1', 'run-2']);
  });
});

describe('retention (A8)', () => {
  async function run(name: string, age: number, bytes: number): Promise<string> {
    const folder = path.join(logs, name);
    await mkdir(path.join(folder, 'sessions'), { recursive: true });
    await writeFile(path.join(folder, 'sessions', 'a'), 'x'.repeat(bytes));
    const at = new Date(Date.UTC(2026, 10, 20) - age * 60_000);
    await utimes(folder, at, at);
    return folder;
  }
  beforeEach(async () => {
    await run('run-new', 1, 1000);
    await run('run-mid', 2, 1000);
    await run('run-old', 3, 1000);
  });

  it.each<[what: string, keep: { runs: number; bytes: number; spare?: string[] }, gone: string[]]>([
    ['keeps all that fit', { runs: 3, bytes: 3000 }, []],
    ['keeps the newest by count', { runs: 2, bytes: 1e9 }, ['run-old']],
    ['keeps the newest by size', { runs: 100, bytes: 2500 }, ['run-old']],
    ['removes all when nothing may stay', { runs: 0, bytes: 0 }, ['run-new', 'run-mid', 'run-old']],
    ['spares what it is told to', { runs: 1, bytes: 1e9, spare: ['run-old'] }, ['run-mid']],
  ])('%s', async (_what, keep, gone) => {
    const spare = (keep.spare ?? []).map((name) => path.join(logs, name));
    expect(await runLogs(logs).prune({ ...keep, spare })).toEqual(gone);
    const left = ['run-new', 'run-mid', 'run-old'].filter((name) => !gone.includes(name));
    expect((await readdir(logs)).toSorted()).toEqual(left.toSorted());
  });

  it('touches nothing but run folders, and follows no link', async () => {
    const precious = path.join(home, 'precious');
    await mkdir(precious);
    await writeFile(path.join(precious, 'a'), 'a');
    await symlink(precious, path.join(logs, 'run-link'));
    await symlink(precious, path.join(logs, 'run-mid', 'inside'));
    await writeFile(path.join(logs, 'run-file'), 'a');
    await mkdir(path.join(logs, 'mine'));
    await runLogs(logs).prune({ runs: 0, bytes: 0, spare: [] });
    expect((await readdir(logs)).toSorted()).toEqual(['mine', 'run-file', 'run-link']);
    expect(await readFile(path.join(precious, 'a'), 'utf8')).toBe('a');
  });

  it('has nothing to do where there are no logs', async () => {
    expect(await runLogs(path.join(home, 'nothing')).prune({ runs: 1, bytes: 1, spare: [] })).toEqual([]);
  });
});

describe('a log file', () => {
  it('is read from where it was left, in whole characters', async () => {
    const file = path.join(home, 'a.log');
    const bytes = Buffer.from('aé日😀');
    const reader = runLogs(logs);
    let text = '';
    let next = 0;
    for (let length = 0; length <= bytes.length; length += 1) {
      await writeFile(file, bytes.subarray(0, length));
      const read = await reader.read(file, next);
      text += read?.text ?? '';
      next = read?.next ?? next;
      expect(text).not.toContain('\ufffd');
    }
    expect(text).toBe('aé日😀');
  });

  it('that is larger than one read is read in parts', async () => {
    const file = path.join(home, 'a.log');
    await writeFile(file, '日'.repeat(200_000));
    const reader = runLogs(logs);
    let text = '';
    for (let next = 0; ; ) {
      const read = await reader.read(file, next);
      if (read === undefined || read.next === next) break;
      text += read.text;
      next = read.next;
    }
    expect(text === '日'.repeat(200_000)).toBe(true);
  });

  it('that is no text is read all the same', async () => {
    const file = path.join(home, 'a.log');
    await writeFile(file, Buffer.from([0x61, 0x80, 0x80, 0x80]));
    expect(await runLogs(logs).read(file, 0)).toMatchObject({ next: 4 });
  });

  it('that is not there is told as such', async () => {
    expect(await runLogs(logs).read(path.join(home, 'none'), 0)).toBeUndefined();
  });
});

describe('the last look', () => {
  it('is remembered', async () => {
    const looks = looksFile(path.join(home, '.clone', 'last-look'));
    expect(await looks.last()).toBeUndefined();
    await looks.mark(1_234_567);
    expect(await looks.last()).toBe(1_234_567);
  });

  it('that cannot be read counts as none', async () => {
    const file = path.join(home, 'last-look');
    await writeFile(file, 'nonsense');
    expect(await looksFile(file).last()).toBeUndefined();
  });

  it('that cannot be written is let go', async () => {
    await writeFile(path.join(home, 'file'), '');
    const looks = looksFile(path.join(home, 'file', 'last-look'));
    await expect(looks.mark(1)).resolves.toBeUndefined();
  });
});

describe('what a home can be seen with', () => {
  it('makes the folder of a run and points to it', async () => {
    const seeing = homeSeeing({
      home,
      clock: systemClock(),
      processes: { alive: () => true },
      environment: {},
    });
    expect(await readdir(home)).toEqual([]);
    await using pages = await seeing.pages(path.join(logs, 'run-1'));
    pages.append('run.log', 'x\n');
    expect(await readlink(path.join(logs, 'latest'))).toBe('run-1');
  });

  it('lets a run go on where it cannot point to it', async () => {
    await mkdir(path.join(logs, 'latest', 'in-the-way'), { recursive: true });
    const seeing = homeSeeing({
      home,
      clock: systemClock(),
      processes: { alive: () => true },
      environment: {},
    });
    await using pages = await seeing.pages(path.join(logs, 'run-1'));
    expect(pages.problem()).toBeUndefined();
  });
});
