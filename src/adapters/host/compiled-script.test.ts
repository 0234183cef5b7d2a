import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiledFolder } from './compiled-script.ts';

let folder = '';
const at = (name: string): string => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'clone-compiled-'));
  writeScript('one');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Its export says what the script is, where it lies, and how the code that was used came to be. */
function writeScript(word: string): void {
  const text = `exports.answer = (n) => { const inner = () => '${word} ' + n; return inner(); }; exports.file = __filename; exports.path = require('node:path').sep;`;
  writeFileSync(at('script.cjs'), text);
}

const module = new URL('./compiled-script.ts', import.meta.url).href;

/** A process of its own, as each start is. */
function start(identity: string, purpose = 'run', kept = at('kept')): string {
  const order = { file: at('script.cjs'), identity, purpose, folder: kept };
  const code = `
    import vm from 'node:vm';
    const taken = [];
    const { Script } = vm;
    vm.Script = class extends Script {
      constructor(source, options) {
        super(source, options);
        taken.push(options.cachedData === undefined ? 'none' : this.cachedDataRejected ? 'refused' : 'taken');
      }
    };
    const { runCompiled } = await import(${JSON.stringify(module)});
    const { answer, file } = runCompiled(${JSON.stringify(order)});
    console.log(answer(7), file.split('/').at(-1), taken.join());`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
}

describe('a script whose compiled code is kept', () => {
  it('is compiled by the first process, for all that come after it', () => {
    expect(start('a')).toBe('one 7 script.cjs none');
    expect(start('a')).toBe('one 7 script.cjs taken');
    expect(readdirSync(at('kept'))).toEqual([`script-run.${process.version}-${process.arch}.a`]);
  });

  it('is kept for nobody else to read or write', () => {
    start('a');
    const [name = ''] = readdirSync(at('kept'));
    expect(statSync(at('kept')).mode & 0o777).toBe(0o700);
    expect(statSync(at(`kept/${name}`)).mode & 0o777).toBe(0o600);
  });

  it('is another one when its text is, and what was kept of the old one goes', () => {
    start('a');
    start('a', 'other');
    writeScript('two');
    expect(start('b')).toBe('two 7 script.cjs none');
    const end = `${process.version}-${process.arch}`;
    expect(readdirSync(at('kept')).sort()).toEqual([`script-other.${end}.a`, `script-run.${end}.b`]);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), 'none'],
    ['cut off by one', (bytes: Buffer) => bytes.subarray(1), 'none'],
    // V8 would take these, and die of them.
    ['damaged in the middle', (bytes: Buffer) => bytes.fill(255, 200, 300), 'none'],
    [
      'without its end, which was never written',
      (bytes: Buffer) => bytes.fill(0, bytes.length - 300),
      'none',
    ],
    ['nonsense', () => Buffer.from('not code'), 'none'],
    ['nonsense twice', () => Buffer.from('nono'), 'refused'],
    ['empty', () => Buffer.alloc(0), 'refused'],
  ])('is compiled again, and kept again, where what was kept is %s', (_, broken, used) => {
    start('a');
    const file = at(`kept/${readdirSync(at('kept'))[0] ?? ''}`);
    const good = readFileSync(file);
    writeFileSync(file, broken(good));
    expect(start('a')).toBe(`one 7 script.cjs ${used}`);
    expect(start('a')).toBe('one 7 script.cjs taken');
  });

  it('runs, and leaves nothing lying about, where something else has its place', () => {
    start('a');
    const name = readdirSync(at('kept'))[0] ?? '';
    rmSync(at(`kept/${name}`));
    mkdirSync(at(`kept/${name}`));
    expect(start('a')).toBe('one 7 script.cjs none');
    expect(readdirSync(at('kept'))).toEqual([name]);
  });

  it('is compiled again where others could have written what was kept', () => {
    start('a');
    const file = at(`kept/${readdirSync(at('kept'))[0] ?? ''}`);
    chmodSync(file, 0o622);
    expect(start('a')).toBe('one 7 script.cjs none');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(start('a')).toBe('one 7 script.cjs taken');
  });

  it('runs where nothing can be kept', () => {
    writeFileSync(at('a file'), '');
    chmodSync(at('a file'), 0o400);
    expect(start('a', 'run', at('a file/kept'))).toBe('one 7 script.cjs none');
    expect(start('a', 'run', at('a file/kept'))).toBe('one 7 script.cjs none');
    expect(start('a', 'run', '/proc/.cache/clone/compiled')).toBe('one 7 script.cjs none');
  });

  it('makes a cache folder where there is none, and no home for it', () => {
    start('a', 'run', at('.cache/clone/compiled'));
    expect(readdirSync(at('.cache/clone/compiled'))).toHaveLength(1);
    start('a', 'run', at('no home/.cache/clone/compiled'));
    expect(existsSync(at('no home'))).toBe(false);
  });
});

describe('the folder of compiled code', () => {
  it.each([
    [{ XDG_CACHE_HOME: '/c', HOME: '/h' }, '/c/clone/compiled'],
    [{ HOME: '/h' }, '/h/.cache/clone/compiled'],
    [{ XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/clone/compiled'],
    [{ LOCALAPPDATA: '/l' }, '/l/clone/compiled'],
    [{ XDG_CACHE_HOME: 'here' }, undefined],
    [{ HOME: '' }, undefined],
    [{}, undefined],
  ])('of %j is %s', (env, expected) => {
    expect(compiledFolder(env)).toBe(expected);
  });
});
