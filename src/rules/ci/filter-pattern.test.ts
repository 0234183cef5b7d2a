import { describe, expect, it } from 'vitest';
import { filterList, filterPattern } from './filter-pattern.ts';

describe('a filter pattern', () => {
  it.each<[pattern: string, names: string, others: string]>([
    ['main', 'main', 'Main main2 feature/main'],
    ['*', 'main v1.0', 'feature/x'],
    ['feature/*', 'feature/a feature/', 'feature/a/b feature'],
    ['feature/**', 'feature/a feature/a/b', 'features/a'],
    ['**', 'main a/b/c', ''],
    ['**/docs/**', 'docs/a x/docs/a x/y/docs/a/b', 'docs xdocs/a'],
    ['**.js', 'a.js x/y/a.js .js', 'a.jsx'],
    ['*.js', 'a.js', 'x/a.js'],
    ['**/README.md', 'README.md x/README.md', 'xREADME.md README.md2'],
    ['release-v?1', 'release-v1 release-1', 'release-vv1'],
    ['v+', 'v vvv', 'w vw'],
    ['v[12].[0-9]+', 'v1.0 v2.10', 'v3.0 v1. v1.x'],
    ['[A-Z-]x', 'Bx -x', 'bx'],
    ['a\\*b', 'a*b', 'ab axb'],
    ['a.b', 'a.b', 'axb'],
    ['?x', '?x', 'x'],
    ['a?+', 'a+ +', 'aa'],
    ['x[', 'x[', 'x'],
    ['end\\', 'end\\', 'end'],
    ['ünïcode/*', 'ünïcode/ä', 'unicode/a'],
  ])('%s lets in %s and not %s', (pattern, names, others) => {
    const matches = filterPattern(pattern);
    const words = (text: string): string[] => text.split(' ').filter(Boolean);
    expect(words(names).filter((name) => !matches?.(name))).toEqual([]);
    expect(words(others).filter((name) => matches?.(name))).toEqual([]);
  });

  it.each(['', '[z-a]', 'x'.repeat(257)])('%s is none', (pattern) => {
    expect(filterPattern(pattern)).toBeUndefined();
  });

  it('asks a hostile pattern in linear time', () => {
    const matches = filterPattern('**a'.repeat(80));
    expect(matches?.('a'.repeat(5000))).toBe(true);
    expect(matches?.(`${'a'.repeat(5000)}b`)).toBe(false);
  });
});

describe('a list of filters', () => {
  it.each<[patterns: string[], name: string, inside: boolean | undefined]>([
    [['main', 'dev'], 'dev', true],
    [['releases/**', '!releases/**-alpha'], 'releases/10-alpha', false],
    [['releases/**', '!releases/**-alpha'], 'releases/10', true],
    [['**', '!docs/**', 'docs/api.md'], 'docs/api.md', true],
    [['!main'], 'main', false],
    [[], 'main', false],
    [['main', '[z-a]'], 'main', undefined],
    [['main', '!'], 'main', undefined],
  ])('%j says of %s: %s', (patterns, name, inside) => {
    expect(filterList(patterns)?.(name)).toBe(inside);
  });
});
