import { describe, expect, it } from 'vitest';
import { collectLog } from './collect-log.ts';

const maxBytes = 64 * 1024;
const stamp = '2026-11-20T21:00:00.1234567Z ';

function collect(text: string, { pieces = 65_536, limit = maxBytes } = {}): string {
  const collector = collectLog({ maxBytes: limit });
  for (let at = 0; at < text.length; at += pieces) collector.push(text.slice(at, at + pieces));
  return collector.finish();
}

function lines(count: number, text: string): string {
  return Array.from({ length: count }, (_, index) => `${stamp}${text} ${index + 1}\n`).join('');
}

describe('a log', () => {
  it.each<[what: string, log: string, kept: string]>([
    ['that is empty', '', ''],
    ['without timestamps', `${stamp}one\n${stamp}two\n`, 'one\ntwo'],
    ['without its byte order mark', `\ufeff${stamp}one`, 'one'],
    ['without colours', `${stamp}\u001b[31mred\u001b[0m\n`, 'red'],
    ['without carriage returns', `${stamp}one\r\n${stamp}10%\r20%\r100%\r\n`, 'one\n100%'],
    ['with its long lines cut', `${'x'.repeat(700)}\n`, `${'x'.repeat(600)} [line cut]`],
    ['never in the middle of a character', `${'x'.repeat(599)}🙂🙂\n`, `${'x'.repeat(599)} [line cut]`],
  ])('%s', (_what, log, kept) => {
    expect(collect(log)).toBe(kept);
  });

  it('that is short is kept whole', () => {
    const text = `${stamp}##[group]Run npm test\n${lines(50, 'work')}${stamp}##[error]Process completed with exit code 1.\n`;
    const kept = collect(text, { pieces: 7 });
    expect(kept.split('\n')).toHaveLength(52);
    expect(kept).not.toContain('lines cut');
  });

  it('of which the cause stands far before the end shows the cause, its step and the end', () => {
    const text = [
      lines(6000, 'setup'),
      `${stamp}##[group]Run npm test\n`,
      lines(100, 'before'),
      `${stamp}##[error]the cause\n`,
      lines(6000, 'teardown'),
    ].join('');
    const kept = collect(text);
    expect(kept).toContain('##[group]Run npm test\n[… 60 lines cut …]\nbefore 61\n');
    expect(kept).toContain('before 100\n##[error]the cause\nteardown 1\n');
    expect(kept).toContain('teardown 40\n[… ');
    expect(kept.endsWith('teardown 6000')).toBe(true);
    expect(kept.startsWith('[… 6000 lines cut …]\n##[group]')).toBe(true);
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(maxBytes);
    expect(Buffer.byteLength(kept)).toBeGreaterThan(maxBytes * 0.9);
  });

  it('full of things that look like errors still shows what the runner marked', () => {
    const noise = lines(5000, 'Error: noise');
    const kept = collect(`${noise}${stamp}##[error]first\n${noise}${stamp}##[error]last\n${noise}`);
    expect(kept).toContain('##[error]first');
    expect(kept).toContain('##[error]last');
    expect(kept.startsWith('Error: noise 1\n')).toBe(true);
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(maxBytes);
  });

  it('with more marks than fit shows the first and the last', () => {
    const text = Array.from(
      { length: 1000 },
      (_, index) => `##[error]number ${index}\n${lines(50, 'x')}`,
    ).join('');
    const kept = collect(text);
    expect(kept).toContain('##[error]number 0\n');
    expect(kept).toContain('##[error]number 999\n');
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(maxBytes);
  });

  it.each([
    'error: cannot find module',
    'src/a.ts(1,2): error TS2322: no',
    '  AssertionError: expected 1 to be 2',
    'FAIL src/a.test.ts',
    'not ok 1 - works',
    'Traceback (most recent call last):',
    "thread 'main' panicked (exit)",
    '  ✗ works',
    'fatal: not a repository',
  ])('without marks shows what is around “%s”', (line) => {
    const kept = collect(`${lines(3000, 'before')}${stamp}${line}\n${lines(3000, 'after')}`, {
      limit: 20_000,
    });
    expect(kept).toContain(`before 3000\n${line}\nafter 1\n`);
  });

  it.each<[what: string, line: string]>([
    ['empty lines', `${stamp}\n`],
    ['marks', '##[error]x\n'],
    ['lines that look like errors', 'Error: x\n'],
    ['groups and marks', '##[group]x\n##[error]y\n\n\n'],
    ['wide characters', `${'漢'.repeat(300)}\n`],
    ['long marks', `##[error]${'漢'.repeat(3000)}\n`],
    ['one line without an end', 'x'],
  ])('of nothing but %s stays within its bound', (_what, line) => {
    for (const limit of [2000, maxBytes]) {
      const kept = collect(line.repeat(Math.ceil(200_000 / line.length)), { limit });
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(limit);
      expect(kept.length).toBeGreaterThan(0);
    }
  });

  it('comes out the same in pieces of any size', () => {
    const text = `${lines(2000, 'a')}##[error]x\n${lines(2000, 'b')}Error: y\n${lines(100, 'c')}`;
    const whole = collect(text, { pieces: text.length });
    for (const pieces of [13, 1000, 9999]) expect(collect(text, { pieces })).toBe(whole);
  });
});
