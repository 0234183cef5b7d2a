import { describe, expect, it } from 'vitest';
import { isFilterPattern, letsIn } from './filter-pattern.ts';

describe('a filter pattern', () => {
  it.each<[pattern: string, name: string, matches: boolean]>([
    ['main', 'main', true],
    ['main', 'mainline', false],
    ['main', 'Main', false],
    ['feature/*', 'feature/my-branch', true],
    ['feature/*', 'feature/beta-a/my-branch', false],
    ['feature/**', 'feature/beta-a/my-branch', true],
    ['releases/mona-the-octocat', 'releases/mona-the-octocat', true],
    ['*', 'main', true],
    ['*', 'a/b', false],
    ['**', 'all/the/branches', true],
    ['*feature', 'ver-10-feature', true],
    ['v2*', 'v2.0', true],
    ['v[12].[0-9]+.[0-9]+', 'v1.10.1', true],
    ['v[12].[0-9]+.[0-9]+', 'v3.10.1', false],
    ['*.jsx?', 'page.js', true],
    ['*.jsx?', 'page.jsx', true],
    ['*.jsx?', 'page.jsxx', false],
    ['**.js', 'src/js/app.js', true],
    ['**.js', 'index.js', true],
    ['docs/*', 'docs/file.md', true],
    ['docs/*', 'docs/a/file.md', false],
    ['docs/**', 'docs/mona/octocat.txt', true],
    ['docs/**/*.md', 'docs/README.md', true],
    ['docs/**/*.md', 'docs/a/markdown/file.md', true],
    ['**/docs/**', 'docs/hello.md', true],
    ['**/docs/**', 'dir/docs/my-file.txt', true],
    ['**/docs/**', 'mydocs/file.txt', false],
    ['**/README.md', 'README.md', true],
    ['**/README.md', 'js/README.md', true],
    ['**/*src/**', 'my-src/code/js/app.js', true],
    ['**/*-post.md', 'path/their-post.md', true],
    ['**/migrate-*.sql', 'db/migrate-v1.0.sql', true],
    ['**/**/a.js', 'a.js', true],
    ['a.c', 'abc', false],
    ['a(b)|c', 'a(b)|c', true],
    ['\\*literal', '*literal', true],
    ['docs', 'docs/file.md', false],
    ['.github/workflows/**', '.github/workflows/ci.yml', true],
  ])('%s against %s gives %s', (pattern, name, matches) => {
    expect(letsIn([pattern], name)).toBe(matches);
  });

  it.each<[what: string, patterns: string[], name: string, inside: boolean]>([
    ['a later ! takes a name out', ['releases/**', '!releases/**-alpha'], 'releases/beta/3-alpha', false],
    ['a name beside it stays in', ['releases/**', '!releases/**-alpha'], 'releases/10', true],
    ['a still later pattern takes it in again', ['*.md', '!README.md', 'README*'], 'README.md', true],
    ['an earlier ! takes nothing out', ['!README.md', '*.md'], 'README.md', true],
    ['only ! lets nothing in', ['!docs/**'], 'src/a.js', false],
    ['no pattern lets nothing in', [], 'main', false],
  ])('%s', (_what, patterns, name, inside) => {
    expect(letsIn(patterns, name)).toBe(inside);
  });

  it.each([
    ['v[0-9]', true],
    ['[z-a]', false],
    ['', false],
    ['!', false],
  ])('%j is one: %s', (pattern, valid) => {
    expect(isFilterPattern(pattern)).toBe(valid);
  });
});
