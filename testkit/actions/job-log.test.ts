import { describe, expect, it } from 'vitest';
import { createJobLog } from './job-log.ts';
import type { Annotation } from './types.ts';

function logged(...lines: string[]) {
  const written: string[] = [];
  const annotations: Annotation[] = [];
  const log = createJobLog({
    line: (text) => written.push(text),
    annotation: (annotation) => annotations.push(annotation),
  });
  const step = log.step();
  for (const line of lines) step.line(line);
  return { written, annotations, outputs: step.outputs };
}

describe('a job log', () => {
  it.each<[printed: string, written: string[]]>([
    ['plain', ['plain']],
    ['a::b::c', ['a::b::c']],
    ['std::vector::push', ['std::vector::push']],
    ['::error::Broken', ['##[error]Broken']],
    ['  ::error file=a.js,line=3::Broken', ['##[error]Broken']],
    ['::warning title=x::Careful', ['##[warning]Careful']],
    ['::notice::By the way', ['##[notice]By the way']],
    ['::error::two%0Alines, 100%25', ['##[error]two', 'lines, 100%']],
    ['::group::Install', ['##[group]Install']],
    ['::endgroup::', ['##[endgroup]']],
    ['::debug::hidden', []],
    ['::set-output name=a::b', []],
    ['::unknown-command::x', ['::unknown-command::x']],
    [
      '::set-env name=A::b',
      ['##[error]The `set-env` command is disabled. Please upgrade to using Environment Files.'],
    ],
  ])('turns %j into %j', (printed, written) => {
    expect(logged(printed).written).toEqual(written);
  });

  it('remembers where an error belongs', () => {
    const { annotations } = logged(
      '::error file=src/a.js,line=3,endLine=5,title=Type%3A::Bad',
      '::warning::Hm',
    );
    expect(annotations).toEqual([
      { level: 'failure', message: 'Bad', title: 'Type:', path: 'src/a.js', startLine: 3, endLine: 5 },
      { level: 'warning', message: 'Hm', title: null, path: '.github', startLine: 1, endLine: 1 },
    ]);
  });

  it('keeps ten annotations of a step and level, as GitHub does', () => {
    const { written, annotations } = logged(...Array<string>(15).fill('::error::Bad'), '::notice::Hm');
    expect([written.length, annotations.length]).toEqual([16, 11]);
  });

  it('is not held up by a line that only looks like a command', () => {
    const line = `::a${' '.repeat(60_000)}:${' :'.repeat(2_000)}`;
    expect(logged(line).written).toEqual([line]);
  });

  it('masks what it was asked to', () => {
    expect(logged('::add-mask::s3cret', 'a s3cret b', '::error::s3cret').written).toEqual([
      'a *** b',
      '##[error]***',
    ]);
  });

  it('carries out no command between stop-commands and the word', () => {
    const { written } = logged('::stop-commands::word', '::error::not one', '::word::', '::error::one');
    expect(written).toEqual(['::error::not one', '##[error]one']);
  });

  it('keeps outputs of the old kind', () => {
    expect(logged('::set-output name=tag::v1').outputs).toEqual({ tag: 'v1' });
  });
});
